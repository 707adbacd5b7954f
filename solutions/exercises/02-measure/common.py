"""What several exercises of 02-measure share."""

import math

import numpy as np
import scipy.sparse
import scipy.stats
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


def scipy_rows(matrix):
    found = scipy.sparse.csr_matrix(matrix)
    indices = {"col_indices": found.indices.astype(np.int32), "row_pointers": found.indptr.astype(np.int32)}
    return {"values": found.data, **indices}


def sparse_matrix(generator, rows=5, columns=7, *, empty_rows=False):
    """A matrix with 2 and 3 numbers a row in turn, of one sign in a row, so that no sum cancels out."""
    matrix = np.zeros((rows, columns), np.float32)
    for place, row in enumerate(matrix):
        kept = generator.choice(columns, 2 + place % 2, replace=False)
        row[kept] = generator.choice([-1, 1]) * generator.uniform(1, 9, len(kept))
    if empty_rows:
        matrix[[0, rows // 2]] = 0
    return matrix
