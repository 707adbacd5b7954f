import numpy as np
import scipy.sparse
import scipy.stats

from quizlib import measures
from quizlib.authoring import Case, ExerciseSpec, exactly


def bytes_of_formats(rows, columns, nonzeros, value_bytes):
    """The oracle builds the arrays of each format, and asks them."""
    dtype, count = np.dtype(f"i{value_bytes}"), rows * columns
    flat = np.zeros(count, dtype)
    flat[:nonzeros] = 1
    csr = scipy.sparse.csr_matrix(flat.reshape(rows, columns))
    indices = csr.indices.astype(np.int32).nbytes + csr.indptr.astype(np.int32).nbytes
    return {
        "dense": flat.nbytes,
        "csr": csr.data.nbytes + indices,
        "bitmask": np.packbits(flat != 0).nbytes + flat[flat != 0].nbytes,
        "two_four": measures.n_m_size_bytes(count, 2, 4, value_dtype=dtype),
    }


def drawn_formats(generator):
    def drawn(behaviour):
        rows, columns = 2 * int(generator.integers(4, 24)) + 1, 8 * int(generator.integers(3, 12))
        nonzeros = int(generator.integers(rows * columns // 8, rows * columns // 3))
        return Case(behaviour, rows, columns, nonzeros, int(generator.choice([1, 2, 4])))

    def edge(behaviour, *, full):
        rows, columns = int(generator.integers(4, 24)), 8 * int(generator.integers(3, 12))
        nonzeros = rows * columns - int(generator.integers(0, rows)) if full else 0
        return Case(behaviour, rows, columns, nonzeros, 8)

    usual = [drawn(behaviour) for behaviour in ("dense", "csr", "csr", "bitmask", "two-four")]
    sparse = ("csr", "bitmask", "two-four")
    return usual + [edge(behaviour, full=full) for behaviour in sparse for full in (True, False)]


EXERCISE = ExerciseSpec(
    title="What a zero still costs",
    response="function",
    setup="""\
rows, columns = 256, 64  # the first layer of the digits MLP
""",
    hints=(
        "CSR: a value and a column for each number that is not zero, and one row pointer more than there are rows.",
        "Eight bits of a mask make one byte.",
        "2:4 stores two of every four places, whether or not they are zero.",
    ),
    criteria=(
        exactly("dense", "`dense`: every place", part="dense"),
        exactly("csr", "`csr`: values, columns, row pointers", points=2, part="csr"),
        exactly("bitmask", "`bitmask`: a bit for each place", part="bitmask"),
        exactly("two-four", "`two_four`: half the places, 2 bits each", part="two_four"),
    ),
    reference=bytes_of_formats,
    public=(
        Case("dense", 8, 16, 32, 4),
        Case("dense", 3, 24, 7, 1),
        Case("csr", 2, 8, 4, 2),
        Case("csr", 8, 16, 32, 4),
        Case("csr", 16, 8, 16, 1),
        Case("bitmask", 8, 16, 32, 2),
        Case("bitmask", 5, 8, 13, 1),
        Case("two-four", 8, 16, 32, 2),
        Case("two-four", 3, 24, 5, 4),
        *(Case(behaviour, 3, 8, 0, 8) for behaviour in ("csr", "bitmask", "two-four")),
        *(Case(behaviour, 4, 16, 61, 8) for behaviour in ("csr", "bitmask", "two-four")),
    ),
    private=drawn_formats,
)
