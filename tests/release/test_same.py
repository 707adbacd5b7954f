import base64
import zlib

import numpy as np
import pytest

from quizlib.release.same import same_array, same_tree


def packed(text: str, level: int) -> str:
    return base64.b85encode(zlib.compress(text.encode(), level)).decode()


def test_an_encoded_key_is_compared_by_what_it_holds() -> None:
    text = "feedback " * 50
    assert packed(text, 0) != packed(text, 9)
    assert same_tree(packed(text, 0), packed(text, 9))
    assert not same_tree(packed(text, 9), packed(text + "!", 9))


@pytest.mark.parametrize(
    ("one", "other"), [(1, 2), (1, 1.0), (True, 1), ("a", "b"), ([1], [1, 1]), ({"a": 1}, {"b": 1})]
)
def test_what_is_no_real_number_must_be_equal(one: object, other: object) -> None:
    assert not same_tree(one, other)
    assert same_tree(one, one)


def test_codes_may_differ_by_one_since_rounding_decides_at_a_tie() -> None:
    codes = np.array([-3, 0, 127], np.int8)
    assert same_array(codes, np.array([-2, 0, 126], np.int8))
    assert not same_array(codes, np.array([-1, 0, 127], np.int8))


def test_unsigned_codes_do_not_wrap_in_the_comparison() -> None:
    assert not same_array(np.array([0], np.uint8), np.array([255], np.uint8))


def test_dtype_and_shape_are_compared() -> None:
    assert not same_array(np.zeros(2, np.float32), np.zeros(2, np.float64))
    assert not same_array(np.zeros(2), np.zeros((1, 2)))


def test_truth_values_are_compared_exactly() -> None:
    assert not same_array(np.array([True, False]), np.array([True, True]))
