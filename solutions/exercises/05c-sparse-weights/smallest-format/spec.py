import numpy as np
import scipy.sparse

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged


def measured_arrays(weights, block):
    """The oracle builds the arrays with SciPy, narrows their indices, and asks each what it takes."""
    wide = weights.astype(np.float64)
    csr, bsr = scipy.sparse.csr_array(wide), scipy.sparse.bsr_array(wide, blocksize=block)
    csr.eliminate_zeros()
    bsr.eliminate_zeros()
    mask = np.packbits(weights != 0)
    found = {"dense": weights.nbytes}
    for name, matrix, last in (
        ("csr", csr, weights.shape[1] - 1),
        ("bsr", bsr, weights.shape[1] // block[1] - 1),
    ):
        columns = matrix.indices.astype(np.min_scalar_type(max(last, 0)))
        pointers = matrix.indptr.astype(np.min_scalar_type(int(matrix.indptr[-1])))
        found[name] = matrix.data.astype(weights.dtype).nbytes + columns.nbytes + pointers.nbytes
    found["bitmask"] = mask.nbytes + weights[weights != 0].nbytes
    return found | {"smallest": sorted(found, key=found.__getitem__)[0]}


NUMBERS = np.arange(-98, 101, 9)
"""Of both signs, each 1 more than a multiple of 9, so that up to eight of them never add up to zero by chance."""


def _free(generator, rows, columns, left, dtype):
    """Draw a matrix with so many numbers that are not zero, at free places."""
    flat = np.zeros(rows * columns)
    flat[generator.choice(flat.size, left, replace=False)] = generator.choice(NUMBERS, left)
    return flat.astype(dtype).reshape(rows, columns)


def _blocks(generator, rows, columns, block, left, dtype):
    """Draw a matrix with so many blocks that are full, and all others zero."""
    tiles = _free(generator, rows // block[0], columns // block[1], left, np.float64) != 0
    full = np.kron(tiles, np.ones(block))
    return (full * generator.integers(1, 100, full.shape)).astype(dtype)


def _opposite(generator, rows, columns, block, dtype):
    """Draw a matrix of zeros but for three blocks: two of a number and its opposite, one of two negative numbers."""
    high, wide = rows // block[0], columns // block[1]
    tiles = np.zeros((high * wide, block[0] * block[1]))
    drawn = generator.integers(1, 100, (3, 1)) * [[1, -1], [-1, 1], [-1, -1]]
    for tile, numbers in zip(generator.permutation(high * wide), drawn, strict=False):
        tiles[tile, generator.permutation(block[0] * block[1])[:2]] = numbers
    return tiles.reshape(high, wide, *block).swapaxes(1, 2).reshape(rows, columns).astype(dtype)


def drawn_layers(generator):
    return [
        Case("free", _free(generator, 6, 10, 17, np.float32), (2, 5)),
        Case("free", _free(generator, 8, 12, 9, np.float32), (4, 3)),
        Case("free", _free(generator, 5, 9, 30, np.float64), (1, 3)),
        Case("blocks", _blocks(generator, 12, 8, (3, 4), 3, np.float32), (3, 4)),
        Case("blocks", _blocks(generator, 8, 20, (2, 4), 4, np.float32), (4, 2)),
        Case("blocks", _blocks(generator, 6, 12, (2, 6), 2, np.float16), (2, 6)),
        Case("blocks", _opposite(generator, 9, 9, (3, 3), np.float32), (3, 3)),
        Case("narrow", _free(generator, 7, 10, 25, np.int8), (7, 2)),
        Case("narrow", _blocks(generator, 16, 16, (4, 4), 4, np.int8), (4, 4)),
        Case("narrow", _free(generator, 3, 5, 8, np.int8), (1, 1)),
        Case("indices", _free(generator, 2, 256, 40, np.float32), (2, 1)),
        Case("indices", _free(generator, 2, 257, 40, np.float32), (2, 1)),
        Case("indices", _free(generator, 40, 16, 255, np.float32), (1, 1)),
        Case("indices", _free(generator, 40, 16, 256, np.float32), (1, 1)),
        Case("indices", _free(generator, 4, 512, 300, np.int8), (2, 2)),
        Case("indices", _free(generator, 300, 220, 65536, np.int8), (300, 10)),
        Case("edges", np.zeros((4, 6), np.float32), (2, 3)),
        Case("edges", _free(generator, 4, 6, 24, np.float32), (2, 2)),
        Case("edges", _free(generator, 2, 1, 2, np.int8), (1, 1)),
        Case("edges", _free(generator, 1, 7, 3, np.float32), (1, 7)),
    ]


SEEDED = np.random.default_rng(2)
WORKED = np.array([[0, 7, 0, 0], [0, 0, 0, 0]], np.int8)

EXERCISE = ExerciseSpec(
    title="Which format is the smallest?",
    response="function",
    setup="""\
import numpy as np

sparse = np.array(
    [
        [0, 7, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [1, 2, 3, 4, 0, 0, 0, 0],
        [5, 6, 7, 8, 0, 0, 0, 0],
    ]
)
""",
    hints=(
        "`weights.reshape(rows // height, height, columns // width, width)` has the blocks on its axes 0 and 2.",
        "`min(sizes, key=sizes.get)` returns the first of several keys with the fewest bytes.",
    ),
    criteria=(
        exactly("free", "Zeros at free places", points=2),
        exactly("blocks", "Zeros in blocks", points=2),
        exactly("narrow", "Values of one byte"),
        exactly("indices", "The narrowest indices, at 255 and 256, 65,535 and 65,536"),
        exactly("edges", "All zero, none zero, one column, one row"),
        unchanged("keeps-input", "Leaves `weights` as given", beside=("free", "blocks")),
    ),
    reference=measured_arrays,
    public=(
        Case("free", _free(SEEDED, 4, 6, 7, np.float32), (2, 3)),
        Case("free", _free(SEEDED, 9, 10, 8, np.float32), (3, 2)),
        Case("free", _free(SEEDED, 3, 8, 15, np.float64), (1, 4)),
        Case("blocks", _blocks(SEEDED, 8, 12, (4, 3), 2, np.float32), (4, 3)),
        Case("blocks", _blocks(SEEDED, 8, 12, (2, 4), 3, np.float32), (4, 2)),
        Case("blocks", _blocks(SEEDED, 6, 8, (2, 4), 2, np.float16), (2, 4)),
        Case("blocks", _opposite(SEEDED, 6, 8, (2, 4), np.float32), (2, 4)),
        Case("blocks", _opposite(SEEDED, 9, 9, (3, 3), np.float64), (3, 3)),
        Case("narrow", WORKED, (1, 2)),
        Case("narrow", _free(SEEDED, 6, 8, 20, np.int8), (3, 2)),
        Case("narrow", _blocks(SEEDED, 12, 16, (4, 4), 3, np.int8), (4, 4)),
        Case("indices", _free(SEEDED, 2, 256, 30, np.float32), (2, 1)),
        Case("indices", _free(SEEDED, 2, 257, 30, np.float32), (2, 1)),
        Case("indices", _free(SEEDED, 32, 16, 255, np.float32), (1, 1)),
        Case("indices", _free(SEEDED, 32, 16, 256, np.float32), (1, 1)),
        Case("indices", _free(SEEDED, 2, 512, 350, np.int8), (1, 2)),
        Case("indices", _free(SEEDED, 300, 220, 65535, np.int8), (300, 10)),
        Case("indices", _free(SEEDED, 300, 220, 65536, np.int8), (300, 10)),
        Case("edges", np.zeros((2, 6), np.float32), (1, 3)),
        Case("edges", _free(SEEDED, 3, 4, 12, np.float32), (1, 2)),
        Case("edges", _free(SEEDED, 3, 1, 3, np.int8), (1, 1)),
        Case("edges", _free(SEEDED, 1, 5, 2, np.float32), (1, 5)),
    ),
    private=drawn_layers,
)
