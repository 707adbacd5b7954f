from fractions import Fraction

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, raising


def exact_fixed_point(multiplier, bits=31):
    """Search the shift with fractions, then round half to even."""
    value = Fraction(multiplier)
    if value <= 0:
        raise ValueError(f"the multiplier is {multiplier}; it should be above 0.")
    shift = 0
    while value < Fraction(1, 2):
        value, shift = value * 2, shift + 1
    while value >= 1:
        value, shift = value / 2, shift - 1
    mantissa = round(value * 2**bits)
    return (2 ** (bits - 1), shift - 1) if mantissa == 2**bits else (mantissa, shift)


def fresh_multipliers(generator):
    small = [float(generator.uniform(0.5, 0.99) * 2.0 ** -int(k)) for k in generator.integers(1, 12, 6)]
    large = [float(generator.uniform(0.5, 0.99) * 2.0 ** int(k)) for k in generator.integers(1, 6, 4)]
    ties = [(2 * int(k) + 1) / 2**8 for k in 2 * generator.integers(32, 63, 4) + [0, 1, 0, 1]]  # to both sides
    powers = [2.0 ** int(k) for k in generator.permutation(np.r_[-10:-1, 1:5])[:3]]
    return [
        *(Case("below-one", value) for value in small[:3]),
        *(Case("below-one", value, 15) for value in small[3:]),
        *(Case("above-one", value) for value in large[:2]),
        *(Case("above-one", value, 7) for value in large[2:]),
        *(Case("below-one", value * 2.0 ** -int(generator.integers(1, 6)), 7) for value in ties[:2]),
        *(Case("above-one", value * 2.0 ** int(generator.integers(1, 6)), 7) for value in ties[2:]),
        Case("below-one", (2**31 + 1 + 4 * int(generator.integers(1, 2**20))) * 2.0**-34),
        *(Case("power-of-two", value) for value in powers),
        *(Case("power-of-two", value, int(generator.integers(5, 30))) for value in (0.5, 1.0)),
        Case("carries", float((1 - 2.0**-45) * 2.0 ** -int(generator.integers(2, 60)))),
        Case("carries", float(generator.uniform(0.9990, 0.9999)), 8),
        Case("carries", (1 - 2.0**-10) * 2.0 ** -int(generator.integers(1, 60)), 9),
        Case("refuses", -float(generator.uniform(0.1, 2))),
    ]


EXERCISE = ExerciseSpec(
    title="A multiplier without floats",
    response="function",
    name="fixed_point",
    setup="""\
import math
""",
    hints=(
        "`math.frexp(m)` returns a fraction in 0.5 … 1 and an exponent, `m == fraction * 2**exponent`.",
        "The mantissa is the fraction times `2**bits`, rounded; the shift is the exponent with its sign turned.",
        "A fraction close to 1 rounds up to `2**bits`, one bit too wide: halve it and take one off the shift.",
    ),
    criteria=(
        exactly("below-one", "Multipliers below 1/2: positive shift", points=2),
        exactly("above-one", "Multipliers above 1: negative shift"),
        exactly("power-of-two", "Powers of two: the smallest mantissa"),
        exactly("carries", "A mantissa that rounds up to `2**bits` is normalized again, and is an int", dtype=True),
        raising("refuses", "Raises a ValueError for a multiplier of 0 or below", "ValueError"),
    ),
    reference=exact_fixed_point,
    public=(
        Case("below-one", 0.3),
        Case("below-one", 0.3, 8),
        Case("below-one", 0.2),
        Case("below-one", 0.35, 8),  # 179.2 is rounded down
        Case("below-one", 0.0123),
        Case("below-one", 129 / 2**10, 7),  # a mantissa of 64.5, and one of 65.5
        Case("below-one", 131 / 2**10, 7),
        Case("above-one", 3.7),
        Case("above-one", 1.3),
        Case("above-one", 3.7, 8),
        Case("above-one", 5.2, 8),
        Case("above-one", 133 / 2**6, 7),
        Case("above-one", 135 / 2**6, 7),
        Case("power-of-two", 0.25),
        Case("power-of-two", 1.0, 7),
        Case("power-of-two", 0.5, 15),
        Case("power-of-two", 4.0),
        Case("carries", 1 - 2.0**-45),
        Case("carries", 0.999, 8),
        Case("carries", 511 / 2**9, 8),  # 255.5, of which 256 is the even neighbour
        Case("refuses", 0.0),
        Case("refuses", -0.3),
    ),
    private=fresh_multipliers,
)
