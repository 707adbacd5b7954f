import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import sparse

from quizlib.errors import ArgumentError
from quizlib.measures import bitmask_size_bytes, coo_size_bytes, csr_size_bytes, n_m_size_bytes, nonzeros, size_bytes

MATRIX = npst.arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.sampled_from([0.0, 1.0]))


@given(MATRIX)
def test_csr_size_equals_the_arrays_of_scipy(matrix):
    csr = sparse.csr_array(matrix)
    assert csr.indices.dtype == np.int32
    stored = csr.data.nbytes + csr.indices.nbytes + csr.indptr.nbytes
    assert csr_size_bytes(nonzeros(matrix), len(matrix)) == stored


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")  # torch says so on each first use
@pytest.mark.filterwarnings("ignore:Sparse invariant checks are implicitly disabled")  # likewise
def test_csr_size_equals_the_tensors_of_torch_with_long_indices(one_thread):
    dense = torch.eye(5, dtype=torch.float64)
    csr = dense.to_sparse_csr()
    stored = sum(t.numel() * t.element_size() for t in (csr.values(), csr.col_indices(), csr.crow_indices()))
    assert csr_size_bytes(5, 5, value_dtype="float64", index_dtype="int64") == stored


def test_csr_of_int8_weights_costs_more_than_dense_even_at_three_quarters_zeros():
    dense = size_bytes((64, 64), "int8")
    assert csr_size_bytes(64 * 64 // 4, 64, value_dtype="int8") > dense


@pytest.mark.filterwarnings("ignore:Sparse invariant checks are implicitly disabled")  # torch says so on first use
@given(MATRIX)
def test_coo_size_equals_the_tensors_of_torch(matrix):
    coo = torch.from_numpy(matrix).to_sparse_coo()
    stored = sum(t.numel() * t.element_size() for t in (coo.values(), coo.indices()))
    assert coo_size_bytes(nonzeros(matrix)) == stored


@given(MATRIX)
def test_bitmask_size_equals_packed_bits_and_values(matrix):
    stored = np.packbits(matrix != 0).nbytes + matrix[matrix != 0].nbytes
    assert bitmask_size_bytes(matrix.size, nonzeros(matrix)) == stored


def test_bitmask_refuses_more_values_than_places():
    with pytest.raises(ArgumentError, match=r"nonzeros is 9; pass a whole number in 0\.\.8"):
        bitmask_size_bytes(8, 9)


def test_two_of_four_takes_nine_sixteenths_of_half_precision_and_five_eighths_of_int8():
    assert n_m_size_bytes(1024, 2, 4) == size_bytes((1024,), "float16") * 9 // 16
    assert n_m_size_bytes(1024, 2, 4, value_dtype="int8") == 1024 * 5 // 8


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 20))
def test_n_m_size_equals_its_formula(m, n, groups):
    n = min(n, m)
    kept = groups * n
    assert n_m_size_bytes(groups * m, n, m) == 2 * kept + math.ceil(kept * math.ceil(math.log2(m)) / 8)


def test_n_m_refuses_a_part_of_a_group():
    with pytest.raises(ArgumentError, match="count is 6, no multiple of m = 4; pad"):
        n_m_size_bytes(6, 2, 4)


@pytest.mark.parametrize("measure", [csr_size_bytes, bitmask_size_bytes])
def test_negative_counts_are_refused(measure):
    with pytest.raises(ArgumentError, match="is -1; pass a whole number"):
        measure(-1, 3)
