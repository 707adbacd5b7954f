import numpy as np
import scipy.sparse
import scipy.stats

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged

from ..common import scipy_rows, sparse_matrix


def scipy_product(values, col_indices, row_pointers, x):
    """The oracle is SciPy's kernel, which spoils no result: it never reads what no value meets."""
    matrix = scipy.sparse.csr_matrix((values, col_indices, row_pointers), (len(row_pointers) - 1, len(x)))
    unused = np.setdiff1d(np.arange(len(x)), col_indices)
    infinite = x.copy()
    infinite[unused] = np.inf
    return {
        "y": (matrix @ x).astype(values.dtype),
        "macs": matrix.nnz,
        "spoiled": int((~np.isfinite(matrix @ infinite)).sum()),
    }


def _product_case(behaviour, matrix, generator, *, stored_zero=False, x_dtype=None):
    parts = scipy_rows(matrix)
    if stored_zero:
        parts["values"][1] = 0
    x = generator.integers(1, 9, matrix.shape[1]) + generator.uniform(0.1, 0.9, matrix.shape[1])
    return Case(
        behaviour, parts["values"], parts["col_indices"], parts["row_pointers"], x.astype(x_dtype or matrix.dtype)
    )


def drawn_products(generator):
    wide = np.pad(sparse_matrix(generator), ((0, 0), (1, 2)))  # with columns in which nothing is stored
    return [
        _product_case("no-zeros", wide, generator),
        _product_case("product", sparse_matrix(generator, 8, 4), generator),
        _product_case("product", sparse_matrix(generator, 3, 5).astype(np.float64) / 3, generator),
        _product_case("product", sparse_matrix(generator, 3, 5).astype(np.float64), generator, x_dtype=np.float32),
        _product_case("product", sparse_matrix(generator, 4, 5), generator, x_dtype=np.float64),
        _product_case("product", sparse_matrix(generator, 1, 6), generator),
        _product_case("macs", sparse_matrix(generator, 4, 6), generator),
        _product_case("macs", sparse_matrix(generator), generator, stored_zero=True),
        _product_case("empty-rows", sparse_matrix(generator, 7, 5, empty_rows=True), generator),
        _product_case("empty-rows", sparse_matrix(generator, 6, 5, empty_rows=True)[::-1].copy(), generator),
    ]


EXERCISE = ExerciseSpec(
    title="A product that never meets a zero",
    response="function",
    name="watched_matvec",
    setup='''\
import numpy as np


def with_infinities(matvec):
    """Return `matvec` as it is checked: called again, with infinity where no column is stored.

    Zero times infinity is nan, so each result that a zero had a part in is spoiled;
    `"spoiled"` counts them.
    """

    def watched(values, col_indices, row_pointers, x):
        infinite = x.copy()
        infinite[np.setdiff1d(np.arange(len(x)), col_indices)] = np.inf
        again = (values.copy(), col_indices.copy(), row_pointers.copy(), infinite)
        result = matvec(values, col_indices, row_pointers, x)
        if not isinstance(result, dict):
            return result
        with np.errstate(invalid="ignore"):
            spoiled = ~np.isfinite(matvec(*again).get("y", np.nan))
        return result | {"spoiled": int(spoiled.sum())}

    return watched


# [[0, 5, 0], [7, 0, 9]] in compressed sparse rows.
values = np.array([5, 7, 9], dtype=np.float32)
col_indices = np.array([1, 0, 2], dtype=np.int32)
row_pointers = np.array([0, 1, 3], dtype=np.int32)
x = np.array([1, 2, 3], dtype=np.float32)
''',
    hints=(
        "Row i owns the entries from `row_pointers[i]` up to `row_pointers[i + 1]`, which is left out.",
        "`x[col_indices]` picks the number of `x` that each value meets.",
    ),
    criteria=(
        matching("product", "`y`: the product, in the dtype of `values`", part="y", dtype=True),
        matching("no-zeros", "No zero is multiplied: `spoiled` is 0", part="spoiled", beside=("product",)),
        matching("macs", "`macs`: one for each stored value", part="macs"),
        matching("empty-rows", "`y` is 0 for an empty row", part="y"),
        unchanged("keeps-inputs", "The arrays are as they were"),
    ),
    reference=scipy_product,
    public=(
        Case("product", *scipy_rows(np.array([[0, 5, 0], [7, 0, 9]], np.float32)).values(), np.float32([1, 2, 3])),
        _product_case("no-zeros", np.array([[0, 5, 0, 0], [0, 0, 9, 0]], np.float32), np.random.default_rng(5)),
        _product_case("product", np.array([[0, 5, 0], [7, 0, 9]], np.float32), np.random.default_rng(0)),
        _product_case("product", np.array([[0, 0, 1, 2], [3, 0, 0, 4]], np.float32), np.random.default_rng(1)),
        _product_case("product", np.array([[0, 0.1, 0], [7, 0, 9]], np.float64), np.random.default_rng(6)),
        _product_case(
            "product", np.array([[0, 2.5], [7, 0]], np.float64), np.random.default_rng(7), x_dtype=np.float32
        ),
        _product_case(
            "product", np.array([[0, 2.5], [7, 0]], np.float32), np.random.default_rng(8), x_dtype=np.float64
        ),
        _product_case("product", np.array([[3, 0, 5]], np.float32), np.random.default_rng(9)),
        _product_case("macs", np.array([[0, 5, 0], [7, 0, 9]], np.float32), np.random.default_rng(2)),
        _product_case("macs", np.array([[1, 5], [7, 0]], np.float32), np.random.default_rng(3), stored_zero=True),
        _product_case("empty-rows", np.array([[0, 0], [1, 2], [0, 0], [0, 3]], np.float32), np.random.default_rng(4)),
        _product_case("empty-rows", np.array([[4, 0], [1, 2], [0, 0]], np.float32), np.random.default_rng(10)),
    ),
    private=drawn_products,
)
