import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def torch_range(batches, coverage=1.0):
    values = torch.cat([torch.tensor(np.asarray(batch)).double().flatten() for batch in batches])
    tail = (1 - coverage) / 2
    ends = torch.quantile(values, torch.tensor([tail, 1 - tail], dtype=torch.float64))
    return min(float(ends[0]), 0.0), max(float(ends[1]), 0.0)


def fresh_batches(generator):
    def batches(shift, sizes=(40, 30, 50)):
        return [(generator.normal(shift, 1 + i, size)).astype(np.float32) for i, size in enumerate(sizes)]

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
        Case("extremes", [np.array([3.7, -1.2, 0.5], np.float32), np.array([[1.0, 2.0], [0.3, -0.5]], np.float32)]),
        Case("coverage", [np.array([4.0, -3.0, 1.0, 2.0], np.float32), np.array([9.0, 0.0, -7.0], np.float32)], 0.8),
        Case("holds-zero", [np.array([3.0, 7.0], np.float32), np.array([2.0, 5.0], np.float32)]),
        Case("holds-zero", [np.array([-3.0, -6.0], np.float32), np.array([-2.0, -5.0], np.float32)]),
        Case("holds-zero", [np.array([-3.0, -6.0], np.float32), np.array([-2.0, -5.0], np.float32)], 0.9),
    ),
    private=fresh_batches,
)
