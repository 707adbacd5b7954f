import math
from fractions import Fraction

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged
from quizlib.authoring.draws import shuffled_signs, strided


def exact_requantize(sums, mantissa, shift, zero_point, quant_min=-128, quant_max=127):
    """Multiply as fractions; floor(step + 1/2) rounds halves up."""
    multiplier = Fraction(mantissa, 2**31) / Fraction(2) ** shift
    codes = [math.floor(total * multiplier + Fraction(1, 2)) + zero_point for total in sums.ravel().tolist()]
    return np.array([min(quant_max, max(quant_min, code)) for code in codes], np.int8).reshape(sums.shape)


def below_half(distance):
    """Return a sum and a mantissa whose product lies 2 · distance² short of 2**61, half a step at a shift of 31.

    A float64, which holds 53 bits, takes the product for the half itself and rounds it up.
    """
    return np.array([2**31 - 2 * distance, 2**31 - 1], np.int32), 2**30 + distance


def fresh_accumulators(generator):
    mantissa = int(generator.integers(2**30, 2**31))
    shift, zero_point = int(generator.integers(3, 7)), int(generator.integers(3, 30))
    reach = 60 * 2**shift
    small = generator.integers(-reach, reach, (5, 8)).astype(np.int32)
    halves = (2 * generator.permutation(np.arange(-25, 25))[:9] + 1) * 4
    huge = generator.integers(2**30, 2**31 - 1, 6) * shuffled_signs(generator, 6)
    beyond = generator.integers(600, 4000, 10) * 2**shift * shuffled_signs(generator, 10)
    return [
        Case("typical", small, mantissa, shift, zero_point),
        Case("typical", strided(small[0] // 10), mantissa, shift, 1, -8, 7),  # within the limits
        Case("typical", generator.integers(-90, 90, (3, 5)).astype(np.int32), mantissa, 0, zero_point),
        Case("typical", generator.integers(-9, 10, 11).astype(np.int32), mantissa, -3, zero_point),
        Case("halves", (halves[:5] // 4).astype(np.int32), 2**30, 0, zero_point),
        Case("halves", halves.astype(np.int32), 2**30, 2, -zero_point),
        Case("huge", huge.astype(np.int32), mantissa, 25, 0),
        Case("huge", *below_half(int(generator.integers(2, 8))), 31, 0),
        Case("saturates", beyond.astype(np.int32), mantissa, shift, zero_point),
        Case("saturates", beyond[:6].astype(np.int32), mantissa, shift, 3, -8, 7),
        Case(
            "saturates", beyond[4:].astype(np.int32), mantissa, shift, zero_point, 0, int(generator.integers(80, 120))
        ),
        Case("saturates", np.array([-1, 0, 1], np.int32), mantissa, -30, zero_point),
        Case("saturates", beyond.astype(np.int32), mantissa, -29, zero_point),  # 32 bits would not hold the codes
        Case("int8", (generator.integers(-9, 9, (2, 3)) * 8).astype(np.int32), 2**30, 2, 0),
    ]


EXERCISE = ExerciseSpec(
    title="Requantize with integers alone",
    response="function",
    name="requantize",
    setup="""\
import numpy as np

sums = np.array([-40000, -1500, -6, 6, 1500, 40000], dtype=np.int32)
""",
    hints=(
        "The product of a 32-bit sum and a 31-bit mantissa needs 63 bits: int64.",
        "A right shift by n rounds down; adding `1 << (n - 1)` first makes it round to nearest, halves up.",
        "n is `31 + shift`. Zero point, clamp and cast come after the shift, in this order.",
    ),
    criteria=(
        exactly("typical", "Multiplied, shifted, rounded to nearest, zero point added", points=2),
        exactly("halves", "Halves are rounded up, negative ones too"),
        exactly("huge", "Sums that fill 32 bits, whose products no float64 holds"),
        exactly("saturates", "Codes beyond `quant_min` … `quant_max` stay at these ends"),
        exactly("int8", "Codes are int8, in the shape of the sums", dtype=True),
        unchanged("keeps-input", "Leaves `sums` as given"),
    ),
    reference=exact_requantize,
    public=(
        Case("typical", np.array([-1000, -77, 10, 300], np.int32), 1717986918, 4, 10),
        Case("typical", np.array([-60, 21, 100], np.int32), 1717986918, 4, 1, -8, 7),
        Case("typical", np.array([-77, 10, 31], np.int32), 1717986918, 0, 10),
        Case("typical", np.array([-7, 3, 12], np.int32), 1717986918, -3, 10),
        Case("halves", np.array([-12, -4, 4, 12, 20], np.int32), 2**30, 2, 3),
        Case("halves", np.array([-3, -1, 1, 3, 5], np.int32), 2**30, 0, 3),
        Case("huge", np.array([2**31 - 1, -(2**31)], np.int32), 1717986918, 25, 0),
        Case("huge", *below_half(1), 31, 0),
        Case("saturates", np.array([-5000, 5000, 90000], np.int32), 1717986918, 4, 10),
        Case("saturates", np.array([-900, 1500], np.int32), 1717986918, 4, 2, -8, 7),
        Case("saturates", np.array([-1, 0, 1], np.int32), 1717986918, -30, 10),
        Case("saturates", np.array([-70, 3, 50, 1000], np.int32), 1717986918, -30, 10),  # up to 40 bits wide
        Case("int8", np.array([[16, -8]], np.int32), 2**30, 2, 0),
    ),
    private=fresh_accumulators,
)
