import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def least_squares(weights, x, p, damping):
    """The oracle: damping is least squares with a row more for each input, and no H is inverted."""
    weights, x = weights.astype(np.float64), x.astype(np.float64)
    extra = np.sqrt(damping * np.square(x).sum(axis=0).mean()) * np.eye(len(weights))
    rows = np.vstack([x, extra])
    others = np.delete(rows, p, axis=1)
    solved = np.linalg.lstsq(others, rows @ weights, rcond=None)[0]
    compensated = np.insert(solved, p, 0.0)
    return compensated, float(np.square(rows @ (compensated - weights)).sum())


def _draw(generator, examples, inputs, *, alike=0.7):
    common = generator.normal(size=(examples, 1))
    x = alike * common + generator.normal(size=(examples, inputs)) * generator.uniform(0.5, 2, inputs)
    return (generator.uniform(0.5, 2, inputs) * generator.choice([-1, 1], inputs)).round(3), x.round(3)


def _twins(generator, examples, inputs):
    weights, x = _draw(generator, examples, inputs)
    x[:, -1] = x[:, 0]
    return weights, x


def drawn_rows(generator):
    silent, heard = _draw(generator, 7, 4)
    heard[:, 1] = 0.0
    zero = _draw(generator, 6, 4)
    zero[0][2] = 0.0
    single = _draw(generator, 9, 5)
    return [
        Case("weights", *_draw(generator, 9, 4), 2, 0.0),
        Case("weights", *_draw(generator, 12, 6), 0, 0.0),
        Case("weights", *_draw(generator, 8, 5), 4, 0.0),
        Case("saliency", *_draw(generator, 7, 3), 1, 0.0),
        Case("saliency", *_draw(generator, 11, 5), 3, 0.0),
        Case("damping", *_draw(generator, 8, 4), 1, round(float(generator.uniform(0.05, 0.2)), 3)),
        Case("damping", *_twins(generator, 6, 5), 0, round(float(generator.uniform(0.3, 0.9)), 3)),
        Case("damping", silent, heard, 2, round(float(generator.uniform(0.1, 0.4)), 3)),
        Case("edges", *zero, 2, 0.1),
        Case("edges", *_draw(generator, 5, 1), 0, 0.0),
        Case("edges", *(one.astype(np.float32) for one in single), 1, 0.0),
        Case("edges", *_draw(generator, 2, 4), 3, 0.5),
    ]


X = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 2.0], [0.0, 3.0, 1.0], [2.0, 1.0, 1.0]])
W = np.array([1.0, -2.0, 0.5])
TWINS = np.array([[1.0, 0.5, 1.0], [-2.0, 1.5, -2.0], [0.5, 1.0, 0.5]])
SILENT = np.array([[1.0, 0.0, 2.0], [2.0, 0.0, -1.0], [1.0, 0.0, 1.0]])

EXERCISE = ExerciseSpec(
    title="Remove one weight, and compensate",
    response="function",
    setup="""\
import numpy as np

weights = np.array([1.0, 2.0, -0.5])
x = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 2.0], [0.5, 1.0, 1.0]])
""",
    hints=(
        "`hessian = 2 * x.T @ x`, then `damping * np.diag(hessian).mean()` on the diagonal, then `np.linalg.inv`.",
        "The change is column `p` of the inverse times `-weights[p] / inverse[p, p]`.",
    ),
    criteria=(
        matching("weights", "The other weights compensate", points=2, part=0, dtype=True, rtol=1e-4, atol=1e-7),
        matching("saliency", "The saliency, with H = 2 XᵀX", points=2, part=1, rtol=1e-4, atol=1e-9),
        matching("damping", "Damping by a share of the diagonal's mean", points=2, rtol=1e-4, atol=1e-7),
        matching(
            "edges",
            "A weight that is zero, a single input, float32, more inputs than examples",
            dtype=True,
            rtol=1e-4,
            atol=1e-7,
        ),
        unchanged("keeps-input", "Leaves `weights` and `x` as given", beside=("weights", "saliency")),
    ),
    reference=least_squares,
    public=(
        Case("weights", np.array([1.0, 2.0]), np.array([[1.0, 1.0], [1.0, 0.0]]), 1, 0.0),
        Case("weights", W, X, 0, 0.0),
        Case("weights", W, X, 2, 0.0),
        Case("saliency", W, X, 1, 0.0),
        Case("saliency", np.array([0.5, 1.5]), np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 1.0]]), 0, 0.0),
        Case("damping", W, X, 1, 0.125),
        Case("damping", W, TWINS, 0, 0.5),
        Case("damping", W, SILENT, 2, 0.25),
        Case("edges", np.array([1.0, 0.0, 2.0]), X, 1, 0.1),
        Case("edges", np.array([1.5]), np.array([[2.0], [-1.0]]), 0, 0.0),
        Case("edges", np.array([1.0, -3.0, 0.7], np.float32), X.astype(np.float32) / 3, 2, 0.0),
        Case("edges", W, X[:2], 1, 0.5),
    ),
    private=drawn_rows,
)
