"""What several exercises of 02b-complexity share."""

import numpy as np
import scipy.sparse
import torch
from torch.utils.flop_counter import FlopCounterMode


def counted_flops(call, *shapes):
    """The oracle runs an operation on tensors without data, and asks torch's own counter."""
    with FlopCounterMode(display=False) as counter:
        call(*(torch.zeros(shape, device="meta") for shape in shapes))
    return counter.get_total_flops()


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
