import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import distinct, kept_in, strided


def group_by_group(weights, n, m):
    """The oracle walks through outputs, taps and groups one by one."""
    mask = np.zeros(weights.shape, dtype=bool)
    outputs, inputs, *_ = weights.shape
    flat, marks = weights.reshape(outputs, inputs, -1), mask.reshape(outputs, inputs, -1)
    for output in range(outputs):
        for tap in range(flat.shape[2]):
            for start in range(0, inputs, m):
                group = np.abs(flat[output, start : start + m, tap])
                marks[output, start : start + m, tap] = kept_in(group, max(len(group) - n, 0))
    return mask


def _tied(generator, *shape):
    size = int(np.prod(shape))
    numbers = generator.permutation(np.resize([1.0, 2.0, -1.0, 1.0, -2.0], size)) * generator.choice([-1.0, 1.0], size)
    return numbers.astype(np.float32).reshape(shape)


def _equal(generator, *shape):
    return (generator.uniform(1, 2) * generator.choice([-1, 1], shape)).astype(np.float32)


def drawn_layers(generator):
    sparse = distinct(generator, 3, 8)
    sparse[:, [1, 2, 3, 6]] = 0.0
    short, shorter = distinct(generator, 6, 7), distinct(generator, 6, 6)
    short[:, [1, 4, 6]] = 0.0  # two of the three of the last group
    shorter[:, [4]] = 0.0  # one of two, which both stay
    return [
        Case("two-four", distinct(generator, 3, 12), 2, 4),
        Case("two-four", strided(distinct(generator, 5, 8)), 2, 4),
        Case("other", distinct(generator, 4, 8), 1, 4),
        Case("other", distinct(generator, 3, 10), 3, 5),
        Case("other", distinct(generator, 2, 6), 1, 2),
        Case("other", distinct(generator, 2, 9), 3, 3),
        Case("ties", _tied(generator, 3, 8), 2, 4),
        Case("ties", _equal(generator, 2, 10), 3, 5),
        Case("ties", sparse, 2, 4),
        Case("ties", _tied(generator, 2, 40), 20, 40),  # short groups stay in order under any sort
        Case("ties", short, 2, 4),
        Case("tail", distinct(generator, 3, 7), 2, 4),
        Case("tail", distinct(generator, 4, 6), 1, 4),
        Case("tail", distinct(generator, 2, 9), 3, 4),
        Case("tail", distinct(generator, 3, 3), 2, 5),
        Case("tail", shorter, 2, 4),
        Case("taps", distinct(generator, 3, 8, 5), 2, 4),
        Case("taps", distinct(generator, 2, 6, 3), 1, 3),
        Case("taps", distinct(generator, 4, 5, 2), 2, 4),
    ]


SEEDED = np.random.default_rng(0)
ROWS = distinct(SEEDED, 3, 8).round()

EXERCISE = ExerciseSpec(
    title="N of every M",
    response="function",
    setup="""\
import numpy as np

weights = np.array([[1, -2, 3, -4, 5], [6, 0, -1, 2, 0]], dtype=np.float32)
""",
    hints=(
        "`weights[:, start : start + m]` is a group of all outputs at once, and shorter at the end by itself.",
        "The last `n` places of a stable `np.argsort(…, axis=1)` are those that stay.",
    ),
    criteria=(
        exactly("two-four", "2:4 along the inputs", points=2, dtype=True),
        exactly("other", "Other patterns: n is what stays"),
        exactly("ties", "Equal magnitudes and zeros: those that stand first go first"),
        exactly("tail", "A last group that is shorter"),
        exactly("taps", "Convolutions: groups along the inputs, each tap by itself"),
        unchanged("keeps-input", "Leaves `weights` as given", beside=("two-four",)),
    ),
    reference=group_by_group,
    public=(
        Case("two-four", np.array([[1, -2, 3, -4], [5, 1, -6, 2], [-7, 8, 3, 1], [2, 4, -1, 9]], np.float32), 2, 4),
        Case("two-four", strided(ROWS), 2, 4),
        Case("other", ROWS, 1, 4),
        Case("other", np.array([[1, -2, 3, -4, 5, 6, -9, 2, 8, 7]], np.float32), 3, 5),
        Case("other", ROWS[:, :6], 1, 2),
        Case("other", ROWS[:, :6], 3, 3),
        Case("ties", np.array([[1, -1, 2, 1, 3, 3, -3, 3], [2, 2, 1, -2, 1, 2, 2, 1]], np.float32), 2, 4),
        Case("ties", np.array([[2, -2, 2, 2, -2, 0, 0, 0, 0, 0]], np.float32), 3, 5),
        Case("ties", np.array([[0, 0, 0, 5, 0, -1, 0, 0]], np.float32), 2, 4),
        Case("ties", np.array([[1, -2, 3, -4, 0, 5, 0]], np.float32), 2, 4),
        Case("ties", np.resize(np.float32([3, 1, -1, 2, 1, -3, 2]), (2, 40)), 20, 40),
        Case("tail", np.array([[1, -2, 3, -4, 5], [5, 4, 3, 2, 1]], np.float32), 2, 4),
        Case("tail", ROWS[:, :7], 2, 4),
        Case("tail", ROWS[:, :6], 1, 4),
        Case("tail", ROWS[:, :3], 2, 5),
        Case("tail", np.array([[1, -2, 3, -4, 0, 6], [4, 3, -2, 1, -5, 0]], np.float32), 2, 4),
        Case("taps", distinct(SEEDED, 2, 4, 3).round(), 2, 4),
        Case("taps", distinct(SEEDED, 3, 6, 2).round(), 1, 3),
        Case("taps", distinct(SEEDED, 2, 5, 3).round(), 2, 4),
    ),
    private=drawn_layers,
)
