import numpy as np
import pytest
import torch
from hypothesis import given, settings

from quizlib.errors import EvidenceError
from quizlib.evidence.build import build
from quizlib.evidence.encode import encode
from quizlib.evidence.values import Array, Blob, Name, TorchModel, Unreadable, ZooModel
from tests.evidence.plain import dense, same


@given(dense.filter(lambda array: array.library != "tensorflow" and array.dtype not in ("float8_e8m0fnu",)))
@settings(deadline=None, max_examples=100)
def test_built_array_is_read_back_as_the_same_numbers_and_dtype(value):
    if value.library == "numpy" or value.dtype == value.values.dtype.name:
        read = encode(build(value))
        assert (read.dtype, read.library) == (value.dtype, value.library)
        assert same(read.values, value.values)


@pytest.mark.parametrize("library", ["numpy", "torch"])
@pytest.mark.parametrize("shape", [(6,), (2, 3), (2, 1, 3)])
def test_array_that_was_not_contiguous_is_built_so(library, shape):
    value = Array(np.arange(6, dtype=np.float32).reshape(shape), "float32", library, is_contiguous=False)

    assert not encode(build(value)).is_contiguous
    assert same(encode(build(value)).values, value.values)


def test_each_build_is_fresh():
    value = Array(np.zeros(2), "float64", "torch")
    build(value)[0] = 9.0

    assert build(value).tolist() == [0.0, 0.0]
    assert value.values.tolist() == [0.0, 0.0]


def test_containers_bytes_and_dtypes_are_built():
    assert build([1, (Blob(b"a"), {"k": Name("torch.qint8")})]) == [1, (b"a", {"k": torch.qint8})]
    assert build(Name("numpy.int8")) is np.int8


def test_bfloat16_is_built_from_the_float32_that_carries_it():
    assert build(Array(np.array([1.5], np.float32), "bfloat16", "torch")).dtype is torch.bfloat16


def test_zoo_models_are_built_trained_or_moved_by_their_seed():
    one, two = (build(ZooModel("digits_mlp", seed)).output.bias for seed in (None, 1))

    assert not torch.equal(one, two)


@pytest.mark.parametrize("value", [Name("os.system"), Name("torch"), Name("int"), Name("torch.nn.Linear")])
def test_only_dtypes_are_looked_up_by_name(value):
    with pytest.raises(EvidenceError, match="names no dtype"):
        build(value)


@pytest.mark.parametrize("value", [TorchModel(()), Unreadable("x", "y")])
def test_evidence_is_no_argument(value):
    with pytest.raises(EvidenceError, match="cannot be an argument"):
        build(value)


def test_a_key_that_was_a_number_is_one_again():
    assert build({"8": 1, "'8'": 2, "0.5": 3, "007": 4}) == {8: 1, "8": 2, 0.5: 3, "007": 4}
