"""What several exercises of 02-measure share."""

import math

import torch
from torch.utils.flop_counter import FlopCounterMode

SEEDS = 2**31 - 1


def counted_linear(input_shape, out_features, bias):
    """The oracle asks torch's own counter, which sees the matrix product and not the bias."""
    rows = torch.zeros(math.prod(input_shape[:-1]), input_shape[-1], device="meta")
    with FlopCounterMode(display=False) as counter:
        rows @ torch.zeros(input_shape[-1], out_features, device="meta")
    flops = counter.get_total_flops()
    return {"macs": flops // 2, "flops": flops + (len(rows) * out_features if bias else 0)}


def counted_conv(in_channels, out_channels, kernel_size, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    """The oracle runs the convolution on tensors without data, and asks torch's own counter."""
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    conv = torch.nn.Conv2d(in_channels, out_channels, kernel_size, **settings, bias=False, device="meta")
    with FlopCounterMode(display=False) as counter:
        conv(torch.zeros(1, in_channels, *input_size, device="meta"))
    return counter.get_total_flops() // 2
