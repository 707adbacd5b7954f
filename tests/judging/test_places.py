import numpy as np
import pytest

from quizlib.judging.places import at, first, is_and_expected, pair, position, worst


def test_worst_and_first_place_are_found():
    array = np.array([[0.0, 2.0, 5.0], [1.0, 5.0, 3.0]])

    assert worst(array) == (0, 2)
    assert first(array > 2) == (0, 2)
    assert first(array > 9) is None
    assert first(np.zeros((0, 3), bool)) is None


@pytest.mark.parametrize(
    ("index", "told"),
    [((0, 3), "row 0, column 3"), ((7,), "entry 7"), ((1, 0, 2), "entry [1, 0, 2]")],
)
def test_place_is_told_by_row_and_column_or_by_its_index(index, told):
    assert position(index) == told
    assert at(index) == f"in {told}"


def test_single_number_has_no_place():
    assert at(()) == "there"


@pytest.mark.parametrize(
    ("found", "expected", "told"),
    [
        (12, 13, ("12", "13")),
        (2**60, 2**60 + 1, ("1152921504606846976", "1152921504606846977")),
        (0.1234567, 0.1234566, ("0.1234567", "0.1234566")),
        (True, False, ("True", "False")),
        (0.5, 0.25, ("0.5", "0.25")),
    ],
)
def test_two_numbers_are_told_in_as_few_digits_as_tell_them_apart(found, expected, told):
    assert pair(found, expected) == told


def test_numbers_of_numpy_are_told_as_pythons():
    assert is_and_expected(np.int8(12), np.int8(13)) == "is 12, expected 13"
    assert is_and_expected(np.float32(0.5), np.float32(1)) == "is 0.5, expected 1"
