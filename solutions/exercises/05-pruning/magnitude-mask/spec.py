import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import distinct, kept_places, strided


def ranked_mask(weights, sparsity):
    """The oracle sorts pairs of magnitude and place."""
    return kept_places(weights.ravel(), round(sparsity * weights.size)).reshape(weights.shape)


def _close(generator):
    """Numbers of float64 that are the same in float32, and in no order."""
    return (1 + generator.permutation(12) * 1e-12).reshape(3, 4) * generator.choice([-2.0, 2.0], (3, 4))


def _tied(generator, values, shape):
    """Draw how often each magnitude comes once and for all, and where."""
    size = int(np.prod(shape))
    numbers = np.resize(np.array(values, np.float32) * np.float32(generator.uniform(0.5, 2)), size)
    return (generator.permutation(numbers) * generator.choice([-1, 1], size)).astype(np.float32).reshape(shape)


def _with_zeros(generator):
    weights = distinct(generator, 4, 5)
    weights.flat[generator.choice(20, 8, replace=False)] = 0.0
    return weights


def drawn_weights(generator):
    return [
        Case("typical", distinct(generator, 5, 7), 0.37),
        Case("typical", strided(distinct(generator, 3, 2, 4)), 0.71),
        Case("typical", _close(generator), 0.4),
        Case("rounded", distinct(generator, 5), 0.5),
        Case("rounded", distinct(generator, 7), 0.5),
        Case("rounded", distinct(generator, 3, 9), 0.1),
        Case("ties", _tied(generator, [1, 1, 2], (5, 12)), 0.25),
        Case("ties", _tied(generator, [1], (2, 7)), 0.35),
        Case("zeros", _with_zeros(generator), 0.25),
        Case("zeros", _with_zeros(generator), 0.6),
        Case("ends", distinct(generator, 3, 4), 0.0),
        Case("ends", distinct(generator, 2, 5), 1.0),
        Case("ends", distinct(generator, 3, 5), 0.01),
        Case("ends", distinct(generator, 3, 6), 0.05),
        Case("ends", distinct(generator, 1), 0.75),
    ]


EXERCISE = ExerciseSpec(
    title="A mask with an exact count",
    response="function",
    setup="""\
import numpy as np

weights = np.array([[0.5, -0.1, 0.3], [-0.7, 0.1, 0.2]], dtype=np.float32)
""",
    hints=(
        "Flatten the magnitudes, and rank the places, not the values: `np.argsort`.",
        "`np.argsort(…, kind='stable')` leaves equal numbers in the order in which they stand.",
    ),
    criteria=(
        exactly("typical", "The smallest magnitudes go, and no other", points=2, dtype=True),
        exactly("rounded", "The count is rounded, half to even"),
        exactly("ties", "Equal magnitudes: those that stand first go first"),
        exactly("zeros", "Zeros that were there count as weights, and go first"),
        exactly("ends", "Nothing, everything, hardly anything, and a single weight"),
        unchanged("keeps-input", "Leaves `weights` as given", beside=("typical",)),
    ),
    reference=ranked_mask,
    public=(
        Case("typical", np.array([[0.5, -0.1, 0.3], [-0.7, 0.15, 0.2]], np.float32), 0.5),
        Case("typical", strided(np.array([[[3, -4], [-1, 8]], [[6, 2], [-5, 7]]], np.float32)), 0.4),
        Case("typical", np.array([1 + 2e-12, -1, 1 + 1e-12, -1 - 3e-12]), 0.25),
        Case("rounded", np.array([4, -2, 1, 3, -5], np.float32), 0.5),
        Case("rounded", np.array([4, 7, -2, 1, 3, -6, -5], np.float32), 0.5),
        Case("rounded", np.array([4, -2, 1, 3, -5, 6], np.float32), 0.3),
        Case("ties", np.array([1, 2, -1, 1, -2, 2, 1, 2], np.float32), 0.25),
        Case("ties", np.array([[-3, 3, 3], [3, -3, -3]], np.float32), 0.5),
        Case("ties", np.resize(np.array([2, -1, 1, 2, -1, 1, -2], np.float32), (5, 11)), 0.3),
        Case("zeros", np.array([[2, 0, -3], [0, 1, 4]], np.float32), 0.5),
        Case("zeros", np.array([[2, 0, -3], [0, 1, 0]], np.float32), 0.35),
        Case("ends", np.array([2, -3, 1], np.float32), 0.0),
        Case("ends", np.array([[2, -3], [1, 5]], np.float32), 1.0),
        Case("ends", np.array([2, -3, 1, 6], np.float32), 0.05),
        Case("ends", np.array([2, -3, 1, 6], np.float32), 0.2),
        Case("ends", np.array([-3], np.float32), 0.75),
    ),
    private=drawn_weights,
)
