import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import distinct


def as_tfmot(weights, sparsity):
    """The oracle keeps one weight after the other, the largest first, and then all of the last one's magnitude."""
    ranked = sorted((abs(float(weight)) for weight in weights.flat), reverse=True)
    kept = max(round(weights.size * (1 - sparsity)), 1)
    threshold = ranked[kept - 1]
    mask = np.array([abs(float(weight)) >= threshold for weight in weights.flat], dtype=np.float32)
    return mask.reshape(weights.shape), threshold


def drawn_weights(generator):
    half, level = generator.uniform(0.2, 0.9), generator.uniform(1.1, 2.0)
    ties = np.float32([[level, -half, half, -level], [half, half, -half, 3 * level], [-level, half / 4, level, half]])
    sparse = distinct(generator, 4, 5, scale=0.1)
    sparse.flat[generator.permutation(20)[:14]] = 0
    return [
        Case("typical", distinct(generator, 6, 5, scale=0.1), 0.8),
        Case("typical", distinct(generator, 3, 3, 2, 4, scale=0.01), 0.55),
        Case("ties", ties, 0.5),
        Case("ties", np.float32([[half, -half], [half, half]]), 0.75),
        Case("zeros", sparse, 0.5),
        Case("zeros", np.zeros((3, 2), np.float32), 0.4),
        Case("few", distinct(generator, 2, 3, scale=0.3), 0.95),
        Case("few", np.float32([[-level]]), 0.99),
        Case("rounding", distinct(generator, 5, 2), 0.75),
        Case("rounding", distinct(generator, 2, 7), 0.75),
        Case("rounding", distinct(generator, 7, 3), 0.5),
        Case("rounding", distinct(generator, 3, 3), 0.5),
    ]


TIES = np.array([[1.0, -2.0, 1.0], [-1.0, 3.0, 1.0]], dtype=np.float32)
SPARSE = np.array([[0.0, 0.3, 0.0, 0.0], [0.0, -0.2, 0.0, 0.1]], dtype=np.float32)
SIX = np.array([[0.5, -0.1, 0.4], [0.2, -0.6, 0.3]], dtype=np.float32)
TEN = np.array([[0.5, -0.1], [0.4, 0.2], [-0.6, 0.3], [0.8, -0.9], [-0.7, 1.0]], dtype=np.float32)

EXERCISE = ExerciseSpec(
    title="The mask that tfmot makes",
    response="function",
    setup="""\
import numpy as np

kernel = np.array([[1.0, -2.0, 1.0], [-1.0, 3.0, 1.0]], dtype=np.float32)
""",
    hints=(
        "`np.sort(np.abs(weights), axis=None)` sorts all magnitudes; the `kept`-th largest stands at index `-kept`.",
        "`>=` keeps whatever has the magnitude of the threshold.",
    ),
    criteria=(
        exactly("typical", "The largest are kept, in the shape of the weights, as float32", part=0, dtype=True),
        exactly("ties", "All weights of the threshold's magnitude are kept", part=0, points=2),
        # A mask of ones is right here whatever was done.
        exactly("zeros", "A threshold of zero keeps everything", part=0, beside=("typical", "ties", "few", "rounding")),
        exactly("few", "One weight at least is kept", part=0),
        exactly("rounding", "The count is rounded, half to even", part=0),
        exactly("threshold", "The threshold is the smallest magnitude that is kept", part=1),
        unchanged("keeps-input", "`weights` stay as given", beside=("typical",)),
    ),
    reference=as_tfmot,
    public=(
        Case("typical", SIX, 0.5),
        Case("typical", SIX.reshape(1, 2, 3, 1), 0.3),
        Case("ties", TIES, 0.5),
        Case("ties", TIES, 0.7),
        Case("ties", np.full((2, 2), -0.5, np.float32), 0.75),
        Case("zeros", SPARSE, 0.5),
        Case("zeros", np.zeros((2, 3), np.float32), 0.5),
        Case("few", SIX, 0.95),
        Case("few", np.array([[-0.5]], dtype=np.float32), 0.9),
        Case("rounding", TEN, 0.75),
        Case("rounding", TEN[:3], 0.75),
        Case("rounding", TEN.reshape(2, 5)[:1], 0.5),
        Case("rounding", TEN.ravel()[1:].reshape(3, 3), 0.5),
    ),
    private=drawn_weights,
)
