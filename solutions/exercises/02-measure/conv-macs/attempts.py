# %% misconception="input-positions"
# The kernel is placed once on each input pixel, whatever stride and padding.
# Remedy: Work the output size out first; each output number takes the same products.

# %% wrong misconception="input-positions" variant=1 loses="output-size,dilation"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = input_size
    return out_channels * height * width * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% wrong misconception="input-positions" variant=2 loses="output-size,dilation"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    weights = torch.nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups, bias=False).weight.numel()
    return weights * input_size[0] * input_size[1]


# %% misconception="size-over-stride"
# The output size is taken to be the input size over the stride; kernel and padding change it too.
# Remedy: Use the full formula for the output size.


# %% wrong misconception="size-over-stride" variant=1 loses="output-size,dilation"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = input_size[0] // stride, input_size[1] // stride
    return out_channels * height * width * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% wrong misconception="size-over-stride" variant=2 loses="output-size,dilation"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    macs = in_channels // groups * out_channels
    for size, kernel in zip(input_size, kernel_size):
        macs *= int(size / stride) * kernel
    return macs


# %% misconception="groups-ignored"
# Each output channel is taken to see all input channels.
# Remedy: Divide the input channels by `groups`.


# %% wrong misconception="groups-ignored" variant=1 loses="groups"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = (
        (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
        for size, kernel in zip(input_size, kernel_size, strict=True)
    )
    return out_channels * height * width * in_channels * kernel_size[0] * kernel_size[1]


# %% wrong misconception="groups-ignored" variant=2 loses="groups"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    conv = torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation)
    outputs = conv(torch.zeros(1, in_channels, *input_size)).numel()
    return outputs * conv.weight[0].numel()


# %% misconception="dilation-ignored"
# The kernel is taken to be as wide as it has elements; dilation spreads them.
# Remedy: A dilated kernel spans `dilation * (kernel - 1) + 1` pixels.


# %% wrong misconception="dilation-ignored" variant=1 loses="dilation"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = (
        (size + 2 * padding - kernel) // stride + 1 for size, kernel in zip(input_size, kernel_size, strict=True)
    )
    return out_channels * height * width * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% wrong misconception="dilation-ignored" variant=2 loses="dilation"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    places = 1
    for axis in (0, 1):
        places *= len(range(-padding, input_size[axis] + padding - kernel_size[axis] + 1, stride))
    return places * out_channels * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% misconception="flops-for-macs"
# FLOPs are returned, two for each multiply-accumulate.
# Remedy: Count each product with its addition once.


# %% wrong misconception="flops-for-macs" variant=1 loses="typical,output-size,dilation,groups"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = (
        (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
        for size, kernel in zip(input_size, kernel_size, strict=True)
    )
    return 2 * out_channels * height * width * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% wrong misconception="flops-for-macs" variant=2 loses="typical,output-size,dilation,groups"
from torch.utils.flop_counter import FlopCounterMode


def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    conv = torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation, groups)
    with FlopCounterMode(display=False) as counter:
        conv(torch.zeros(1, in_channels, *input_size))
    return counter.get_total_flops()


# %% misconception="first-place-lost"
# The room for the kernel is divided by the stride, and what is left over is dropped; a last kernel fits there.
# Remedy: Take 1 off before the division, and add it afterwards: the first place takes no step.


# %% wrong misconception="first-place-lost" variant=1 loses="output-size"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = (
        (size + 2 * padding - dilation * (kernel - 1)) // stride
        for size, kernel in zip(input_size, kernel_size, strict=True)
    )
    return out_channels * height * width * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% wrong misconception="first-place-lost" variant=2 loses="output-size"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    macs = out_channels * in_channels // groups
    for size, kernel in zip(input_size, kernel_size):
        places = len(range(size + 2 * padding - dilation * (kernel - 1)))
        macs *= int(places / stride) * kernel
    return macs


# %% decoy misconception="first-place-lost" loses="output-size"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = (
        (size + 2 * padding - dilation * (kernel - 1)) // stride + 1
        if stride > 1
        else size + 2 * padding - dilation * (kernel - 1)
        for size, kernel in zip(input_size, kernel_size, strict=True)
    )
    return out_channels * height * width * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% misconception="places-rounded-up"
# The steps that fit are rounded up; where the stride does not divide the room, the last kernel would hang over.
# Remedy: Divide with `//`: only whole steps that fit count.


# %% wrong misconception="places-rounded-up" variant=1 loses="output-size"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = (
        -(-(size + 2 * padding - dilation * (kernel - 1) - 1) // stride) + 1
        for size, kernel in zip(input_size, kernel_size, strict=True)
    )
    return out_channels * height * width * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% wrong misconception="places-rounded-up" variant=2 loses="output-size"
import math


def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    macs = out_channels * in_channels // groups
    for size, kernel in zip(input_size, kernel_size):
        room = size + 2 * padding - (dilation * (kernel - 1) + 1)
        macs *= math.ceil(1 + room / stride) * kernel
    return macs


# %% decoy misconception="places-rounded-up" loses="output-size"
# Rounded to the nearest, which goes up for some and down for others.
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = (
        round((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
        for size, kernel in zip(input_size, kernel_size, strict=True)
    )
    return out_channels * height * width * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% misconception="padding-on-one-side"
# The padding is added once; it stands on both sides of the image.
# Remedy: Add `2 * padding` to each length.


# %% wrong misconception="padding-on-one-side" variant=1 loses="typical,output-size,dilation,groups"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    height, width = (
        (size + padding - dilation * (kernel - 1) - 1) // stride + 1
        for size, kernel in zip(input_size, kernel_size, strict=True)
    )
    return out_channels * height * width * (in_channels // groups) * kernel_size[0] * kernel_size[1]


# %% wrong misconception="padding-on-one-side" variant=2 loses="typical,output-size,dilation,groups"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    image = torch.nn.functional.pad(torch.zeros(1, in_channels, *input_size), (padding, 0, padding, 0))
    conv = torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride, 0, dilation, groups)
    return conv(image).numel() * conv.weight[0].numel()


# %% right style="torch finds the output size"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    conv = torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, device="meta")
    return conv(torch.empty(1, in_channels, *input_size, device="meta")).numel() * conv.weight[0].numel()


# %% right style="places counted with range"
def conv2d_macs(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    macs = out_channels * in_channels // groups
    for size, kernel in zip(input_size, kernel_size):
        reach = dilation * (kernel - 1) + 1
        macs *= kernel * len(range(0, size + 2 * padding - reach + 1, stride))
    return macs
