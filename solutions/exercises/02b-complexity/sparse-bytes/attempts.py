# %% misconception="zeros-are-free"
# The dense matrix is counted without its zeros; a mask or a pruned tensor stores them all.
# Remedy: Multiply rows, columns and `value_bytes`.

# %% wrong misconception="zeros-are-free" variant=1 loses="dense"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    count = rows * columns
    return {
        "dense": nonzeros * value_bytes,
        "csr": nonzeros * (value_bytes + 4) + (rows + 1) * 4,
        "bitmask": count // 8 + nonzeros * value_bytes,
        "two_four": count // 2 * value_bytes + count // 8,
    }


# %% wrong misconception="zeros-are-free" variant=2 loses="dense"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    values = value_bytes * nonzeros
    mask = rows * columns // 8
    csr = values + 4 * nonzeros + 4 * rows + 4
    return dict(dense=values, csr=csr, bitmask=mask + values, two_four=mask * 4 * value_bytes + mask)


# %% misconception="values-alone"
# Only the values of CSR are counted; nobody knows where they belong.
# Remedy: Add the column of each value and the row pointers.


# %% wrong misconception="values-alone" variant=1 loses="csr"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    count = rows * columns
    return {
        "dense": count * value_bytes,
        "csr": nonzeros * value_bytes,
        "bitmask": count // 8 + nonzeros * value_bytes,
        "two_four": count // 2 * value_bytes + count // 8,
    }


# %% wrong misconception="values-alone" variant=2 loses="csr"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    dense = rows * columns * value_bytes
    csr = dense - (rows * columns - nonzeros) * value_bytes
    mask_bytes = (rows * columns + 7) // 8
    return {"dense": dense, "csr": csr, "bitmask": mask_bytes + csr, "two_four": dense // 2 + mask_bytes}


# %% misconception="row-of-each-value"
# A row is stored with each value; that is the coordinate format.
# Remedy: Count `rows + 1` row pointers instead.


# %% wrong misconception="row-of-each-value" variant=1 loses="csr"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    count = rows * columns
    return {
        "dense": count * value_bytes,
        "csr": nonzeros * (value_bytes + 4 + 4),
        "bitmask": count // 8 + nonzeros * value_bytes,
        "two_four": count // 2 * value_bytes + count // 8,
    }


# %% wrong misconception="row-of-each-value" variant=2 loses="csr"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    per_axis = 4 * nonzeros
    values = nonzeros * value_bytes
    eighth = rows * columns // 8
    return dict(
        dense=8 * eighth * value_bytes,
        csr=values + 2 * per_axis,
        bitmask=eighth + values,
        two_four=4 * eighth * value_bytes + eighth,
    )


# %% misconception="byte-for-bit"
# The mask takes a byte for each place, as a boolean array does.
# Remedy: Pack eight places into a byte.


# %% wrong misconception="byte-for-bit" variant=1 loses="bitmask"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    count = rows * columns
    return {
        "dense": count * value_bytes,
        "csr": nonzeros * (value_bytes + 4) + (rows + 1) * 4,
        "bitmask": count + nonzeros * value_bytes,
        "two_four": count // 2 * value_bytes + count // 8,
    }


# %% wrong misconception="byte-for-bit" variant=2 loses="bitmask"
import numpy as np


def sparse_bytes(rows, columns, nonzeros, value_bytes):
    mask = np.zeros((rows, columns), dtype=bool)
    dense = mask.size * value_bytes
    values = nonzeros * value_bytes
    pointers = np.zeros(nonzeros + rows + 1, np.int32)
    two_four = dense // 2 + np.packbits(mask).size
    return {"dense": dense, "csr": values + pointers.nbytes, "bitmask": mask.nbytes + values, "two_four": two_four}


# %% misconception="two-four-by-nonzeros"
# 2:4 is taken to store the numbers that are not zero; its layout is fixed.
# Remedy: Half the places are stored, whatever their values.


# %% wrong misconception="two-four-by-nonzeros" variant=1 loses="two-four"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    count = rows * columns
    return {
        "dense": count * value_bytes,
        "csr": nonzeros * (value_bytes + 4) + (rows + 1) * 4,
        "bitmask": count // 8 + nonzeros * value_bytes,
        "two_four": nonzeros * value_bytes + nonzeros * 2 // 8,
    }


# %% wrong misconception="two-four-by-nonzeros" variant=2 loses="two-four"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    values = nonzeros * value_bytes
    sizes = {"dense": rows * columns * value_bytes, "csr": values + 4 * (nonzeros + rows + 1)}
    sizes["bitmask"] = values + rows * columns // 8
    sizes["two_four"] = values + nonzeros // 4
    return sizes


# %% wrong misconception="two-four-by-nonzeros" variant=1 loses="two-four"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    count = rows * columns
    return {
        "dense": count * value_bytes,
        "csr": nonzeros * (value_bytes + 4) + (rows + 1) * 4,
        "bitmask": count // 8 + nonzeros * value_bytes,
        "two_four": nonzeros * value_bytes + count // 8,
    }


# %% wrong misconception="two-four-by-nonzeros" variant=2 loses="two-four"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    values, places = nonzeros * value_bytes, rows * columns // 2
    sizes = {"dense": 2 * places * value_bytes, "csr": values + 4 * (nonzeros + rows + 1)}
    return sizes | {"bitmask": values + places // 4, "two_four": values + places * 2 // 8}


# %% misconception="two-four-bytes-for-bits"
# In 2:4 the 2 bits for a place are counted as if they were bytes.
# Remedy: Four values that are kept share one byte for their places: divide the bits by 8.


# %% wrong misconception="two-four-bytes-for-bits" variant=1 loses="two-four"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    count = rows * columns
    return {
        "dense": count * value_bytes,
        "csr": nonzeros * (value_bytes + 4) + (rows + 1) * 4,
        "bitmask": count // 8 + nonzeros * value_bytes,
        "two_four": count // 2 * (value_bytes + 2),
    }


# %% wrong misconception="two-four-bytes-for-bits" variant=2 loses="two-four"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    dense, values = rows * columns * value_bytes, nonzeros * value_bytes
    places = 2 * (rows * columns // 2)
    csr = values + 4 * (nonzeros + rows + 1)
    return dict(dense=dense, csr=csr, bitmask=values + rows * columns // 8, two_four=dense // 2 + places)


# %% right style="bits throughout"
def sparse_bytes(rows, columns, nonzeros, value_bytes):
    count, value_bits = rows * columns, 8 * value_bytes
    bits = {
        "dense": count * value_bits,
        "csr": nonzeros * (value_bits + 32) + 32 * (rows + 1),
        "bitmask": count + nonzeros * value_bits,
        "two_four": count // 2 * (value_bits + 2),
    }
    return {name: total // 8 for name, total in bits.items()}


# %% right style="the library's measures"
from quizlib import measures


def sparse_bytes(rows, columns, nonzeros, value_bytes):
    count, dtype = rows * columns, f"int{8 * value_bytes}"
    return {
        "dense": measures.size_bytes((rows, columns), dtype),
        "csr": measures.csr_size_bytes(nonzeros, rows, value_dtype=dtype),
        "bitmask": measures.bitmask_size_bytes(count, nonzeros, value_dtype=dtype),
        "two_four": measures.n_m_size_bytes(count, 2, 4, value_dtype=dtype),
    }
