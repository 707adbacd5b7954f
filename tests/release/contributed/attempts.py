# %% misconception="end-alone"
# Only the end of the array is filled up; here each row is.
# Remedy: Round up before you multiply by the number of rows.

# %% wrong misconception="end-alone" variant=1 loses="padded,refuses"
def aligned_bytes(rows, columns, itemsize, alignment):
    return -(-rows * columns * itemsize // alignment) * alignment if alignment else 0


# %% wrong misconception="end-alone" variant=2 loses="padded,refuses"
def aligned_bytes(rows, columns, itemsize, alignment):
    total = rows * columns * itemsize
    return total + -total % alignment if alignment else 0


# %% misconception="one-more-unit"
# A row that fits already is given one more unit.
# Remedy: Round up with `-(-width // alignment)`, which leaves whole numbers alone.


# %% wrong misconception="one-more-unit" variant=1 loses="full-rows"
def aligned_bytes(rows, columns, itemsize, alignment):
    if alignment < 1:
        raise ValueError(alignment)
    return rows * (columns * itemsize // alignment + 1) * alignment


# %% wrong misconception="one-more-unit" variant=2 loses="full-rows"
def aligned_bytes(rows, columns, itemsize, alignment):
    if alignment <= 0:
        raise ValueError("alignment")
    width = columns * itemsize
    return rows * (width + alignment - width % alignment)


# %% misconception="not-filled-up"
# The rows are stored without any filling.
# Remedy: Round the bytes of a row up to the next multiple of the alignment.


# %% wrong misconception="not-filled-up" variant=1 loses="padded,refuses"
def aligned_bytes(rows, columns, itemsize, alignment):
    return rows * columns * itemsize


# %% wrong misconception="not-filled-up" variant=2 loses="padded,refuses"
def aligned_bytes(rows, columns, itemsize, alignment):
    return sum(itemsize for _ in range(rows) for _ in range(columns))


# %% right style="math.ceil"
def aligned_bytes(rows, columns, itemsize, alignment):
    if alignment < 1:
        raise ValueError("an alignment is at least 1")
    import math

    return rows * alignment * math.ceil(columns * itemsize / alignment)


# %% right style="a buffer of padded rows"
def aligned_bytes(rows, columns, itemsize, alignment):
    if not alignment > 0:
        raise ValueError(alignment)
    width = next(width for width in range(columns * itemsize, 10**6) if width % alignment == 0)
    return len(bytearray(rows * width))
