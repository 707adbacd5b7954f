import gzip
import math
import zlib

import ml_dtypes
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import (
    bits_per_element,
    clustered_size_bytes,
    compressed_size_bytes,
    named_size_bytes,
    packed_size_bytes,
    quantized_size_bytes,
    size_bytes,
)

TORCH_TYPES = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool qint8 quint8 qint32 float8_e4m3fn"
NUMPY_TYPES = "float64 float32 float16 int64 uint64 int32 uint32 int16 uint16 int8 uint8 bool"


@pytest.mark.parametrize("name", TORCH_TYPES.split())
def test_bits_equal_torch_item_size_by_name_and_by_dtype(name):
    dtype = getattr(torch, name)
    assert bits_per_element(name) == bits_per_element(dtype) == bits_per_element(str(dtype)) == 8 * dtype.itemsize


@pytest.mark.parametrize("name", NUMPY_TYPES.split())
def test_bits_equal_numpy_item_size(name):
    dtype = np.dtype(name)
    assert bits_per_element(name) == bits_per_element(dtype) == bits_per_element(dtype.type) == 8 * dtype.itemsize


@pytest.mark.parametrize("name", ["int4", "uint4", "int2", "uint2", "float4_e2m1fn"])
def test_bits_equal_ml_dtypes_where_a_byte_holds_several(name):
    dtype = np.dtype(getattr(ml_dtypes, name))
    info = ml_dtypes.finfo(dtype) if name.startswith("float") else ml_dtypes.iinfo(dtype)
    assert bits_per_element(dtype) == info.bits


@pytest.mark.parametrize("dtype", ["int3", "complex64", None, 8])
def test_an_unknown_type_is_refused_with_the_known_ones(dtype):
    with pytest.raises(ArgumentError, match=r"not known; pass one of .*bfloat16.*int4"):
        bits_per_element(dtype)


def test_packing_fills_the_last_byte_up():
    assert [packed_size_bytes(count, 4) for count in range(5)] == [0, 1, 1, 2, 2]
    assert packed_size_bytes(3, 3) == 2


@given(st.integers(0, 200), st.integers(1, 8))
def test_packed_size_equals_numpy_packbits(count, bits):
    bit_string = np.zeros(count * bits, dtype=np.uint8)
    assert packed_size_bytes(count, bits) == np.packbits(bit_string).nbytes


@pytest.mark.parametrize(("count", "bits"), [(-1, 4), (4, 0), (4, 65), (1.5, 4), (4, True)])
def test_packed_size_refuses_numbers_out_of_range(count, bits):
    with pytest.raises(ArgumentError, match="pass a whole number"):
        packed_size_bytes(count, bits)


@pytest.mark.parametrize("name", NUMPY_TYPES.split())
def test_size_equals_numpy_nbytes(name):
    assert size_bytes((3, 5, 7), name) == np.zeros((3, 5, 7), name).nbytes


def test_size_of_one_number_and_of_none():
    assert size_bytes((), "float32") == 4
    assert size_bytes((0, 5), "float32") == 0


def test_named_size_adds_what_each_array_holds():
    named = {"q": np.zeros((3, 3), np.int8), "scale": np.ones(3, np.float16), "b": np.zeros(2, ml_dtypes.bfloat16)}
    assert named_size_bytes(named) == 9 + 6 + 4
    assert named_size_bytes({}) == 0


@pytest.mark.parametrize("named", [[1.0], {"w": [1.0]}, {"w": np.array([None])}])
def test_named_size_refuses_what_has_no_size(named):
    with pytest.raises(ArgumentError, match=r"pass a (dict|NumPy array)"):
        named_size_bytes(named)


def test_quantized_size_per_tensor_channel_and_group():
    shape = (4, 32)
    assert quantized_size_bytes(shape, 8) == 128 + 4
    assert quantized_size_bytes(shape, 8, group_size=32) == 128 + 4 * 4
    assert quantized_size_bytes(shape, 4, group_size=16, scale_dtype="float16") == 64 + 8 * 2


def test_quantized_size_packs_zero_points():
    assert quantized_size_bytes((3, 8), 4, group_size=8, zero_point_bits=4) == 12 + 3 * 4 + 2


def test_quantized_size_takes_a_convolution_by_output_channel():
    assert quantized_size_bytes((16, 3, 3, 3), 8, group_size=27) == 432 + 16 * 4


def test_quantized_size_of_a_vector_has_groups_along_it():
    assert quantized_size_bytes((64,), 4, group_size=32) == 32 + 2 * 4


@given(st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 2, 4, 8]), st.integers(2, 8))
def test_quantized_size_equals_the_arrays_it_speaks_of(rows, groups, group_size, bits):
    codes = np.zeros((rows, groups * group_size * bits), dtype=np.uint8)  # one element per bit
    scales = np.zeros((rows, groups), np.float32)
    stored = np.packbits(codes).nbytes + scales.nbytes
    assert quantized_size_bytes((rows, groups * group_size), bits, group_size=group_size) == stored


def test_a_group_size_that_does_not_divide_a_channel_is_refused():
    with pytest.raises(ShapeError, match="100 weights per output channel; pass a divisor"):
        quantized_size_bytes((4, 100), 4, group_size=32)


def test_clustered_size_adds_indices_and_codebook():
    assert clustered_size_bytes(1000, 16) == 500 + 64
    assert clustered_size_bytes(1000, 17) == 625 + 68
    assert clustered_size_bytes(1000, 1, value_dtype="float16") == 2


@given(st.integers(0, 100), st.integers(2, 300))
def test_clustered_size_uses_the_ceiling_of_log2(count, clusters):
    expected = math.ceil(count * math.ceil(math.log2(clusters)) / 8) + 4 * clusters
    assert clustered_size_bytes(count, clusters) == expected


def test_compressed_size_is_that_of_gzip_and_the_same_each_time():
    data = bytes(range(256)) * 8
    assert compressed_size_bytes(data) == len(gzip.compress(data, 9, mtime=0)) == compressed_size_bytes(data)


@given(st.binary(max_size=300), st.integers(0, 9))
def test_compressed_size_is_a_raw_deflate_stream_with_18_bytes_around_it(data, level):
    stream = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    assert compressed_size_bytes(data, level) == len(stream.compress(data) + stream.flush()) + 18


def test_compressed_size_reads_an_array_in_row_major_order():
    array = np.arange(1000, dtype=np.int16).reshape(10, 100)
    assert compressed_size_bytes(array) == compressed_size_bytes(array.tobytes())
    assert compressed_size_bytes(array.T) == compressed_size_bytes(np.ascontiguousarray(array.T))


def test_zeros_compress_and_random_weights_do_not():
    dense = np.random.default_rng(0).normal(size=2000).astype(np.float32)
    pruned = np.where(np.arange(2000) % 10 == 0, dense, np.float32(0))
    assert compressed_size_bytes(dense) > 0.9 * dense.nbytes
    assert compressed_size_bytes(pruned) < 0.25 * dense.nbytes


def test_compressed_size_refuses_other_levels_and_objects():
    with pytest.raises(ArgumentError, match=r"level is 10; pass a whole number in 0\.\.9"):
        compressed_size_bytes(b"", 10)
    with pytest.raises(ArgumentError, match="data is a list; pass bytes or a NumPy array"):
        compressed_size_bytes([1, 2])
