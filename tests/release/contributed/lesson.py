# %% exercise: aligned-bytes

# %% [markdown]
# Vector units read from addresses that are multiples of an **alignment**, so that some libraries fill each row up.
# Write `aligned_bytes(rows, columns, itemsize, alignment)`: the bytes of a matrix whose rows are filled up to a multiple of `alignment`.
# An alignment below 1 raises a `ValueError`.
#
# 3 rows of 5 float32 numbers with an alignment of `16`: each row is filled up to `32`, so `96`.


# %%
def aligned_bytes(rows: int, columns: int, itemsize: int, alignment: int) -> int:
    """Return the bytes of a matrix whose rows are filled up to a multiple of `alignment`."""
    ### BEGIN SOLUTION
    if alignment < 1:
        raise ValueError(f"alignment is {alignment}; pass at least 1.")
    return rows * -(-columns * itemsize // alignment) * alignment
    ### END SOLUTION


# %%
aligned_bytes(3, 5, 4, 16)
