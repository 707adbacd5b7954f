import math
from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import stats

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import (
    channel_codebook_sizes,
    codebook_size,
    codes_outside,
    codes_used,
    entropy_bits,
    integer_range,
    is_zero_representable,
    off_grid_fraction,
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


@pytest.mark.parametrize(("zero_point", "holds"), [(0, True), (-128, True), (127, True), (128, False), (0.5, False)])
def test_zero_is_on_the_grid_when_its_code_is_a_code(zero_point, holds):
    assert is_zero_representable(0.1, zero_point, -128, 127) is holds


def test_one_channel_without_zero_spoils_it():
    assert not is_zero_representable([0.1, 0.1], [0, 300], -128, 127)
    with pytest.raises(ArgumentError, match="scale has 1 values that are not positive"):
        is_zero_representable([0.1, 0.0], 0, -128, 127)


def test_zero_survives_torch_fake_quantization_exactly_when_representable(one_thread):
    # torch itself refuses a zero point outside the range, so the second grid is shifted by hand.
    kept = torch.fake_quantize_per_tensor_affine(torch.zeros(1), 0.1, -128, -128, 127)
    assert kept.item() == 0.0
    assert is_zero_representable(0.1, -128, -128, 127)
    lost = 0.1 * (np.clip(round(0 / 0.1) + 200, -128, 127) - 200)
    assert lost != 0.0
    assert not is_zero_representable(0.1, 200, -128, 127)


def test_codes_outside_counts_both_sides_but_not_the_ends():
    assert codes_outside([-9, -8, 0, 7, 8, 100], -8, 7) == 3


@given(CODES)
def test_clamped_codes_are_never_outside(codes):
    assert codes_outside(np.clip(codes, -4, 3), -4, 3) == 0
    assert codes_outside(codes, -8, 7) == 0


def test_saturated_fraction_counts_both_ends_and_beyond():
    assert saturated_fraction([-9, -8, -7, 0, 6, 7, 8, 1], -8, 7) == 0.5


@given(CODES)
def test_clamping_keeps_the_saturated_fraction(codes):
    assert saturated_fraction(codes, -4, 3) == saturated_fraction(np.clip(codes, -4, 3), -4, 3)


@pytest.mark.parametrize("measure", [codes_outside, saturated_fraction])
def test_a_range_without_codes_is_refused(measure):
    with pytest.raises(ArgumentError, match="quant_max is -8; pass a whole number in -7"):
        measure([0], -8, -8)


@given(CODES)
def test_codes_used_equals_the_size_of_a_set(codes):
    assert codes_used(codes) == len(set(codes.tolist()))
    assert codebook_size(codes * np.float32(0.1)) == codes_used(codes)


def test_codebook_size_takes_both_zeros_as_one():
    assert codebook_size([0.0, -0.0, 1.0]) == 2


def test_channels_each_have_their_codebook():
    weights = np.outer([0.1, 0.25, 1.0], np.arange(-2, 2))  # one step per row, four codes
    assert channel_codebook_sizes(weights).tolist() == [4, 4, 4]
    assert codebook_size(weights) > 4
    assert channel_codebook_sizes(weights, axis=1).tolist() == [3, 3, 1, 3]


def test_channel_codebooks_of_per_channel_fake_quantization_stay_within_the_bits(one_thread):
    x = torch.randn(4, 500, generator=torch.Generator().manual_seed(0))
    scale = x.abs().amax(dim=1) / 7
    x_hat = torch.fake_quantize_per_channel_affine(x, scale, torch.zeros(4, dtype=torch.int32), 0, -8, 7)
    assert channel_codebook_sizes(x_hat.numpy()).max() <= 16
    assert codebook_size(x_hat.numpy()) > 16


@pytest.mark.parametrize("zero_point", [0, 3, -8])
def test_fake_quantized_values_are_on_their_grid(one_thread, zero_point):
    x = torch.randn(1000, generator=torch.Generator().manual_seed(0))
    x_hat = torch.fake_quantize_per_tensor_affine(x, 0.3, zero_point, -8, 7)
    assert off_grid_fraction(x_hat, 0.3, zero_point, -8, 7) == 0.0
    assert off_grid_fraction(x, 0.3, zero_point, -8, 7) > 0.9


def test_another_zero_point_pushes_values_beyond_the_range():
    x_hat = 0.5 * np.arange(-8, 8)
    assert off_grid_fraction(x_hat, 0.5, 0, -8, 7) == 0.0
    assert off_grid_fraction(x_hat, 0.5, 2, -8, 7) == 2 / 16


def test_the_grid_follows_the_channel_axis():
    scale, zero_point = np.array([0.1, 0.3]), np.array([0, 1])
    x_hat = scale[:, None] * (np.arange(-8, 8)[None, :] - zero_point[:, None])
    assert off_grid_fraction(x_hat, scale, zero_point, -8, 7, axis=0) == 0.0
    assert off_grid_fraction(x_hat.T, scale, zero_point, -8, 7, axis=1) == 0.0
    assert off_grid_fraction(x_hat, scale, 0, -8, 7, axis=0) > 0.0
    with pytest.raises(ShapeError, match=r"zero_point has shape \(3,\), but x has 2 channels"):
        off_grid_fraction(x_hat, scale, [0, 0, 0], -8, 7, axis=0)


def test_the_tolerance_is_in_steps():
    assert off_grid_fraction([0.102], 0.1, 0, -8, 7, tolerance_steps=0.01) == 1.0
    assert off_grid_fraction([0.102], 0.1, 0, -8, 7, tolerance_steps=0.03) == 0.0
    with pytest.raises(ArgumentError, match=r"tolerance_steps is 0\.6"):
        off_grid_fraction([0.1], 0.1, 0, -8, 7, tolerance_steps=0.6)


def test_hostile_magnitudes_are_off_the_grid_without_a_warning():
    assert off_grid_fraction([1e308], 1e-300, 0, -8, 7) == 1.0


def test_entropy_of_equal_codes_is_zero_and_of_uniform_codes_log2():
    assert entropy_bits([5, 5, 5]) == 0.0
    assert entropy_bits(np.arange(16)) == 4.0


@given(CODES)
def test_entropy_equals_scipy_and_stays_below_log2_of_the_codes_used(codes):
    counts = list(Counter(codes.tolist()).values())
    assert entropy_bits(codes) == pytest.approx(stats.entropy(counts, base=2), abs=1e-12)
    assert entropy_bits(codes) <= math.log2(codes_used(codes)) + 1e-12


def test_no_tolerance_still_takes_values_that_are_exactly_codes():
    assert off_grid_fraction([-4.0, 0.0, 3.5], 0.5, 0, -8, 7, tolerance_steps=0) == 0.0


def test_the_narrowest_grid_has_two_codes_and_the_widest_32_bits():
    assert codes_outside([-1, 0, 1, 2], 0, 1) == 2
    assert codes_outside([-1, 2**32], 0, 2**32 - 1) == 2
    assert codes_outside([-(2**31)], -(2**31), 0) == 0
    with pytest.raises(ArgumentError, match="quant_min is -2147483649"):
        codes_outside([0], -(2**31) - 1, 0)
    with pytest.raises(ArgumentError, match="quant_max is 4294967296"):
        codes_outside([0], 0, 2**32)
