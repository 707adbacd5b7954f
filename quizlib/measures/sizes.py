"""How many bytes weights take, by formula: dense, packed, quantized, clustered, compressed."""

import gzip
import math
from collections.abc import Mapping, Sequence
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures._arguments import read_shape, whole_number

_BITS = {
    **dict.fromkeys(("float64", "double", "int64", "uint64"), 64),
    **dict.fromkeys(("float32", "float", "int32", "uint32", "qint32"), 32),
    **dict.fromkeys(("float16", "half", "bfloat16", "int16", "uint16"), 16),
    **dict.fromkeys(("int8", "uint8", "qint8", "quint8", "bool"), 8),
    **dict.fromkeys(("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"), 8),
    **dict.fromkeys(("int4", "uint4", "quint4x2", "float4_e2m1fn"), 4),
    **dict.fromkeys(("int2", "uint2", "quint2x4"), 2),
    **dict.fromkeys(("int1", "uint1"), 1),
}


def bits_per_element(dtype: object) -> int:
    """Return the bits that one element of `dtype` takes.

    A boolean takes 8 bits, as NumPy and torch store it; for masks packed to 1 bit use `packed_size_bytes(count, 1)`.

    Args:
        dtype: A name ("float32", "bfloat16", "int4", "torch.qint8"), or a torch or NumPy dtype.

    Returns:
        1 to 64.

    Raises:
        ArgumentError: The type is not known.

    >>> bits_per_element("float32"), bits_per_element("int4"), bits_per_element("bool")
    (32, 4, 8)
    """
    name = str(getattr(dtype, "__name__", dtype)).removeprefix("torch.")
    if name not in _BITS:
        raise ArgumentError(f"dtype is {dtype!r}, which is not known; pass one of {', '.join(sorted(_BITS))}.")
    return _BITS[name]


def packed_size_bytes(count: int, bits: int) -> int:
    """Return the bytes that `count` codes of `bits` bits take when packed without gaps.

    size = ceil(count * bits / 8); the last byte is filled up.

    Args:
        count: Number of codes, >= 0.
        bits: Width of a code, 1 to 64.

    Raises:
        ArgumentError: `count` or `bits` out of range.

    >>> packed_size_bytes(5, 4)
    3
    """
    return -(-whole_number("count", count, 0) * whole_number("bits", bits, 1, 64) // 8)


def size_bytes(shape: Sequence[SupportsIndex], dtype: object) -> int:
    """Return the bytes that a dense array takes; types narrower than a byte are packed.

    size = ceil(elements * bits_per_element(dtype) / 8).

    Args:
        shape: Lengths of the axes; () is one number.
        dtype: A name ("float32", "int4"), or a torch or NumPy dtype.

    Raises:
        ArgumentError: A negative length, or an unknown type.

    >>> size_bytes((64, 128), "float32"), size_bytes((64, 128), "int4")
    (32768, 4096)
    """
    return packed_size_bytes(math.prod(read_shape("shape", shape)), bits_per_element(dtype))


def named_size_bytes(named: Mapping[str, NDArray[Any]]) -> int:
    """Return the bytes that the named NumPy arrays hold in memory, names and headers not counted.

    Args:
        named: From a weight's name to its array.

    Raises:
        ArgumentError: `named` is no dict, or an entry no array of plain values.

    >>> import numpy as np
    >>> named_size_bytes({"codes": np.zeros((4, 4), np.int8), "scale": np.ones(4, np.float32)})
    32
    """
    if not isinstance(named, Mapping):
        raise ArgumentError(f"named is a {type(named).__name__}; pass a dict from a weight's name to its array.")
    for name, array in named.items():
        if not isinstance(array, np.ndarray) or array.dtype.hasobject:
            raise ArgumentError(f"named[{name!r}] is a {type(array).__name__}; pass a NumPy array of plain values.")
    return sum(array.nbytes for array in named.values())


def quantized_size_bytes(
    shape: Sequence[SupportsIndex],
    bits: int,
    *,
    group_size: int | None = None,
    scale_dtype: object = "float32",
    zero_point_bits: int = 0,
) -> int:
    """Return the bytes of quantized weights: packed codes, scales and zero points.

    size = ceil(count * bits / 8) + groups * bytes(scale) + ceil(groups * zero_point_bits / 8), where
    groups = count / group_size.

    Args:
        shape: Shape of the weights, (out, in) or (out, in, height, width).
        bits: Width of a code, 1 to 32.
        group_size: Weights that share one scale, >= 1, a divisor of the weights per output channel. All the weights of
            an output channel is "per channel"; None is "per tensor", one scale.
        scale_dtype: Type of a scale.
        zero_point_bits: Width of a stored zero point; 0 for symmetric quantization, which stores none.

    Raises:
        ArgumentError: A number out of range, or an unknown type.
        ShapeError: `group_size` does not divide the weights of an output channel.

    Source: Lin et al. 2024, "AWQ"; Dettmers et al. 2023, "QLoRA", section 2 (cost of the constants).

    >>> quantized_size_bytes((2, 128), 4, group_size=64, scale_dtype="float16", zero_point_bits=4)
    138
    """
    lengths = read_shape("shape", shape)
    count = math.prod(lengths)
    groups = 1 if group_size is None else _group_count(lengths, group_size)
    scales = packed_size_bytes(groups, bits_per_element(scale_dtype))
    zero_points = -(-groups * whole_number("zero_point_bits", zero_point_bits, 0, 32) // 8)
    return packed_size_bytes(count, whole_number("bits", bits, 1, 32)) + scales + zero_points


def clustered_size_bytes(count: int, clusters: int, *, value_dtype: object = "float32") -> int:
    """Return the bytes of weights that share values: a packed index per weight, and the codebook.

    size = ceil(count * ceil(log2(clusters)) / 8) + clusters * bytes(value).

    Args:
        count: Number of weights, >= 0.
        clusters: Values in the codebook, >= 1; with one there is nothing to index.
        value_dtype: Type of a value in the codebook.

    Raises:
        ArgumentError: A number out of range, or an unknown type.

    Source: Han et al. 2016, "Deep Compression", section 3.

    >>> clustered_size_bytes(16, 4)
    20
    """
    entries = whole_number("clusters", clusters, 1)
    index_bits = (entries - 1).bit_length()  # ceil(log2(clusters)) without a float
    indices = -(-whole_number("count", count, 0) * index_bits // 8)
    return indices + packed_size_bytes(entries, bits_per_element(value_dtype))


def compressed_size_bytes(data: bytes | NDArray[Any], level: int = 9) -> int:
    """Return the bytes that gzip makes of `data`, with header and checksum.

    The time stamp is 0, so that equal data give equal sizes; another version of zlib may differ by a few bytes.

    Args:
        data: Bytes, or an array whose bytes are taken in row-major order.
        level: 0 (stored) to 9 (smallest).

    Raises:
        ArgumentError: `level` out of range, or `data` is neither bytes nor an array.

    Source: RFC 1952.

    >>> compressed_size_bytes(bytes(1000)) < 50
    True
    """
    content = data if isinstance(data, bytes) else getattr(data, "tobytes", lambda: None)()
    if not isinstance(content, bytes):
        raise ArgumentError(f"data is a {type(data).__name__}; pass bytes or a NumPy array.")
    return len(gzip.compress(content, compresslevel=whole_number("level", level, 0, 9), mtime=0))


def _group_count(lengths: tuple[int, ...], group_size: int) -> int:
    count = math.prod(lengths)
    per_channel = math.prod(lengths[1:]) if len(lengths) > 1 else count
    size = whole_number("group_size", group_size, 1)
    if per_channel % size:
        raise ShapeError(
            f"group_size is {size}, but shape {lengths} has {per_channel} weights per output channel; pass a divisor "
            f"of {per_channel}."
        )
    return count // size
