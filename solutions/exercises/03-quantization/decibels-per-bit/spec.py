import math

import numpy as np
import torch
from scipy import stats

from quizlib.authoring import Case, ExerciseSpec, fact, matching, measured, unchanged


def fitted_by_scipy(x, widths):
    real = torch.tensor(np.asarray(x, np.float32)).double()
    ratios = []
    for bits in widths:
        largest = 2 ** (bits - 1) - 1
        scale = float(real.abs().max()) / largest
        x_hat = torch.fake_quantize_per_tensor_affine(real, scale, 0, -largest, largest)
        ratios.append(10 * math.log10(float((real**2).sum() / ((real - x_hat) ** 2).sum())))
    return float(stats.linregress(widths, ratios).slope)


def fresh_distributions(generator):
    uniform = generator.uniform(-1, 1, 6000).astype(np.float32)
    heavy = generator.standard_t(3, 3000).astype(np.float32)
    return [
        Case("typical", generator.normal(size=2000).astype(np.float32), [4, 5, 6, 7, 8]),
        Case("six-decibels", uniform, [4, 6, 8, 10]),
        Case("gaps", generator.normal(size=(40, 50)).astype(np.float32), [3, 4, 8]),
        Case("gaps", heavy, [4, 10, 6]),
    ]


def noise_like(seed, size):
    """Return a heavy-tailed sample that anybody can redo."""
    return np.random.default_rng(seed).standard_t(4, size).astype(np.float32)


EXERCISE = ExerciseSpec(
    title="What a bit is worth",
    response="function",
    setup="""\
import numpy as np
from quizlib import measures

rng = np.random.default_rng(39)
flat = rng.uniform(-1, 1, 4000).astype(np.float32)
heavy = rng.standard_t(4, 4000).astype(np.float32)  # a few values lie far out
""",
    hints=(
        "For each width: symmetric scale, round, back to real values, SQNR.",
        "`np.polyfit(widths, ratios, 1)[0]` is the slope of the line through the points (width, SQNR).",
    ),
    criteria=(
        matching("typical", "Slope over widths in a row", points=2, rtol=1e-3),
        measured(
            "six-decibels",
            "About 6 dB a bit for uniform values",
            fact("smallest", at_least=5.7),
            fact("largest", at_most=6.4),
            beside=("typical", "gaps"),
        ),
        matching("gaps", "Slope over widths with gaps, in any order", rtol=1e-3),
        unchanged("keeps-input", "Leaves `x` and `widths` as given"),
    ),
    reference=fitted_by_scipy,
    public=(
        Case("typical", noise_like(1, 60), [2, 3, 4, 5]),
        Case("six-decibels", np.random.default_rng(3).uniform(-1, 1, 2000).astype(np.float32), [4, 6, 8, 10]),
        Case("gaps", noise_like(2, 60), [8, 3, 4]),
        Case("gaps", noise_like(4, 60).reshape(4, 15), [6, 9, 3, 4]),
    ),
    private=fresh_distributions,
)
