"""How many multiply-accumulates a layer takes, by formula; one MAC is two FLOPs."""

from typing import SupportsIndex

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures._arguments import whole_number

# One number for both axes, or (height, width).
Pair = int | tuple[int, int]


def linear_macs(in_features: int, out_features: int, *, rows: int = 1) -> int:
    """Return the multiply-accumulates of a linear layer, rows * in_features * out_features; the bias adds none.

    Args:
        in_features: Numbers in an input vector, >= 1.
        out_features: Numbers in an output vector, >= 1.
        rows: Vectors that pass through: batch, times tokens in a sequence model.

    Raises:
        ArgumentError: A number out of range.

    >>> linear_macs(64, 10), linear_macs(64, 10, rows=32)
    (640, 20480)
    """
    inputs, outputs = whole_number("in_features", in_features, 1), whole_number("out_features", out_features, 1)
    return whole_number("rows", rows, 0) * inputs * outputs


def conv2d_output_shape(
    input_size: Pair, kernel_size: Pair, *, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1
) -> tuple[int, int]:
    """Return the (height, width) that a 2-d convolution produces.

    out = floor((in + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1, on each axis.

    Args:
        input_size: Height and width of the input, >= 1; one number stands for both.
        kernel_size: Height and width of the kernel, >= 1.
        stride: Step of the kernel, >= 1.
        padding: Zeros on each side, >= 0.
        dilation: Distance of neighbouring kernel elements, >= 1.

    Raises:
        ArgumentError: A number out of range.
        ShapeError: The kernel reaches beyond the padded input.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html

    >>> conv2d_output_shape(28, 3, stride=2, padding=1)
    (14, 14)
    """
    sizes, kernels = _pair("input_size", input_size, 1), _pair("kernel_size", kernel_size, 1)
    strides, paddings = _pair("stride", stride, 1), _pair("padding", padding, 0)
    dilations = _pair("dilation", dilation, 1)
    height, width = (
        (sizes[i] + 2 * paddings[i] - dilations[i] * (kernels[i] - 1) - 1) // strides[i] + 1 for i in (0, 1)
    )
    if height < 1 or width < 1:
        raise ShapeError(
            f"kernel_size {kernels} with dilation {dilations} reaches beyond input_size {sizes} padded by {paddings}; "
            "pass a larger input or more padding."
        )
    return height, width


def conv2d_macs(
    in_channels: int,
    out_channels: int,
    kernel_size: Pair,
    input_size: Pair,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
    batch: int = 1,
) -> int:
    """Return the multiply-accumulates of a 2-d convolution; products with padding count, the bias does not.

    macs = batch * out_channels * out_height * out_width * (in_channels / groups) * kernel_height * kernel_width.

    Args:
        in_channels: Channels of the input, a multiple of `groups`.
        out_channels: Channels of the output, a multiple of `groups`.
        kernel_size: Height and width of the kernel, >= 1; one number stands for both.
        input_size: Height and width of the input, >= 1.
        stride: Step of the kernel, >= 1.
        padding: Zeros on each side, >= 0.
        dilation: Distance of neighbouring kernel elements, >= 1.
        groups: Independent parts of the channels; `in_channels` of them make the convolution depthwise.
        batch: Images that pass through.

    Raises:
        ArgumentError: A number out of range, or channels that `groups` does not divide.
        ShapeError: The kernel reaches beyond the padded input.

    >>> conv2d_macs(3, 16, 3, 32, padding=1)
    442368
    """
    parts = whole_number("groups", groups, 1)
    inputs, outputs = whole_number("in_channels", in_channels, 1), whole_number("out_channels", out_channels, 1)
    for name, channels in (("in_channels", inputs), ("out_channels", outputs)):
        if channels % parts:
            raise ArgumentError(f"{name} is {channels}, which groups = {parts} does not divide; pass a multiple of it.")
    height, width = conv2d_output_shape(input_size, kernel_size, stride=stride, padding=padding, dilation=dilation)
    kernel_height, kernel_width = _pair("kernel_size", kernel_size, 1)
    per_output = inputs // parts * kernel_height * kernel_width
    return whole_number("batch", batch, 0) * outputs * height * width * per_output


def _pair(name: str, value: Pair, low: int) -> tuple[int, int]:
    if isinstance(value, SupportsIndex):
        number = whole_number(name, value, low)
        return number, number
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ArgumentError(f"{name} is {value!r}; pass one whole number, or (height, width).")
    return whole_number(f"{name}[0]", value[0], low), whole_number(f"{name}[1]", value[1], low)
