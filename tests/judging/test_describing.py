import numpy as np
import pytest
from hypothesis import given, settings

from quizlib.evidence.build import build
from quizlib.evidence.values import Array, Blob, Name, QuantizedArray, TorchModel, Unreadable, ZooModel
from quizlib.judging.describing import can_be_typed, describe
from tests.evidence.plain import plain_values, same


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1234567, "0.123457"),
        (True, "True"),
        ("a'b", '"a\'b"'),
        (None, "None"),
        ([1, (2, "a")], "[1, (2, 'a')]"),
        ((8,), "(8,)"),
        ((), "()"),
        ([8], "[8]"),
        ({"a": (1,)}, "{'a': (1,)}"),
        (Array(np.array([1.0, 2.0]), "float64"), "np.array([1.0, 2.0])"),
        (Name("torch.qint8"), "torch.qint8"),
        (Name("numpy.int8"), "np.int8"),
        (Name("int"), "int"),
        (ZooModel("digits_mlp"), "zoo.build('digits_mlp')"),
        (ZooModel("digits_mlp", 3), "zoo.randomized('digits_mlp', 3)"),
        (TorchModel(()), "a torch model"),
        (Unreadable("set", "is no number"), "a set that is no number"),
        (
            QuantizedArray(np.array([2], np.int8), np.array([0.5]), np.array([0]), "qint8", "torch.Tensor"),
            "codes torch.tensor([2], dtype=torch.int8) (qint8)",
        ),
    ],
)
def test_value_is_described_as_a_learner_would_write_it(value, text):
    assert describe(value) == text


def test_real_number_is_told_in_all_its_digits_where_it_is_to_be_typed():
    assert (describe(0.1234567), describe(0.1234567, style="exact")) == ("0.123457", "0.1234567")


def test_long_value_is_described_briefly():
    assert len(describe([list(range(100))] * 100)) == 320


@pytest.mark.parametrize(
    ("value", "is_typed"),
    [
        ((8,), True),
        ({"a": [Array(np.zeros((50, 50)), "float64")]}, True),
        (ZooModel("digits_mlp", 3), True),
        (list(range(200)), False),
        ([Array(np.arange(500.0), "float64")], False),
        (Blob(b"ab"), False),
        (TorchModel(()), False),
        (Unreadable("set", "is no number"), False),
    ],
)
def test_value_can_be_typed_where_it_is_short_and_python_makes_it(value, is_typed):
    assert can_be_typed(value) is is_typed


@given(plain_values)
@settings(deadline=None, max_examples=150)
def test_any_value_is_described_in_a_text_that_can_be_stored(value):
    assert len(describe(value).encode()) <= 4 * 320


@given(plain_values)
@settings(deadline=None, max_examples=150)
def test_what_can_be_typed_and_holds_no_array_is_read_back_as_it_was(value):
    is_bare = isinstance(value, bool | int | float | str | list | tuple | dict | None)
    text = describe(value, 10_000, "typed")
    if is_bare and can_be_typed(value) and not any(word in text for word in ("np.", "torch.", "tf.", "zoo.")):
        names = {"__builtins__": {}}
        assert _holds_names(value) or same(eval(text, names), build(value))


def _holds_names(value):
    if isinstance(value, Name):
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(map(_holds_names, inner))
