import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, raising, unchanged


def by_eigenvectors(weight, budget):
    """The oracle projects on the eigenvectors of the smaller of the two products of the matrix with itself."""
    rows, columns = weight.shape
    ranks = [rank for rank in range(1, min(rows, columns) + 1) if rank * (rows + columns) <= budget]
    if not ranks:
        raise ValueError("rank 1 does not fit")
    whole = weight.astype(np.float64)
    _, vectors = np.linalg.eigh(whole.T @ whole if columns <= rows else whole @ whole.T)
    kept = vectors[:, ::-1][:, : ranks[-1]]
    near = whole @ kept @ kept.T if columns <= rows else kept @ kept.T @ whole
    error = np.sqrt(np.square(whole - near).sum() / np.square(whole).sum())
    return {"rank": ranks[-1], "weight": near.astype(np.float32), "error": float(error)}


def _matrix(generator, rows, columns):
    """Return a matrix whose singular values lie far apart."""
    short = min(rows, columns)
    left, _ = np.linalg.qr(generator.normal(size=(rows, short)))
    right, _ = np.linalg.qr(generator.normal(size=(columns, short)))
    values = 6 * 0.7 ** (np.arange(short) + generator.uniform(-0.2, 0.2, short))
    return ((left * values) @ right.T).astype(np.float32)


def drawn_matrices(generator):
    def between(low, high):
        return int(generator.integers(low, high))

    return [
        Case("nearest", _matrix(generator, 7, 5), between(25, 35)),
        Case("nearest", _matrix(generator, 4, 9), between(27, 38)),
        Case("nearest", _matrix(generator, 6, 6), between(37, 47)),
        Case("to-the-last", _matrix(generator, 6, 5), 33),
        Case("to-the-last", _matrix(generator, 6, 5), 32),
        Case("to-the-last", _matrix(generator, 3, 8), 11),
        Case("full", _matrix(generator, 5, 4), between(60, 90)),
        Case("full", _matrix(generator, 3, 7), between(40, 60)),
        Case("full", _matrix(generator, 1, 6), between(20, 30)),
        Case("refuses", _matrix(generator, 6, 5), 10),
        Case("refuses", _matrix(generator, 3, 4), between(0, 6)),
    ]


_M = np.array([[3, 0, 0], [0, 4, 0]], np.float32)
_N = np.array([[2, -1, 0.5, 1], [1, 3, -2, 0.25], [-0.5, 1, 4, 2]], np.float32)

EXERCISE = ExerciseSpec(
    title="As much rank as the budget allows",
    response="function",
    setup="""\
import numpy as np

matrix = np.array([[3, 0, 0], [0, 4, 0]], dtype=np.float32)
""",
    hints=(
        "The two thin matrices of rank r have r · (m + n) parameters.",
        "`np.linalg.svd(weight, full_matrices=False)` gives U, the descending singular values, and V transposed.",
        "`(left[:, :rank] * values[:rank]) @ right[:rank]`",
    ),
    criteria=(
        matching("rank", "The highest rank within the budget", points=2, part="rank", rtol=0, atol=0, dtype=True),
        matching("nearest", "The nearest matrix of that rank", points=3, part="weight", rtol=1e-3, atol=1e-4),
        matching("error", "Its error, as a fraction of the norm", part="error", rtol=1e-3, atol=1e-5),
        matching(
            "to-the-last", "A budget that fits exactly, and one that is short by one", part="rank", rtol=0, atol=0
        ),
        matching("full", "More budget than the full rank takes", part="rank", rtol=0, atol=0),
        raising("refuses", "Refuses where rank 1 does not fit", "ValueError"),
        unchanged("keeps-input", "Leaves `weight` as given", beside=("rank", "nearest", "error")),
    ),
    reference=by_eigenvectors,
    public=(
        Case("nearest", _M, 9),
        Case("nearest", _N, 20),
        Case("nearest", _N.T @ _N + np.eye(4, dtype=np.float32), 26),
        Case("to-the-last", _N, 14),
        Case("to-the-last", _N, 13),
        Case("to-the-last", _M, 5),
        Case("full", _M, 40),
        Case("full", _N, 70),
        Case("full", _N[:1], 17),
        Case("refuses", _M, 4),
        Case("refuses", _N, 0),
    ),
    private=drawn_matrices,
)
