import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import max_abs_error, max_error_steps, mean_squared_error, sqnr_db

VALUES = npst.arrays(np.float64, (3, 4), elements=st.floats(-100, 100, allow_subnormal=False, width=32))


def test_sqnr_is_twenty_for_a_tenth_of_the_norm():
    assert sqnr_db([10.0, 0.0], [10.0, 1.0]) == pytest.approx(20.0)


def test_sqnr_at_its_ends_is_infinite():
    assert sqnr_db([1.0, 2.0], [1.0, 2.0]) == math.inf
    assert sqnr_db([0.0, 0.0], [0.0, 0.0]) == math.inf
    assert sqnr_db([0.0, 0.0], [0.0, 1.0]) == -math.inf


def test_sqnr_of_all_lost_is_zero():
    assert sqnr_db([1.0, -2.0], [0.0, 0.0]) == 0.0


def test_sqnr_grows_by_six_decibels_a_bit_on_uniform_data():
    x = np.random.default_rng(0).uniform(-1, 1, 20_000)
    steps = [2.0 / 2**bits for bits in (4, 5, 6, 7)]
    decibels = [sqnr_db(x, np.round(x / step) * step) for step in steps]
    assert np.diff(decibels) == pytest.approx(6.02, abs=0.2)


@given(VALUES, VALUES)
def test_sqnr_equals_its_formula(x, x_hat):
    signal, noise = np.square(x).sum(), np.square(x - x_hat).sum()
    if signal > 1e-200 and noise > 1e-200:
        assert sqnr_db(x, x_hat) == pytest.approx(10 * math.log10(signal / noise))


@pytest.mark.parametrize("unit", [1e-300, 1e-3, 1e3, 1e300])
def test_sqnr_does_not_depend_on_the_unit(unit):
    assert sqnr_db(np.array([3.0, 4.0]) * unit, np.array([3.0, 3.5]) * unit) == pytest.approx(20.0)


def test_errors_do_not_wrap_in_unsigned_codes():
    x, x_hat = np.array([0, 10], np.uint8), np.array([1, 10], np.uint8)
    assert max_abs_error(x, x_hat) == 1.0
    assert mean_squared_error(x, x_hat) == 0.5


def test_errors_are_summed_in_double_precision():
    x = np.full(4096, 10.0, np.float16)
    assert mean_squared_error(x, x + np.float16(1)) == 1.0


@given(VALUES, VALUES)
def test_errors_equal_torch(x, x_hat):
    a, b = torch.from_numpy(x), torch.from_numpy(x_hat)
    assert max_abs_error(x, x_hat) == (a - b).abs().max().item()
    assert mean_squared_error(x, x_hat) == pytest.approx(torch.nn.functional.mse_loss(a, b).item())
    assert max_abs_error(x, x_hat) == max_abs_error(x_hat, x)


def test_hostile_magnitudes_give_infinity_and_no_warning():
    assert mean_squared_error([1e300], [-1e300]) == math.inf
    assert max_abs_error([1.7e308], [-1.7e308]) == math.inf
    assert sqnr_db([1.7e308], [-1.7e308]) == -math.inf
    assert max_error_steps([1e300], [-1e300], 1e-300) == math.inf


def test_steps_tell_rounding_from_floor():
    x = np.random.default_rng(0).uniform(-1, 1, 1000)
    assert max_error_steps(x, np.round(x / 0.1) * 0.1, 0.1) <= 0.5 + 1e-9
    assert max_error_steps(x, np.floor(x / 0.1) * 0.1, 0.1) > 0.9


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_steps_equal_torch_fake_quantize_per_channel(one_thread, axis):
    x = torch.randn(3, 3, generator=torch.Generator().manual_seed(0))
    scale = torch.tensor([0.1, 0.01, 1.0])
    x_hat = torch.fake_quantize_per_channel_affine(x, scale, torch.zeros(3, dtype=torch.int32), axis % 2, -500, 500)
    assert max_error_steps(x, x_hat, scale, axis=axis) <= 0.5 + 1e-4
    assert max_error_steps(x, x_hat, scale, axis=(axis + 1) % 2) > 0.5 + 1e-4


def test_steps_take_a_scale_per_group_once_it_is_repeated():
    x, x_hat = np.array([[1.0, 1.0, 1.0, 1.0]]), np.array([[1.5, 1.0, 1.0, 1.1]])
    scale = np.repeat([[1.0, 0.1]], 2, axis=1)
    assert max_error_steps(x, x_hat, scale) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("scale", "axis", "message"),
    [
        (np.ones(4), 0, r"scale has shape \(4,\), but x has 3 channels on axis 0"),
        (np.ones((3, 1)), 0, r"scale has shape \(3, 1\), but x has 3 channels"),
        (np.ones(4), None, r"scale has shape \(4,\), which does not fit x of shape \(3, 4\)"),
        (np.ones((3, 2)), None, "does not fit"),
    ],
)
def test_a_scale_is_never_broadcast_by_guess(scale, axis, message):
    with pytest.raises(ShapeError, match=message):
        max_error_steps(np.ones((3, 4)), np.ones((3, 4)), scale, axis)


@pytest.mark.parametrize("scale", [0.0, -1.0])
def test_a_scale_must_be_positive(scale):
    with pytest.raises(ArgumentError, match="scale has 1 values that are not positive"):
        max_error_steps([1.0], [1.0], scale)
