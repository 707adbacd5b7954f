import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import stats

from quizlib.errors import ArgumentError
from quizlib.measures import (
    codebook_size,
    codes_used,
    entropy_bits,
    integer_range,
    saturated_fraction,
)

CODES = npst.arrays(np.int8, st.integers(1, 30), elements=st.integers(-8, 7))


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.uint8, np.uint16, np.uint32])
def test_integer_range_equals_numpy(dtype):
    info = np.iinfo(dtype)
    assert integer_range(info.bits, signed=info.min < 0) == (info.min, info.max)


@pytest.mark.parametrize("bits", range(2, 9))
def test_integer_range_has_two_to_the_bits_codes_and_symmetric_one_less(bits):
    for signed in (True, False):
        low, high = integer_range(bits, signed=signed)
        assert high - low + 1 == 2**bits
    low, high = integer_range(bits, symmetric=True)
    assert (-low, high - low + 1) == (high, 2**bits - 1)


def test_one_bit_signed_has_no_positive_code():
    assert integer_range(1) == (-1, 0)
    with pytest.raises(ArgumentError, match=r"bits is 1; pass a whole number in 2\.\.32"):
        integer_range(1, symmetric=True)


@pytest.mark.parametrize("bits", [0, 33, 8.0, "8"])
def test_bits_out_of_range_are_refused(bits):
    with pytest.raises(ArgumentError, match="bits is"):
        integer_range(bits)


def test_symmetric_and_unsigned_is_refused():
    with pytest.raises(ArgumentError, match="symmetric is True, but signed is False"):
        integer_range(8, signed=False, symmetric=True)


def test_saturated_fraction_counts_both_ends_and_beyond():
    assert saturated_fraction([-9, -8, -7, 0, 6, 7, 8, 1], -8, 7) == 0.5


@given(CODES)
def test_clamping_keeps_the_saturated_fraction(codes):
    assert saturated_fraction(codes, -4, 3) == saturated_fraction(np.clip(codes, -4, 3), -4, 3)


@given(CODES)
def test_codes_used_equals_the_size_of_a_set(codes):
    assert codes_used(codes) == len(set(codes.tolist()))
    assert codebook_size(codes * np.float32(0.1)) == codes_used(codes)


def test_codebook_size_takes_both_zeros_as_one():
    assert codebook_size([0.0, -0.0, 1.0]) == 2


def test_entropy_of_equal_codes_is_zero_and_of_uniform_codes_log2():
    assert entropy_bits([5, 5, 5]) == 0.0
    assert entropy_bits(np.arange(16)) == 4.0


@given(CODES)
def test_entropy_equals_scipy_and_stays_below_log2_of_the_codes_used(codes):
    counts = list(Counter(codes.tolist()).values())
    assert entropy_bits(codes) == pytest.approx(stats.entropy(counts, base=2), abs=1e-12)
    assert entropy_bits(codes) <= math.log2(codes_used(codes)) + 1e-12


def test_a_range_without_codes_is_refused():
    with pytest.raises(ArgumentError, match="quant_max is -8; pass a whole number in -7"):
        saturated_fraction([0], -8, -8)


def test_a_range_takes_up_to_32_bits():
    assert saturated_fraction([0, 2**32 - 1, 5], 0, 2**32 - 1) == pytest.approx(2 / 3)
    with pytest.raises(ArgumentError, match="quant_min is -2147483649"):
        saturated_fraction([0], -(2**31) - 1, 0)
    with pytest.raises(ArgumentError, match="quant_max is 4294967296"):
        saturated_fraction([0], 0, 2**32)
