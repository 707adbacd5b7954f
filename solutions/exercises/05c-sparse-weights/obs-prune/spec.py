import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, matching, unchanged


def best_of_all(weights, hessian, count):
    """The oracle: least squares anew for each weight that might go next; the one whose loss is least goes."""
    root = np.linalg.cholesky(hessian / 2).T
    left, order, found = list(range(len(weights))), [], weights.copy()
    for _ in range(count):
        tried = []
        for p in left:
            rest = [one for one in left if one != p]
            solved = np.zeros(len(weights))
            if rest:
                solved[rest] = np.linalg.lstsq(root[:, rest], root @ weights, rcond=None)[0]
            tried.append((round(float(np.square(root @ (solved - weights)).sum()), 9), p, solved))
        _, p, found = min(tried, key=lambda one: one[:2])
        left.remove(p)
        order.append(p)
    return {"order": order, "weights": found}


def _draw(generator, inputs, count, *, alike=0.8, zeros=0):
    """Draw a row of which simpler rules would remove other weights, and in which so many are zero from the start."""
    while True:
        x = alike * generator.normal(size=(2 * inputs, 1)) + generator.normal(size=(2 * inputs, inputs))
        x *= generator.uniform(0.4, 2.5, inputs)
        weights = (generator.uniform(0.3, 2, inputs) * generator.choice([-1, 1], inputs)).round(3)
        weights[generator.permutation(inputs)[:zeros]] = 0.0
        hessian = 2 * x.T @ x
        if count in (0, inputs) or _differs(weights, hessian, count):
            return weights, hessian, count


def _rounding(generator, inputs, count):
    """Draw a row of which every weight, less itself times d over d, leaves a rounding error, whatever the machine."""
    weights, diagonal = np.empty(inputs), np.empty(inputs)
    for at in range(inputs):
        while True:
            weights[at], diagonal[at] = generator.uniform(0.3, 2) * generator.choice([-1, 1]), generator.uniform(1, 9)
            inverse = 1 / diagonal[at]
            if weights[at] - weights[at] / inverse * inverse != 0:
                break
    return weights, np.diag(diagonal), count


def _differs(weights, hessian, count):
    """Say whether the saliencies at the start, magnitudes and the diagonal of H would take other weights."""
    order = best_of_all(weights, hessian, count)["order"]
    at_once = weights**2 / np.diag(np.linalg.inv(hessian))
    simple = [np.argsort(one)[:count] for one in (at_once, np.abs(weights), weights**2 * np.diag(hessian))]
    apart = np.diff(np.log(np.sort(at_once[weights != 0]))).min() > 1e-3
    return apart and all(set(one.tolist()) != set(order) for one in simple)


def drawn_rows(generator):
    scale = float(generator.uniform(1, 9))
    tied = generator.permutation(np.array([1.5, -1.5, 1.5, 2.5, -2.5])) * round(float(generator.uniform(1, 2)), 2)
    return [
        Case("order", *_draw(generator, 5, 3)),
        Case("order", *_draw(generator, 6, 4)),
        Case("order", *_draw(generator, 6, 3, zeros=1)),
        Case("weights", *_draw(generator, 5, 2)),
        Case("weights", *_draw(generator, 6, 4)),
        Case("weights", *_draw(generator, 5, 3)),
        Case("weights", *_draw(generator, 7, 4, zeros=1)),
        Case("weights", *_draw(generator, 16, 14)),  # many steps, whose rounding errors reach what went before
        Case("weights", *_rounding(generator, 8, 5)),
        Case("ties", tied, 8.0 * np.eye(5), 2),
        Case("ties", -tied[::-1].copy(), 2.0 * np.eye(5), 4),
        Case("ends", *_draw(generator, 4, 0)),
        Case("ends", *_draw(generator, 4, 4)),
        Case("ends", np.array([scale]), np.array([[2 * scale]]), 1),
    ]


SEEDED = np.random.default_rng(4)
FOUR, FIVE, SIX = (_draw(SEEDED, size, count)[:2] for size, count in ((4, 0), (5, 3), (6, 4)))
WITH_ZERO = _draw(SEEDED, 5, 2, zeros=1)
ROUNDING, MANY = _rounding(SEEDED, 4, 2), _draw(SEEDED, 16, 14)

EXERCISE = ExerciseSpec(
    title="Remove several weights, one after the other",
    response="function",
    setup="""\
import numpy as np

weights = np.array([1.0, -1.0, 0.8])
hessian = np.array([[2.0, 1.0, 0.5], [1.0, 2.0, 0.0], [0.5, 0.0, 4.0]])
""",
    hints=(
        "`np.linalg.inv(hessian[np.ix_(left, left)])` is the inverse for the places in the list `left`.",
        "`np.argmin` returns the first of several least numbers; it is a place in `left`, and not in the row.",
    ),
    criteria=(
        matching("order", "The weight of least saliency goes, each time anew", points=2, part="order"),
        matching(
            "weights",
            "The weights that are left compensate, those that went are exactly zero",
            points=2,
            part="weights",
            rtol=1e-4,
            atol=0,
            dtype=True,
        ),
        exactly("ties", "Equal saliencies: the one that stands first", part="order"),
        matching("ends", "None, all, a single weight", part="weights", rtol=1e-4, atol=1e-7),
        unchanged("keeps-input", "Leaves what it was given as it was", beside=("order", "weights")),
    ),
    reference=best_of_all,
    public=(
        Case("order", *FIVE, 3),
        Case("order", *SIX, 4),
        Case("order", *WITH_ZERO),
        Case("weights", np.array([1.0, -1.5]), np.array([[2.0, 1.0], [1.0, 2.0]]), 1),
        Case("weights", *FIVE, 3),
        Case("weights", *SIX, 4),
        Case("weights", *WITH_ZERO),
        Case("weights", *ROUNDING),
        Case("weights", *MANY),
        Case("ties", np.array([2.0, -1.0, 1.0, -2.0, 1.0]), 4.0 * np.eye(5), 2),
        Case("ties", np.array([-2.0, 3.0, 2.0, -3.0]), 2.0 * np.eye(4), 3),
        Case("ends", *FOUR, 0),
        Case("ends", *FOUR, 4),
        Case("ends", np.array([3.0]), np.array([[5.0]]), 1),
    ),
    private=drawn_rows,
)
