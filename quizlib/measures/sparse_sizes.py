"""How many bytes sparse weights take in the formats that store no zeros, or store them in one bit."""

from quizlib.errors import ArgumentError
from quizlib.measures._arguments import whole_number
from quizlib.measures.sizes import bits_per_element, packed_size_bytes


def csr_size_bytes(nonzeros: int, rows: int, *, value_dtype: object = "float32", index_dtype: object = "int32") -> int:
    """Return the bytes of a matrix in compressed sparse row format.

    size = nonzeros * (bytes(value) + bytes(index)) + (rows + 1) * bytes(index): values, column indices, row pointers.

    Args:
        nonzeros: Stored values, >= 0.
        rows: Rows of the matrix, >= 0.
        value_dtype: Type of a value.
        index_dtype: Type of an index: SciPy picks int32 where it suffices, torch int64.

    Raises:
        ArgumentError: A number out of range, or an unknown type.

    Source: Saad 2003, "Iterative Methods for Sparse Linear Systems", section 3.4.

    >>> csr_size_bytes(6, 3)
    64
    """
    value_bits, index_bits = bits_per_element(value_dtype), bits_per_element(index_dtype)
    pointers = packed_size_bytes(whole_number("rows", rows, 0) + 1, index_bits)
    stored = whole_number("nonzeros", nonzeros, 0)
    return packed_size_bytes(stored, value_bits) + packed_size_bytes(stored, index_bits) + pointers


def coo_size_bytes(
    nonzeros: int, axes: int = 2, *, value_dtype: object = "float32", index_dtype: object = "int64"
) -> int:
    """Return the bytes of an array stored as coordinates and values.

    size = nonzeros * (bytes(value) + axes * bytes(index)).

    Args:
        nonzeros: Stored values, >= 0.
        axes: Indices of one value, >= 1.
        value_dtype: Type of a value.
        index_dtype: Type of an index; torch always uses int64.

    Raises:
        ArgumentError: A number out of range, or an unknown type.

    Source: https://docs.pytorch.org/docs/stable/sparse.html#sparse-coo-tensors

    >>> coo_size_bytes(6)
    120
    """
    stored = whole_number("nonzeros", nonzeros, 0)
    indices = packed_size_bytes(stored * whole_number("axes", axes, 1), bits_per_element(index_dtype))
    return packed_size_bytes(stored, bits_per_element(value_dtype)) + indices


def bitmask_size_bytes(count: int, nonzeros: int, *, value_dtype: object = "float32") -> int:
    """Return the bytes of weights stored as one bit per place and the values of the non-zeros.

    size = ceil(count / 8) + nonzeros * bytes(value).

    Args:
        count: Places, zero or not, >= 0.
        nonzeros: Stored values, 0..count.
        value_dtype: Type of a value.

    Raises:
        ArgumentError: A number out of range, or an unknown type.

    >>> bitmask_size_bytes(16, 6)
    26
    """
    places = whole_number("count", count, 0)
    stored = whole_number("nonzeros", nonzeros, 0, places)
    return packed_size_bytes(places, 1) + packed_size_bytes(stored, bits_per_element(value_dtype))


def n_m_size_bytes(count: int, n: int, m: int, *, value_dtype: object = "float16") -> int:
    """Return the bytes of N:M sparse weights: n values of each m, and the place of each within its group.

    size = kept * bytes(value) + ceil(kept * ceil(log2(m)) / 8), where kept = count * n / m; 2:4 has 2 bits per place.

    Args:
        count: Places, zero or not, a multiple of `m`.
        n: Values kept in a group, 0..m.
        m: Length of a group, >= 1.
        value_dtype: Type of a value.

    Raises:
        ArgumentError: A number out of range, `count` no multiple of `m`, or an unknown type.

    Source: Mishra et al. 2021, "Accelerating Sparse Deep Neural Networks", section 3.1.

    >>> n_m_size_bytes(64, 2, 4)
    72
    """
    group = whole_number("m", m, 1)
    kept_per_group = whole_number("n", n, 0, group)
    kept = _groups(count, group) * kept_per_group
    place_bits = (group - 1).bit_length()  # ceil(log2(m)) without a float
    return packed_size_bytes(kept, bits_per_element(value_dtype)) - (-kept * place_bits // 8)


def _groups(count: int, m: int) -> int:
    places = whole_number("count", count, 0)
    if places % m:
        raise ArgumentError(f"count is {places}, no multiple of m = {m}; pad the weights to whole groups.")
    return places // m
