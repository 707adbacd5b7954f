import math

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def number_by_number(x, low, high, bits, narrow_range):
    """The oracle takes one number after the other, in Python's floats."""
    quant_min, quant_max = (1 if narrow_range else 0), 2**bits - 1
    scale = (high - low) / (quant_max - quant_min)
    zero_point = min(max(math.floor(quant_min - low / scale + 0.5), quant_min), quant_max)
    out = []
    for number in x.ravel().tolist():
        code = math.floor(number / scale + 0.5) + zero_point
        out.append((min(max(code, quant_min), quant_max) - zero_point) * scale)
    return np.array(out, np.float32).reshape(x.shape)


def off_ties(generator, shape, low, high, bits, narrow_range):
    """Return numbers, some beyond both ends, that lie clearly nearer to one code than to another."""
    scale = (high - low) / (2**bits - 1 - narrow_range)
    size = int(np.prod(shape))
    first = math.floor(low / scale) - 3
    last = math.ceil(high / scale) + 3
    codes = np.concatenate([[first, last, 0], generator.integers(first, last + 1, size - 3)])
    return ((codes + generator.uniform(-0.35, 0.35, size)) * scale).astype(np.float32).reshape(shape)


def drawn_ranges(generator):
    def drawn(behaviour, shape, low, high, bits, narrow_range=False):
        jitter = float(generator.uniform(0.9, 1.1))
        low, high = round(low * jitter, 4), round(high * jitter, 4)
        scale = (high - low) / (2**bits - 1 - narrow_range)
        off = (-low / scale) % 1
        if abs(off - 0.5) < 0.1:  # where the zero point would be a matter of luck
            low -= 0.2 * scale
            low = round(low, 6)
        x = off_ties(generator, shape, low, high, bits, narrow_range)
        return Case(behaviour, x, low, high, bits, narrow_range)

    return [
        drawn("symmetric", (4, 5), -1.3, 1.3, 8, True),
        drawn("symmetric", (3, 2, 4), -0.7, 0.7, 4, True),
        drawn("nudged", (5, 4), -0.37, 1.9, 4),
        drawn("nudged", (6, 2), -2.2, 0.61, 3),
        drawn("one-sided", (4, 4), 0.0, 2.7, 4),
        drawn("one-sided", (4, 4), -1.7, 0.0, 4),
        drawn("bits", (5, 3), -1.1, 0.8, 2),
        drawn("bits", (5, 3), -0.8, 1.7, 6, True),
        *halves(generator),
        Case("zero", np.zeros((2, 3), np.float32), -0.43 - float(generator.uniform(0, 0.02)), 1.0, 3, False),
    ]


ROW = np.float32([-9.0, -0.8127, -0.353, 0.0, 0.057, 0.4541, 0.8063, 1.0143, 6.0])


def halves(generator):
    """Return numbers halfway between two codes, in binary fractions, and ranges with such a zero point."""
    scale = int(generator.integers(8, 400)) / 64  # exact, as are its halves
    places = generator.choice([1.5, 2.5, 3.5, 4.5], size=3, replace=False)
    x = np.float32([generator.permutation([0.5, -0.5, -1.5]), [places[0], places[1], -places[2]]]) * np.float32(scale)
    return [
        Case("ties", x, -5 * scale, 10 * scale, 4, False),
        Case("ties", x, -4.5 * scale, 10.5 * scale, 4, False),
        Case("ties", x.T, -2.5 * scale, 3.5 * scale, 3, True),
    ]


TIED = np.float32([-1.5, -0.625, -0.375, -0.125, 0.125, 0.375, 0.625, 0.875, 1.5])

EXERCISE = ExerciseSpec(
    title="What fake quantization does",
    response="function",
    setup="""\
import numpy as np

x = np.linspace(-1, 2, 13, dtype=np.float32)
""",
    hints=(
        "The zero point is the code of 0.0: `quant_min - low / scale`, rounded.",
        "Codes are rounded, shifted by the zero point, and held between the smallest and the largest code.",
    ),
    criteria=(
        matching("symmetric", "Symmetric and narrow, as for weights", rtol=1e-5, atol=1e-5),
        matching("nudged", "A range that is shifted until 0.0 is a code", points=2, rtol=1e-5, atol=1e-5),
        matching("one-sided", "A range with an end at 0.0", rtol=1e-5, atol=1e-5),
        matching("bits", "Other numbers of bits", rtol=1e-5, atol=1e-5),
        matching("ties", "Halves go up", rtol=1e-5, atol=1e-5),
        matching(
            "zero",
            "0.0 stays 0.0, float32 in the shape of `x`",
            rtol=0,
            atol=1e-7,
            dtype=True,
            beside=("symmetric", "nudged"),
        ),
        unchanged("keeps-input", "`x` stays as given", beside=("symmetric", "nudged")),
    ),
    reference=number_by_number,
    public=(
        Case("symmetric", ROW, -0.9, 0.9, 8, True),
        Case("symmetric", ROW, -1.0, 1.0, 3, True),
        Case("nudged", ROW, -0.4, 1.0, 3, False),
        Case("nudged", ROW.reshape(3, 3), -2.05, 0.5, 4, False),
        Case("one-sided", ROW, 0.0, 1.55, 3, False),
        Case("one-sided", ROW, -1.2, 0.0, 4, False),
        Case("bits", ROW, -0.85, 0.7, 2, False),
        Case("bits", ROW, -1.3, 0.9, 6, True),
        Case("ties", TIED, -0.5, 1.25, 3, False),
        Case("ties", TIED, -0.625, 1.125, 3, False),
        Case("zero", np.zeros((2, 2), np.float32), -0.44, 1.0, 3, False),
    ),
    private=drawn_ranges,
)
