import numpy as np
import pytest

from quizlib.evidence.python_objects import class_name, live_key, read, written_key
from quizlib.evidence.values import Name, Unreadable


class Strange:
    pass


def test_object_of_another_library_is_handed_on_wherever_it_lies():
    assert read([(Strange(), 1), {"a": Strange()}], lambda value: Name(class_name(value))) == [
        (Name(class_name(Strange())), 1),
        {"a": Name(class_name(Strange()))},
    ]


def test_object_of_another_library_is_unreadable_where_nobody_reads_it():
    found = read((3, Strange()))

    assert found[0] == 3
    assert found[1] == Unreadable(class_name(Strange()), "is neither a number, text, array, tensor, model nor bytes")


def test_what_numpy_and_python_make_is_never_handed_on():
    def refuse(value):
        raise AssertionError(value)

    read([None, 1, 0.5, "a", b"a", np.zeros(2), np.float32(1), np.dtype("int8"), int], refuse)


class Silent:
    def __repr__(self):
        raise ValueError("no")


@pytest.mark.parametrize(
    "key", [16**5_000, (16**5_000, 1), (Silent(),)], ids=["of many digits", "of one of many digits", "of a learner's"]
)
def test_a_dict_whose_key_cannot_be_written_is_unreadable(key):
    assert read({key: 1}) == Unreadable("dict", "has a key that cannot be written (ValueError)")


def test_a_key_of_thousands_of_digits_in_evidence_stands_for_itself():
    assert live_key("9" * 5_000) == "9" * 5_000
    assert written_key("9" * 5_000) == repr("9" * 5_000)


@pytest.mark.parametrize("told", [bool, int, float, str, bytes, list, tuple, dict, np.ndarray, np.dtype, type, 7])
def test_an_object_that_says_it_is_of_another_class_is_unreadable(told):
    liar = type("Liar", (), {"__class__": property(lambda self: told)})()
    assert read([liar]) == [Unreadable(class_name(liar), "is neither a number, text, array, tensor, model nor bytes")]


def test_a_table_whose_keys_change_it_as_they_are_written_is_read_as_it_was():
    table = {}

    class Acts(int):
        def __str__(self):
            table[len(table)] = 1
            return "acts"

    table.update({Acts(1): 2, "b": 3})
    assert read(table) == {"acts": 2, "b": 3}
