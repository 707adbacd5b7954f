# %% misconception="indices-of-four-bytes"
# Indices were counted as 4 bytes each, whatever they have to hold.
# Remedy: One byte holds numbers up to 255, two bytes up to 65,535.


# %% wrong misconception="indices-of-four-bytes" variant=1 loses="free,blocks,narrow,indices,edges"
def smallest_format(weights, block):
    (rows, columns), (height, width) = weights.shape, block
    tiles = weights.reshape(rows // height, height, columns // width, width)
    stored, blocks = int((weights != 0).sum()), int((tiles != 0).any(axis=(1, 3)).sum())
    value = weights.itemsize
    found = {
        "dense": weights.nbytes,
        "csr": stored * (value + 4) + (rows + 1) * 4,
        "bsr": blocks * (height * width * value + 4) + (rows // height + 1) * 4,
        "bitmask": (weights.size + 7) // 8 + stored * value,
    }
    return found | {"smallest": min(found, key=found.get)}


# %% wrong misconception="indices-of-four-bytes" variant=2 loses="free,blocks,narrow,indices,edges"
import scipy.sparse


def smallest_format(weights, block):
    wide = weights.astype(np.float64)
    sizes = {"dense": weights.nbytes}
    for name, matrix in (("csr", scipy.sparse.csr_array(wide)), ("bsr", scipy.sparse.bsr_array(wide, blocksize=block))):
        matrix.eliminate_zeros()
        indices = matrix.indices.astype(np.int32).nbytes + matrix.indptr.astype(np.int32).nbytes
        sizes[name] = matrix.data.size * weights.itemsize + indices
    sizes["bitmask"] = np.packbits(weights != 0).nbytes + int(np.count_nonzero(weights)) * weights.itemsize
    return {**sizes, "smallest": min(sizes, key=sizes.get)}


# %% misconception="values-of-four-bytes"
# Values were counted as 4 bytes each, whatever their dtype.
# Remedy: `weights.itemsize` is what a value takes.


# %% wrong misconception="values-of-four-bytes" variant=1 loses="free,blocks,narrow,indices,edges"
def smallest_format(weights, block):
    (rows, columns), (height, width) = weights.shape, block
    tiles = weights.reshape(rows // height, height, columns // width, width)
    stored, blocks = int((weights != 0).sum()), int((tiles != 0).any(axis=(1, 3)).sum())
    size = lambda largest: 1 if largest < 256 else 2 if largest < 65536 else 4
    found = {
        "dense": weights.size * 4,
        "csr": stored * (4 + size(columns - 1)) + (rows + 1) * size(stored),
        "bsr": blocks * (height * width * 4 + size(columns // width - 1)) + (rows // height + 1) * size(blocks),
        "bitmask": (weights.size + 7) // 8 + stored * 4,
    }
    return found | {"smallest": min(found, key=found.get)}


# %% wrong misconception="values-of-four-bytes" variant=2 loses="free,blocks,narrow,indices,edges"
def smallest_format(weights, block):
    w = weights.astype(np.float32)
    rows, columns = w.shape
    stored = int(np.count_nonzero(w))
    blocks = sum(
        bool(w[i : i + block[0], j : j + block[1]].any())
        for i in range(0, rows, block[0])
        for j in range(0, columns, block[1])
    )
    size = lambda largest: np.min_scalar_type(largest).itemsize
    found = {
        "dense": w.nbytes,
        "csr": stored * (w.itemsize + size(columns - 1)) + (rows + 1) * size(stored),
        "bsr": blocks * (block[0] * block[1] * w.itemsize + size(columns // block[1] - 1))
        + (rows // block[0] + 1) * size(blocks),
        "bitmask": -(-w.size // 8) + stored * w.itemsize,
    }
    found["smallest"] = min(found, key=found.get)
    return found


# %% misconception="zeros-in-blocks-left-out"
# Of a block that is stored only the values that are not zero were counted.
# Remedy: A block is stored whole, zeros and all: `height * width` values.


# %% wrong misconception="zeros-in-blocks-left-out" variant=1 loses="free,blocks,narrow,indices,edges"
def smallest_format(weights, block):
    (rows, columns), (height, width) = weights.shape, block
    tiles = weights.reshape(rows // height, height, columns // width, width)
    stored, blocks = int((weights != 0).sum()), int((tiles != 0).any(axis=(1, 3)).sum())
    value = weights.itemsize
    size = lambda largest: 1 if largest < 256 else 2 if largest < 65536 else 4
    found = {
        "dense": weights.nbytes,
        "csr": stored * (value + size(columns - 1)) + (rows + 1) * size(stored),
        "bsr": stored * value + blocks * size(columns // width - 1) + (rows // height + 1) * size(blocks),
        "bitmask": (weights.size + 7) // 8 + stored * value,
    }
    return found | {"smallest": min(found, key=found.get)}


# %% wrong misconception="zeros-in-blocks-left-out" variant=2 loses="free,blocks,narrow,indices,edges"
def smallest_format(weights, block):
    rows, columns = weights.shape
    size = lambda largest: np.min_scalar_type(largest).itemsize
    values = int(np.count_nonzero(weights)) * weights.itemsize
    stored, blocks = int(np.count_nonzero(weights)), 0
    for i in range(0, rows, block[0]):
        for j in range(0, columns, block[1]):
            blocks += int(np.any(weights[i : i + block[0], j : j + block[1]]))
    sizes = [
        weights.nbytes,
        values + stored * size(columns - 1) + (rows + 1) * size(stored),
        values + blocks * size(columns // block[1] - 1) + (rows // block[0] + 1) * size(blocks),
        values + (weights.size + 7) // 8,
    ]
    names = ["dense", "csr", "bsr", "bitmask"]
    return dict(zip(names, sizes), smallest=names[int(np.argmin(sizes))])


# %% misconception="sum-for-any"
# A block was taken for zero where its numbers add up to zero, as 1 and -1 do.
# Remedy: Ask whether any number of the block is not zero: `(tiles != 0).any(axis=(1, 3))`.


# %% wrong misconception="sum-for-any" variant=1 loses="blocks"
def smallest_format(weights, block):
    (rows, columns), (height, width) = weights.shape, block
    tiles = weights.reshape(rows // height, height, columns // width, width)
    stored, blocks = int((weights != 0).sum()), int(np.count_nonzero(tiles.sum(axis=(1, 3))))
    value = weights.itemsize
    size = lambda largest: 1 if largest < 256 else 2 if largest < 65536 else 4
    found = {
        "dense": weights.nbytes,
        "csr": stored * (value + size(columns - 1)) + (rows + 1) * size(stored),
        "bsr": blocks * (height * width * value + size(columns // width - 1)) + (rows // height + 1) * size(blocks),
        "bitmask": (weights.size + 7) // 8 + stored * value,
    }
    return found | {"smallest": min(found, key=found.get)}


# %% wrong misconception="sum-for-any" variant=2 loses="blocks"
def smallest_format(weights, block):
    rows, columns = weights.shape
    size = lambda largest: np.min_scalar_type(largest).itemsize
    values = int(np.count_nonzero(weights)) * weights.itemsize
    stored, blocks = int(np.count_nonzero(weights)), 0
    for i in range(0, rows, block[0]):
        for j in range(0, columns, block[1]):
            blocks += float(weights[i : i + block[0], j : j + block[1]].mean(dtype=float)) != 0.0
    sizes = [
        weights.nbytes,
        values + stored * size(columns - 1) + (rows + 1) * size(stored),
        blocks * block[0] * block[1] * weights.itemsize
        + blocks * size(columns // block[1] - 1)
        + (rows // block[0] + 1) * size(blocks),
        values + (weights.size + 7) // 8,
    ]
    names = ["dense", "csr", "bsr", "bitmask"]
    return dict(zip(names, sizes), smallest=names[int(np.argmin(sizes))])


# %% misconception="one-width-of-index"
# Columns and row pointers got the same width, though they hold different numbers.
# Remedy: Columns reach `columns - 1`, pointers the count of what is stored; each has its own width.


# %% wrong misconception="one-width-of-index" variant=1 loses="indices"
def smallest_format(weights, block):
    (rows, columns), (height, width) = weights.shape, block
    tiles = weights.reshape(rows // height, height, columns // width, width)
    stored, blocks = int((weights != 0).sum()), int((tiles != 0).any(axis=(1, 3)).sum())
    value = weights.itemsize
    size = lambda largest: 1 if largest < 256 else 2 if largest < 65536 else 4
    one, other = size(max(columns - 1, stored)), size(max(columns // width - 1, blocks))
    found = {
        "dense": weights.nbytes,
        "csr": stored * (value + one) + (rows + 1) * one,
        "bsr": blocks * (height * width * value + other) + (rows // height + 1) * other,
        "bitmask": (weights.size + 7) // 8 + stored * value,
    }
    return found | {"smallest": min(found, key=found.get)}


# %% wrong misconception="one-width-of-index" variant=2 loses="indices"
import scipy.sparse


def smallest_format(weights, block):
    wide = weights.astype(np.float64)
    sizes = {"dense": weights.nbytes}
    for name, matrix, last in (
        ("csr", scipy.sparse.csr_array(wide), weights.shape[1] - 1),
        ("bsr", scipy.sparse.bsr_array(wide, blocksize=block), weights.shape[1] // block[1] - 1),
    ):
        matrix.eliminate_zeros()
        index = np.min_scalar_type(max(last, int(matrix.indptr[-1]))).itemsize
        sizes[name] = matrix.data.size * weights.itemsize + index * (matrix.indices.size + matrix.indptr.size)
    sizes["bitmask"] = np.packbits(weights != 0).nbytes + int(np.count_nonzero(weights)) * weights.itemsize
    return {**sizes, "smallest": min(sizes, key=sizes.get)}


# %% misconception="columns-of-blocks-as-columns"
# The indices of BSR were taken wide enough for columns, where they tell columns of blocks.
# Remedy: With blocks of `width` columns the largest index is `columns / width - 1`.


# %% wrong misconception="columns-of-blocks-as-columns" variant=1 loses="indices"
def smallest_format(weights, block):
    (rows, columns), (height, width) = weights.shape, block
    tiles = weights.reshape(rows // height, height, columns // width, width)
    stored, blocks = int((weights != 0).sum()), int((tiles != 0).any(axis=(1, 3)).sum())
    value = weights.itemsize
    size = lambda largest: 1 if largest < 256 else 2 if largest < 65536 else 4
    found = {
        "dense": weights.nbytes,
        "csr": stored * (value + size(columns - 1)) + (rows + 1) * size(stored),
        "bsr": blocks * (height * width * value + size(columns - 1)) + (rows // height + 1) * size(blocks),
        "bitmask": (weights.size + 7) // 8 + stored * value,
    }
    return found | {"smallest": min(found, key=found.get)}


# %% misconception="one-too-many"
# Indices got a wider type one number too early: a byte holds 255 as well, and the last of 256 columns is 255.
# Remedy: Compare the largest number that is stored, such as `columns - 1`, with 255 and 65,535.


# %% wrong misconception="one-too-many" variant=1 loses="indices"
def smallest_format(weights, block):
    (rows, columns), (height, width) = weights.shape, block
    tiles = weights.reshape(rows // height, height, columns // width, width)
    stored, blocks = int((weights != 0).sum()), int((tiles != 0).any(axis=(1, 3)).sum())
    value = weights.itemsize
    size = lambda largest: 1 if largest < 256 else 2 if largest < 65536 else 4
    found = {
        "dense": weights.nbytes,
        "csr": stored * (value + size(columns)) + (rows + 1) * size(stored),
        "bsr": blocks * (height * width * value + size(columns // width)) + (rows // height + 1) * size(blocks),
        "bitmask": (weights.size + 7) // 8 + stored * value,
    }
    return found | {"smallest": min(found, key=found.get)}


# %% misconception="pointer-of-the-end-left-out"
# There is one row pointer too few: the last row has an end as well.
# Remedy: `rows + 1` row pointers, and one more than there are rows of blocks.


# %% wrong misconception="pointer-of-the-end-left-out" variant=1 loses="free,blocks,narrow,indices,edges"
def smallest_format(weights, block):
    (rows, columns), (height, width) = weights.shape, block
    tiles = weights.reshape(rows // height, height, columns // width, width)
    stored, blocks = int((weights != 0).sum()), int((tiles != 0).any(axis=(1, 3)).sum())
    value = weights.itemsize
    size = lambda largest: 1 if largest < 256 else 2 if largest < 65536 else 4
    found = {
        "dense": weights.nbytes,
        "csr": stored * (value + size(columns - 1)) + rows * size(stored),
        "bsr": blocks * (height * width * value + size(columns // width - 1)) + rows // height * size(blocks),
        "bitmask": (weights.size + 7) // 8 + stored * value,
    }
    return found | {"smallest": min(found, key=found.get)}


# %% misconception="input-overwritten"
# The weights that were given have been changed themselves.
# Remedy: Count with `weights != 0`, which is another array.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input"
def smallest_format(weights, block):
    (rows, columns), (height, width) = weights.shape, block
    np.sign(weights, out=weights)
    tiles = weights.reshape(rows // height, height, columns // width, width)
    stored, blocks = int((weights != 0).sum()), int((tiles != 0).any(axis=(1, 3)).sum())
    value = weights.itemsize
    size = lambda largest: 1 if largest < 256 else 2 if largest < 65536 else 4
    found = {
        "dense": weights.nbytes,
        "csr": stored * (value + size(columns - 1)) + (rows + 1) * size(stored),
        "bsr": blocks * (height * width * value + size(columns // width - 1)) + (rows // height + 1) * size(blocks),
        "bitmask": (weights.size + 7) // 8 + stored * value,
    }
    return found | {"smallest": min(found, key=found.get)}


# %% right style="SciPy's own arrays"
import scipy.sparse


def smallest_format(weights, block):
    wide = weights.astype(np.float64)
    sizes = {"dense": int(weights.nbytes)}
    for name, matrix, last in (
        ("csr", scipy.sparse.csr_array(wide), weights.shape[1] - 1),
        ("bsr", scipy.sparse.bsr_array(wide, blocksize=block), weights.shape[1] // block[1] - 1),
    ):
        matrix.eliminate_zeros()
        widths = np.min_scalar_type(last).itemsize, np.min_scalar_type(int(matrix.indptr[-1])).itemsize
        indices = matrix.indices.size * widths[0] + matrix.indptr.size * widths[1]
        sizes[name] = matrix.data.size * weights.itemsize + indices
    sizes["bitmask"] = np.packbits(weights != 0).nbytes + int(np.count_nonzero(weights)) * weights.itemsize
    return {**sizes, "smallest": min(sizes, key=sizes.get)}


# %% right style="blocks one by one"
def smallest_format(weights, block):
    rows, columns = weights.shape
    height, width = block

    def index_bytes(largest):
        return next(size for size in (1, 2, 4) if largest < 256**size)

    def compressed(count, each, most, lines):
        return count * (each + index_bytes(most)) + (lines + 1) * index_bytes(count)

    stored = sum(1 for number in weights.ravel().tolist() if number)
    blocks = 0
    for i in range(0, rows, height):
        for j in range(0, columns, width):
            blocks += 1 if weights[i : i + height, j : j + width].any() else 0
    sizes = {"dense": rows * columns * weights.itemsize}
    sizes["csr"] = compressed(stored, weights.itemsize, columns - 1, rows)
    sizes["bsr"] = compressed(blocks, height * width * weights.itemsize, columns // width - 1, rows // height)
    sizes["bitmask"] = -(-rows * columns // 8) + stored * weights.itemsize
    best = min(sizes.values())
    sizes["smallest"] = next(name for name in sizes if sizes[name] == best)
    return sizes
