import numpy as np
import scipy.sparse
import scipy.stats

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def fitted(sizes, costs, from_size):
    kept = sizes >= from_size
    fit = scipy.stats.linregress(np.log(sizes[kept]), np.log(costs[kept]))
    return {"exponent": float(fit.slope), "coefficient": float(np.exp(fit.intercept))}


def drawn_costs_by_size(generator):
    sizes = np.sort(generator.choice(np.arange(2, 400), 9, replace=False)).astype(np.float64)
    exponent, coefficient = float(generator.uniform(0.5, 3)), float(generator.uniform(0.01, 0.3))
    exact = coefficient * sizes**exponent
    noisy = exact * np.exp(generator.normal(scale=0.2, size=9))
    floored = exact + np.where(np.arange(9) < 4, 5 * exact[3], 0)
    order = generator.permutation(9)
    return [
        Case("exact", sizes[order], exact[order], 0),
        Case("exact", sizes[:2], exact[:2] * 1e-9, 0),  # seconds of a few nanoseconds each
        Case("least-squares", sizes, noisy, 0),
        Case("least-squares", sizes[order], noisy[order], int(sizes[0])),
        Case("from-size", sizes[order], floored[order], int(sizes[4])),
        Case("from-size", sizes[order], floored[order], float(sizes[4]) - 0.5),
    ]


EXERCISE = ExerciseSpec(
    title="Complexity, found by measuring",
    response="function",
    setup="""\
import numpy as np

widths = np.array([64.0, 128.0, 256.0, 512.0, 1024.0])
weights = widths * widths  # of a square linear layer
""",
    hints=(
        "Where cost = coefficient × size ** exponent, log(cost) is a straight line in log(size).",
        "`np.polyfit(x, y, 1)` returns slope and intercept; the intercept is a logarithm.",
    ),
    criteria=(
        matching("exact", "Exponent and coefficient of an exact law", points=2, atol=0),
        matching("least-squares", "The line nearest to all noisy points, the first included", atol=0),
        matching("from-size", "Only sizes from `from_size` on", atol=0),
        unchanged("keeps-input", "The arrays are as they were"),
    ),
    reference=fitted,
    public=(
        Case("exact", np.array([1.0, 2.0, 4.0]), np.array([5.0, 20.0, 80.0]), 0),
        Case("exact", np.array([4.0, 1.0, 2.0]), np.array([80.0, 5.0, 20.0]), 0),
        Case("exact", np.array([1.0, 10.0, 100.0]), np.array([3.0, 300.0, 30000.0]), 0),
        Case("exact", np.array([64.0, 144.0]), np.array([1.536e-6, 5.184e-6]), 0),
        Case("least-squares", np.array([1.0, 2.0, 4.0, 8.0]), np.array([1.0, 3.0, 3.5, 9.0]), 0),
        Case("least-squares", np.array([3.0, 5.0, 6.0, 9.0]), np.array([2.0, 4.0, 3.0, 6.0]), 3),
        Case("from-size", np.array([1.0, 2.0, 4.0, 8.0, 16.0]), np.array([5.0, 5.0, 8.0, 16.0, 32.0]), 4),
        Case("from-size", np.array([8.0, 1.0, 16.0, 2.0, 4.0]), np.array([16.0, 5.0, 32.0, 5.0, 8.0]), 4),
        Case("from-size", np.array([3.0, 5.0, 2.0, 9.0, 6.0]), np.array([9.0, 25.0, 7.0, 81.0, 36.0]), 2.5),
    ),
    private=drawn_costs_by_size,
)
