import sys

import numpy as np
import pytest

from quizlib.evidence.encode import encode
from quizlib.evidence.python_objects import MAX_ENTRIES, MAX_TEXT
from quizlib.evidence.values import Array, Blob, Name, Unreadable, walk


class Always:
    def __eq__(self, other):
        return True

    __hash__ = None


class Text(str):
    def __eq__(self, other):
        return True

    def __str__(self):
        return "another text"

    def __len__(self):
        return 0

    __hash__ = str.__hash__


class Whole(int):
    def __int__(self):
        return 7

    def __index__(self):
        return 7

    def __abs__(self):
        return 0


class Real(float):
    def __float__(self):
        return 7.0


class Endless(list):
    def __iter__(self):
        while True:
            yield 1


@pytest.mark.parametrize("value", [None, True, 3, -1.5, "a", [1, [2]], (1, ("b",)), {"a": {"b": None}}, [], (), {}])
def test_plain_values_are_read_as_they_are(value):
    assert encode(value) == value
    assert type(encode(value)) is type(value)


@pytest.mark.parametrize(("value", "plain"), [(Text("a"), "a"), (Whole(2), 2), (Real(0.5), 0.5), (Endless([3]), [3])])
def test_subclass_is_read_as_the_plain_type_whatever_it_overrides(value, plain):
    assert type(encode(value)) is type(plain)
    assert encode(value) == plain


@pytest.mark.parametrize(
    "value", [Always(), object(), {1}, 1j, (i for i in ()), lambda: 0, sys, open, np.random.default_rng(0)]
)
def test_any_other_object_is_unreadable(value):
    assert isinstance(encode(value), Unreadable)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("nan"), "not a finite number"),
        (float("-inf"), "not a finite number"),
        (2**63, "64 bits"),
        (-(2**63), "64 bits"),
        ("a" * (MAX_TEXT + 1), "over 10,000 characters"),
        ("\ud800", "not valid Unicode"),
        (bytes(2**24 + 1), "at most 16,777,216"),
        (np.array([np.inf]), "NaN or infinity"),
        (np.array([1 + 1j]), "no plain numbers"),
        (np.array([Always()]), "no plain numbers"),
        (np.array(["a"]), "no plain numbers"),
        (np.zeros(2, "i4,f4"), "no plain numbers"),
        ({object(): 1}, "key of type object"),
        ({None: "a", "None": "b"}, "read alike"),
        ({"\ud800": 1}, "too long"),
        ([0] * (MAX_ENTRIES + 1), "over 20,000 entries"),
    ],
)
def test_what_cannot_cross_says_why(value, reason):
    assert reason in encode(value).reason


def test_list_that_holds_itself_is_read_down_to_a_depth():
    value = []
    value.append(value)

    assert any("12 deep" in part.reason for part in walk(encode(value)) if isinstance(part, Unreadable))


def test_list_that_holds_itself_many_times_is_given_up_soon():
    value = []
    value.extend([value] * 100)

    assert "over 20,000 entries" in encode(value).reason


def test_numbers_as_keys_become_text():
    assert encode({8: 1, 0.5: 2, (4, 2): 3, None: 4}) == {"8": 1, "0.5": 2, "(4, 2)": 3, "None": 4}


def test_texts_that_read_like_numbers_are_told_from_numbers_as_keys():
    assert encode({"8": 1, "-0.5": 2, "conv1": 3}) == {"'8'": 1, "'-0.5'": 2, "conv1": 3}
    assert list(encode({1: "a", "1": "b"})) == ["1", "'1'"]


@pytest.mark.parametrize(("value", "name"), [(np.dtype("int8"), "numpy.int8"), (np.int8, "numpy.int8"), (int, "int")])
def test_types_go_by_their_names(value, name):
    assert encode(value) == Name(name)


def test_bytes_become_a_blob():
    assert encode(bytearray(b"ab")).content == b"ab"
    assert isinstance(encode(b""), Blob)


def test_array_is_a_copy_that_remembers_its_dtype_and_strides():
    values = np.arange(6, dtype=np.int16).reshape(2, 3)
    read = encode(values.T)
    values[:] = 0

    assert (read.dtype, read.library, read.is_contiguous) == ("int16", "numpy", False)
    assert read.values.tolist() == [[0, 3], [1, 4], [2, 5]]


def test_numpy_scalar_is_an_array_without_axes():
    read = encode(np.float32(0.5))

    assert isinstance(read, Array)
    assert (read.values.shape, read.dtype) == ((), "float32")


def test_masked_array_is_read_as_an_array():
    assert type(encode(np.ma.array([1, 2], mask=[0, 1])).values) is np.ndarray
