import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import quantize_symmetric

REALS = npst.arrays(
    np.float64, npst.array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e6, 1e6, allow_subnormal=False)
)
BITS = st.integers(2, 16)


@given(REALS, BITS)
def test_the_largest_magnitude_gets_the_largest_code(x, bits):
    codes, scale = quantize_symmetric(x, bits)
    quant_max = 2 ** (bits - 1) - 1
    assert (codes.dtype, codes.shape, scale.shape) == (np.int32, x.shape, ())
    assert np.abs(codes).max() == (quant_max if x.any() else 0)
    assert np.abs(codes * scale - x).max() <= scale * 0.500001


@given(REALS, BITS, st.data())
def test_a_channel_is_quantized_as_if_it_were_alone(x, bits, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    codes, scales = quantize_symmetric(x, bits, axis=axis)
    assert scales.shape == tuple(n if i == axis % x.ndim else 1 for i, n in enumerate(x.shape))
    for channel in range(x.shape[axis]):
        alone, scale = quantize_symmetric(x.take(channel, axis), bits)
        assert (codes.take(channel, axis) == alone).all()
        assert scales.ravel()[channel] == scale


@pytest.mark.parametrize("bits", [2, 5, 8])
@pytest.mark.parametrize("clip", [0.7, 2.3, 90.0])
def test_a_clip_gives_the_grid_of_torch_that_ends_there(clip, bits):
    x = torch.randn(700, generator=torch.Generator().manual_seed(bits), dtype=torch.float64)
    quant_max = 2 ** (bits - 1) - 1
    codes, scale = quantize_symmetric(x, bits, clip=clip)
    on_grid = torch.fake_quantize_per_tensor_affine(x, clip / quant_max, 0, -quant_max, quant_max)
    np.testing.assert_allclose(codes * scale, on_grid.numpy(), rtol=1e-6, atol=1e-9)


def test_ties_go_to_the_even_code():
    assert quantize_symmetric([3.5, 2.5, -0.5, -1.5, 7.0], 4)[0].tolist() == [4, 2, 0, -2, 7]


def test_zeros_have_the_scale_one():
    codes, scales = quantize_symmetric([[0.0, 0.0], [3.0, -7.0]], 4, axis=0)
    assert (codes.tolist(), scales.tolist()) == ([[0, 0], [3, -7]], [[1.0], [1.0]])


@pytest.mark.parametrize("bits", [1, 33, 8.0])
def test_a_width_out_of_range_is_refused(bits):
    with pytest.raises(ArgumentError, match=r"bits is .*2\.\.32"):
        quantize_symmetric([1.0], bits)


@pytest.mark.parametrize("clip", [0.0, -1.0, [1.0, 2.0]])
def test_a_clip_that_is_no_end_is_refused(clip):
    with pytest.raises(ArgumentError, match=r"clip is .*pass one number above 0"):
        quantize_symmetric([1.0], 8, clip=clip)


def test_a_clip_and_an_axis_at_once_are_refused():
    with pytest.raises(ArgumentError, match=r"clip is 2\.0 and axis is 0; pass one of them"):
        quantize_symmetric([1.0], 8, axis=0, clip=2.0)


def test_values_without_axes_have_no_channels():
    with pytest.raises(ShapeError, match="x is a single number without axes"):
        quantize_symmetric(1.0, 8, axis=0)
    with pytest.raises(ArgumentError, match="axis is 2"):
        quantize_symmetric([[1.0]], 8, axis=2)
