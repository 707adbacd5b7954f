import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged

from ..common import scipy_rows, sparse_matrix


def drawn_matrices(generator):
    return [
        Case("typical", sparse_matrix(generator)),
        Case("empty-rows", sparse_matrix(generator, 7, 4, empty_rows=True)),
        Case("empty-rows", sparse_matrix(generator, 5, 6, empty_rows=True)[::-1].copy()),  # the last one, too
        Case("edges", np.zeros((4, 6), np.float32)),
        Case("edges", sparse_matrix(generator, 1, 5)),
        Case("edges", generator.normal(size=(4, 1)).astype(np.float32)),
        Case("edges", sparse_matrix(generator, 6, 4).T),  # numbers that are not contiguous
        Case("edges", generator.normal(size=(3, 5)).astype(np.float32)),
        Case("dtypes", sparse_matrix(generator, 4, 8)),
        Case("dtypes", sparse_matrix(generator, 3, 6).astype(np.float64) / 3e9),
        Case("dtypes", generator.permutation(np.arange(-9, 9).reshape(3, 6) // 3).astype(np.int8)),
    ]


EXERCISE = ExerciseSpec(
    title="Store only what is there",
    response="function",
    setup="""\
import numpy as np

small = np.array([[0, 5, 0], [7, 0, 9]], dtype=np.float32)
""",
    hints=(
        "`np.nonzero(matrix)` returns row and column of each number that is not zero, row by row.",
        "Count the numbers of each row; `np.cumsum` of the counts says where each row ends.",
    ),
    criteria=(
        matching("typical", "Values, columns and pointers", points=2),
        matching("empty-rows", "Rows without any number"),
        matching("edges", "Nothing but zeros, and no zero at all"),
        matching("dtypes", "Indices in int32, values as they were", dtype=True, rtol=0, atol=0),
        unchanged("keeps-input", "The matrix is as it was"),
    ),
    reference=scipy_rows,
    public=(
        Case("typical", np.array([[0, 5, 0], [7, 0, 9]], np.float32)),
        Case("typical", np.array([[0, 0, 1, -2], [3, 0, 0, 4], [0, 6, 5, 0]], np.float32)),
        Case("empty-rows", np.array([[0, 0], [1, 2], [0, 0], [0, 3]], np.float32)),
        Case("empty-rows", np.array([[0, 3, 0], [0, 0, 0], [1, 0, 2], [0, 0, 0], [0, 0, 0]], np.float32)),
        Case("edges", np.zeros((3, 2), np.float32)),
        Case("edges", np.array([[0, 4, 0, 5]], np.float32)),
        Case("edges", np.array([[0], [-2], [6]], np.float32)),
        Case("edges", np.array([[0, 1], [2, 0], [3, 4]], np.float32).T),
        Case("edges", np.array([[1, 2], [3, 4]], np.float32)),
        Case("dtypes", np.array([[0, 2, 0], [3, 0, 4]], np.float32)),
        Case("dtypes", np.array([[0, 1e-9, 0, 0.1], [3, 0, -4e-12, 0]], np.float64)),
        Case("dtypes", np.array([[0, -3, 0], [7, 0, 2]], np.int8)),
    ),
    private=drawn_matrices,
)
