import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import distinct, kept_in, strided


def ranked_by_output(weights, x, sparsity):
    """The oracle ranks the energy that each weight lets through, output by output, in float64."""
    energy = np.square(x.astype(np.float64)).sum(axis=0)
    rows = [np.square(row) * energy for row in weights.astype(np.float64)]
    return np.array([kept_in(row, round(sparsity * len(row))) for row in rows]).reshape(weights.shape)


def _masks(weights, x, sparsity):
    """Return the masks of other rules: magnitude, the sum of magnitudes, the norm squared."""
    rules = (1.0, np.abs(x).sum(axis=0), np.square(x).sum(axis=0))
    removed = round(sparsity * weights.shape[1])
    return [np.array([kept_in(row, removed) for row in np.abs(weights) * rule]) for rule in rules]


def _draw(generator, outputs, inputs, examples, sparsity, *, tells=False):
    """Draw a layer whose mask is not that of magnitude; it is that of the other rules, unless it `tells` them, too."""
    while True:
        weights = distinct(generator, outputs, inputs, scale=0.1)
        loud = generator.permutation(2.0 ** np.linspace(-2.5, 2.5, inputs))
        x = (generator.normal(size=(examples, inputs)) * loud).astype(np.float32)
        scores = np.sort(np.abs(weights) * np.linalg.norm(x, axis=0), axis=1)
        apart = np.diff(np.log(scores), axis=1).min(initial=1) > 1e-3
        asked = ranked_by_output(weights, x, sparsity)
        by_magnitude, *near = ((mask != asked).any() for mask in _masks(weights, x, sparsity))
        trivial = asked.all() or not asked.any()
        if apart and (trivial or (by_magnitude and near == [tells, tells])):
            return weights, x, sparsity


def _tied(generator, outputs, inputs):
    """Whole numbers: the inputs are all alike, with three magnitudes of weights."""
    weights = generator.permutation(np.resize([1.0, -1.0, 2.0, 3.0, -2.0], outputs * inputs))
    x = np.repeat(generator.integers(1, 9, (3, 1)), inputs, axis=1) * generator.choice([-1.0, 1.0], inputs)
    return weights.astype(np.float32).reshape(outputs, inputs), x.astype(np.float32)


def _silent(generator, outputs, inputs, silent, sparsity):
    """Draw a layer of which some inputs are silent, and whose mask is that of one ranking for all outputs, too."""
    while True:
        weights, x, _ = _draw(generator, outputs, inputs, 5, sparsity)
        x[:, generator.choice(inputs, silent, replace=False)] = 0.0
        asked = ranked_by_output(weights, x, sparsity)
        energy = np.square(weights) * np.square(x).sum(axis=0)
        at_once = kept_in(energy.ravel(), round(sparsity * weights.size)).reshape(weights.shape)
        others = [(mask != asked).any() for mask in (*_masks(weights, x, sparsity), at_once)]
        if others == [True, False, False, False]:
            return weights, x, sparsity


def drawn_layers(generator):
    weights, x, half = _draw(generator, 4, 6, 7, 0.5, tells=True)
    return [
        Case("typical", *_draw(generator, 3, 7, 5, 0.43, tells=True)),
        Case("typical", strided(weights), strided(x), half),
        Case("typical", *_draw(generator, 6, 6, 6, 0.66, tells=True)),
        Case("rounded", *_draw(generator, 3, 5, 4, 0.5)),
        Case("rounded", *_draw(generator, 2, 7, 3, 0.5)),
        Case("rounded", *_draw(generator, 4, 8, 3, 0.23)),
        Case("ties", *_tied(generator, 3, 10), 0.4),
        Case("ties", *_tied(generator, 2, 9), 0.45),
        Case("ties", *_tied(generator, 2, 40), 0.4),  # short rows stay in order under any sort
        Case("silent", *_silent(generator, 3, 8, 2, 0.25)),
        Case("silent", *_silent(generator, 2, 6, 2, 0.5)),
        Case("ends", *_draw(generator, 3, 4, 5, 0.0)),
        Case("ends", *_draw(generator, 2, 5, 3, 1.0)),
        Case("ends", *_draw(generator, 1, 6, 4, 0.33)),
        Case("ends", *_draw(generator, 3, 1, 4, 0.3)),
    ]


LOUD = np.array([[4.0, 0.5, 1.0, 0.0], [-3.0, 0.25, 1.0, 2.0]], np.float32)
LAYER = np.array([[0.5, -2.0, 1.25, 3.0], [-0.25, 6.0, 0.75, 1.5], [1.0, 9.5, -2.0, 0.125]], np.float32)
SQUARE = np.array([[3.0, 1.0, -2.0], [0.5, 1.0, 1.0], [4.0, -1.5, 0.25]], np.float32)

EXERCISE = ExerciseSpec(
    title="Weight times input",
    response="function",
    setup="""\
import numpy as np

weights = np.array([[0.5, -2.0, 1.25], [-0.25, 6.0, 0.75]], dtype=np.float32)
x = np.array([[4.0, 0.5, 1.0], [-3.0, 0.25, 1.0]], dtype=np.float32)
""",
    hints=(
        "`np.linalg.norm(x, axis=0)` is the norm of each input; multiplied with `np.abs(weights)` it meets each row.",
        "`np.argsort(scores, axis=1, kind='stable')` ranks each row by itself.",
    ),
    criteria=(
        exactly("typical", "The lowest scores of each output go", points=2, dtype=True),
        exactly("rounded", "The count of each output is rounded, half to even"),
        exactly("ties", "Equal scores: those that stand first in the row go first"),
        exactly("silent", "Weights of silent inputs go first"),
        exactly("ends", "Nothing, everything, one output, one input"),
        unchanged("keeps-input", "Leaves `weights` and `x` as given", beside=("typical",)),
    ),
    reference=ranked_by_output,
    public=(
        Case("typical", LAYER, LOUD, 0.5),
        Case("typical", strided(LAYER[:, :3]), strided(LOUD[:, :3]), 0.4),
        Case("typical", SQUARE, SQUARE * np.float32(-2) + np.float32([1, 4, 0]), 0.67),
        Case(
            "typical",
            np.array([[3, 2, 5, 4], [1, -7, 2, -4]], np.float32),
            np.float32([[1, 9, 3, 2], [8, 9, -3, 2]]),
            0.5,
        ),
        Case(
            "rounded", np.array([[1, 2, 3, 4, 5], [5, -4, 6, 2, 1]], np.float32), np.float32([[5, 1, 2, 3, 0.5]]), 0.5
        ),
        Case("rounded", np.array([[1, 2, 3, 4, 5, 7, 6.5]], np.float32), np.float32([[5, 1, 2, 3, 0.5, 1, 1]]), 0.5),
        Case("rounded", LAYER, LOUD, 0.2),
        Case(
            "ties", np.array([[1, -1, 2, 1, 2, -1], [2, 2, -2, 2, 2, 2]], np.float32), np.ones((2, 6), np.float32), 0.34
        ),
        Case("ties", np.array([[2, 4, 1, -2], [1, 2, -3, 4]], np.float32), np.float32([[2, 1, 4, -2]]), 0.5),
        Case("ties", np.resize(np.float32([3, 1, -1, 2, 1, -3, 2]), (2, 40)), np.float32([[2] * 40]), 0.4),
        Case("silent", LAYER, LOUD * np.float32([0, 1, 1, 1]), 0.25),
        Case("silent", LAYER, LOUD * np.float32([0, 1, 1, 0]), 0.5),
        Case("ends", LAYER, LOUD, 0.0),
        Case("ends", LAYER, LOUD, 1.0),
        Case("ends", LAYER[:1], LOUD[1:], 0.25),
        Case("ends", LAYER[:, :1], LOUD[:, :1], 0.7),
    ),
    private=drawn_layers,
)
