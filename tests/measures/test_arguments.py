import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest
import torch

import quizlib.measures
from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import codes_used, is_n_m_sparse, layer_sparsity, nonzeros, size_bytes, sparsity, sqnr_db


def test_importing_the_measures_loads_neither_torch_nor_tensorflow():
    probe = "import sys, quizlib.measures; print(sorted({'torch', 'tensorflow', 'scipy'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_all_lists_each_public_name_once_in_order_and_each_exists():
    names = quizlib.measures.__all__
    assert len(set(names)) == len(names)
    assert names == sorted(names, key=lambda name: (not name[0].isupper(), name))
    assert all(getattr(quizlib.measures, name).__doc__ for name in names)


def test_nan_is_refused_and_counted():
    with pytest.raises(ArgumentError, match="weights has 2 NaN or infinite values of 3; find"):
        sparsity([1.0, float("nan"), float("inf")])


def test_an_empty_array_is_refused_with_its_shape():
    with pytest.raises(ShapeError, match=r"weights is empty, shape \(0, 3\); pass"):
        sparsity(np.empty((0, 3)))


@pytest.mark.parametrize("value", ["abc", [None], [1j], [{}]])
def test_values_that_are_no_real_numbers_are_refused(value):
    with pytest.raises(ArgumentError, match="weights has dtype"):
        sparsity(value)


def test_ragged_lists_are_refused():
    with pytest.raises(ArgumentError, match="weights of type list cannot be read as a NumPy array"):
        sparsity([[1.0], [1.0, 2.0]])


@pytest.mark.parametrize("tensor", [torch.ones(2, requires_grad=True), torch.ones(2, dtype=torch.bfloat16)])
def test_a_tensor_that_numpy_cannot_read_is_refused_with_the_way_out(tensor):
    with pytest.raises(ArgumentError, match=r"tensor\.detach\(\)\.float\(\)\.cpu\(\)\.numpy\(\)"):
        sparsity(tensor)


def test_plain_tensors_and_lists_are_read_as_arrays():
    assert sparsity(torch.tensor([0.0, 1.0])) == sparsity([0, 1]) == sparsity(np.array([False, True])) == 0.5


@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.int4])
def test_narrow_types_of_ml_dtypes_are_read_as_numbers(dtype):
    assert nonzeros(np.array([0, 1, 2], dtype=dtype)) == 2
    with pytest.raises(ArgumentError, match="NaN"):
        nonzeros(np.array([np.nan], dtype=ml_dtypes.bfloat16))


@pytest.mark.parametrize("axis", [2, -3, 0.5, True])
def test_an_axis_that_is_not_there_is_refused(axis):
    with pytest.raises(ArgumentError, match=r"axis is .*; pass a whole number in -2\.\.1"):
        is_n_m_sparse(np.ones((4, 4)), 2, 4, axis=axis)


def test_codes_with_fractions_or_beyond_64_bits_are_refused():
    with pytest.raises(ArgumentError, match="not whole numbers"):
        codes_used([0.5, 1.0])
    with pytest.raises(ArgumentError, match="64-bit"):
        codes_used([1e300])
    assert codes_used([1.0, 2.0]) == 2


def test_named_weights_must_be_a_dict_with_entries():
    with pytest.raises(ArgumentError, match="named is a list; pass a dict"):
        layer_sparsity([1.0])
    with pytest.raises(ArgumentError, match="named has no entries"):
        layer_sparsity({})
    with pytest.raises(ArgumentError, match=r"named\['w'\] has 1 NaN"):
        layer_sparsity({"w": [float("nan")]})


def test_two_shapes_that_differ_are_both_named():
    with pytest.raises(ShapeError, match=r"x has shape \(2,\), but x_hat has shape \(3,\)"):
        sqnr_db([1.0, 2.0], [1.0, 2.0, 3.0])


@pytest.mark.parametrize("shape", [(2, -1), (2.0,), "ab", 4])
def test_a_shape_must_hold_whole_numbers_from_zero_up(shape):
    with pytest.raises(ArgumentError, match="shape"):
        size_bytes(shape, "int8")
