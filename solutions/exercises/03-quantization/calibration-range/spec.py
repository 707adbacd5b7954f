import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def torch_range(batches, coverage=1.0):
    values = torch.cat([torch.tensor(np.asarray(batch)).double().flatten() for batch in batches])
    tail = (1 - coverage) / 2
    ends = torch.quantile(values, torch.tensor([tail, 1 - tail], dtype=torch.float64))
    return min(float(ends[0]), 0.0), max(float(ends[1]), 0.0)


def arrays(*batches):
    return [np.array(batch, np.float32) for batch in batches]


def tenths(values):
    """Return values of which many occur more than once, as they do in activations."""
    return values.round(1).astype(np.float32)


def fresh_batches(generator):
    def batches(shift, sizes=(40, 30, 50)):
        return [tenths(generator.normal(shift, 1 + i, size)) for i, size in enumerate(sizes)]

    return [
        Case("extremes", list(reversed(batches(0.0)))),
        Case("extremes", [batch.reshape(shape) for batch, shape in zip(batches(0.3), SHAPES, strict=True)]),
        Case("coverage", batches(0.0), 0.9),
        Case("coverage", list(reversed(batches(0.5))), 0.98),
        Case("holds-zero", [np.abs(batch) + 2 for batch in batches(0.0)]),
        Case("holds-zero", [-np.abs(batch) - 2 for batch in batches(0.0)], 0.9),
    ]


SHAPES = ((4, 10), (2, 3, 5), (50,))
"""Shapes of three batches, which no axis joins."""

EXERCISE = ExerciseSpec(
    title="Calibrate a range",
    response="function",
    setup="""\
import numpy as np

rng = np.random.default_rng(312)
# Activations of four batches.
batches = [rng.gamma(2.0, 1.0, 256).astype(np.float32) for _ in range(4)]
batches[2][5] = 60.0  # one outlier
""",
    hints=(
        "Put the values of all batches into one array first; the quantile of all is not the mean of quantiles.",
        "What is left out is shared: half of `1 - coverage` below, half above.",
        "`np.quantile(values, [tail, 1 - tail])` takes fractions, `np.percentile` takes per cent.",
    ),
    criteria=(
        matching("extremes", "Smallest and largest value of all batches", points=2),
        matching("coverage", "Quantiles that leave out as much below as above", points=2),
        matching("holds-zero", "The range holds 0.0 in any case"),
        unchanged("keeps-input", "Leaves the batches as given"),
    ),
    reference=torch_range,
    public=(
        # No batch can be left out: the ends lie in the first and the last, and below in the second.
        Case("extremes", arrays([0.5, -0.2, 3.7], [[1.0, 2.0], [0.3, -0.5]], [-1.2, 0.1])),
        Case("extremes", arrays([0.5, -0.2], [[1.0, 4.1], [-2.3, 0.3]], [0.9])),
        Case("coverage", arrays([4.0, -3.0, 1.0, 2.0], [9.0, 0.0, -7.0], [0.5, -1.0]), 0.8),
        Case("coverage", arrays([[2.0, -1.5], [0.7, 3.1]], [6.0, -4.0], [1.0, 8.0, -4.0, 6.0, -0.5]), 0.7),
        Case("holds-zero", arrays([3.0, 7.0], [2.0, 5.0])),
        Case("holds-zero", arrays([-3.0, -6.0], [-2.0, -5.0])),
        Case("holds-zero", arrays([-3.0, -6.0], [-2.0, -5.5, -4.0]), 0.9),
    ),
    private=fresh_batches,
)
