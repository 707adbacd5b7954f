import math
from fractions import Fraction

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, raising


def exact_sqnr_db(x, x_hat):
    """Sum the squares without rounding, as fractions."""
    signal = sum(Fraction(float(a)) ** 2 for a in x.ravel())
    noise = sum((Fraction(float(a)) - Fraction(float(b))) ** 2 for a, b in zip(x.ravel(), x_hat.ravel(), strict=True))
    if not noise:
        raise ValueError("x_hat equals x; the ratio has no bound.")
    return 10 * math.log10(signal / noise)


def mirrored(values):
    return np.concatenate([values, -values])


def fresh_signals(generator):
    x = generator.normal(size=30)
    noise = generator.uniform(-0.05, 0.05, 30)
    silent = np.where(np.arange(30) < 4, 0, x)  # what was zero may be noise as well
    offset = generator.uniform(3, 6)
    loud = generator.uniform(900, 1300, 20).astype(np.float16)
    return [
        Case("typical", mirrored(x).astype(np.float32), mirrored(x + noise).astype(np.float32)),
        Case(
            "typical",
            mirrored(silent).reshape(6, 10).astype(np.float32),
            mirrored(silent + 9 * noise).reshape(6, 10).astype(np.float32),
        ),
        Case("typical", mirrored(x).astype(np.float32), mirrored(x).astype(np.float32) * np.float32(1 + 2.0**-18)),
        Case("typical", mirrored(x * 2.0**-40).astype(np.float32), mirrored((x + noise) * 2.0**-40).astype(np.float32)),
        Case("offset", (x + offset).astype(np.float32), (x + offset + 0.02 + noise).astype(np.float32)),
        Case("half-precision", mirrored(loud), mirrored(loud + np.float16(2))),
        Case("half-precision", mirrored(loud * np.float16(50)), -mirrored(loud * np.float16(50))),
        Case("refuses", x.astype(np.float32), x.astype(np.float32)),
        Case("refuses", loud.reshape(4, 5), loud.reshape(4, 5)),
        Case("refuses", np.zeros(4, np.float32), np.zeros(4, np.float32)),
    ]


EXERCISE = ExerciseSpec(
    title="Signal to quantization noise",
    response="function",
    setup="""\
import numpy as np

tone = np.sin(np.linspace(0, 20, 500)).astype(np.float32)
""",
    hints=(
        "Power is the sum (or the mean) of squares; noise is what was added, `x_hat - x`.",
        "Ten times the decimal logarithm turns a ratio of powers into decibels.",
        "float16 ends at 65,504: go to float64 before you square.",
    ),
    criteria=(
        matching("typical", "Ten times log10 of signal power over noise power", points=2),
        matching("offset", "Power, not variance: a constant counts too"),
        matching("half-precision", "float16 values whose squares, or differences, leave float16"),
        raising("refuses", "Raises a ValueError where there is no noise", "ValueError"),
    ),
    reference=exact_sqnr_db,
    public=(
        Case("typical", np.array([1.0, -1.0, 2.0, -2.0], np.float32), np.array([1.25, -1.25, 2.25, -2.25], np.float32)),
        Case("typical", np.array([4.0, -4.0], np.float32), np.array([4 + 2.0**-16, -4 - 2.0**-16], np.float32)),
        Case("typical", np.array([2.0**-40, -(2.0**-40)], np.float32), np.array([2.0**-39, -(2.0**-39)], np.float32)),
        Case(
            "typical", np.array([[6.0, -6.0], [0.0, 0.0]], np.float32), np.array([[6.5, -6.5], [1.0, -1]], np.float32)
        ),
        Case("offset", np.array([10.0, 11.0, 12.0], np.float32), np.array([10.5, 11.0, 13.0], np.float32)),
        Case("half-precision", np.array([400.0, -400.0], np.float16), np.array([402.0, -402.0], np.float16)),
        # The differences leave float16 as well.
        Case("half-precision", np.array([4e4, -4e4], np.float16), np.array([-4e4, 4e4], np.float16)),
        Case("refuses", np.array([1.0, 2.0], np.float32), np.array([1.0, 2.0], np.float32)),
        Case("refuses", np.zeros(3, np.float32), np.zeros(3, np.float32)),
    ),
    private=fresh_signals,
)
