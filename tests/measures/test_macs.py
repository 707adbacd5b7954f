import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import conv2d_macs, conv2d_output_shape, linear_macs

PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))


def flops(call):
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        call()
    return counter.get_total_flops()


@pytest.mark.parametrize("rows", [1, 7])
def test_linear_macs_are_half_the_flops_that_torch_counts(one_thread, rows):
    layer = torch.nn.Linear(64, 10)
    assert 2 * linear_macs(64, 10, rows=rows) == flops(lambda: layer(torch.zeros(rows, 64)))


def test_linear_macs_grow_with_the_rows():
    assert linear_macs(3, 5, rows=4) == 60
    assert linear_macs(3, 5, rows=0) == 0


@pytest.mark.parametrize("bad", [{"in_features": 0}, {"out_features": -1}, {"rows": -1}, {"in_features": 2.5}])
def test_linear_macs_refuse_numbers_out_of_range(bad):
    with pytest.raises(ArgumentError, match="pass a whole number >="):
        linear_macs(**{"in_features": 3, "out_features": 5, **bad})


def test_the_first_convolution_of_resnet_takes_118_million_macs():
    assert conv2d_output_shape(224, 7, stride=2, padding=3) == (112, 112)
    assert conv2d_macs(3, 64, 7, 224, stride=2, padding=3) == 118_013_952


def test_a_depthwise_convolution_takes_a_channel_count_less():
    assert conv2d_macs(32, 32, 3, 8, padding=1) == 32 * conv2d_macs(32, 32, 3, 8, padding=1, groups=32)


@given(st.tuples(st.integers(3, 8), st.integers(3, 8)), PAIR, PAIR, PAIR, PAIR, st.sampled_from([1, 2, 4]))
def test_convolution_equals_torch(size, kernel, stride, padding, dilation, groups):
    assume(all(d * (k - 1) < s + 2 * p for s, k, p, d in zip(size, kernel, padding, dilation, strict=True)))
    layer = torch.nn.Conv2d(4, 8, kernel, stride, padding, dilation, groups)
    output = []
    counted = flops(lambda: output.append(layer(torch.zeros(2, 4, *size))))
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    assert conv2d_output_shape(size, kernel, **options) == tuple(output[0].shape[2:])
    assert 2 * conv2d_macs(4, 8, kernel, size, **options, groups=groups, batch=2) == counted


def test_a_kernel_beyond_the_input_is_refused():
    with pytest.raises(ShapeError, match=r"kernel_size \(5, 5\) .* input_size \(4, 4\)"):
        conv2d_macs(1, 1, 5, 4)


@pytest.mark.parametrize("channels", [(3, 4), (4, 3)])
def test_channels_that_groups_do_not_divide_are_refused(channels):
    with pytest.raises(ArgumentError, match=r"channels is 3, which groups = 2 does not divide"):
        conv2d_macs(*channels, 3, 8, groups=2)


@pytest.mark.parametrize("kernel", [0, (3,), (3, 0), (1, 2, 3), "33", 2.0])
def test_a_kernel_size_that_is_no_pair_is_refused(kernel):
    with pytest.raises(ArgumentError, match="kernel_size"):
        conv2d_output_shape(8, kernel)


def test_one_feature_one_row_and_one_pixel_are_the_smallest():
    assert linear_macs(1, 1) == 1
    assert linear_macs(64, 10) == 640
    assert conv2d_output_shape(1, 1) == (1, 1)
    assert conv2d_macs(1, 1, 1, 1) == 1
    for name in ("input_size", "kernel_size", "stride", "dilation"):
        with pytest.raises(ArgumentError, match=f"{name} is 0; pass a whole number >= 1"):
            conv2d_output_shape(**{"input_size": 8, "kernel_size": 3, name: 0})
    with pytest.raises(ArgumentError, match="padding is -1; pass a whole number >= 0"):
        conv2d_output_shape(8, 3, padding=-1)
