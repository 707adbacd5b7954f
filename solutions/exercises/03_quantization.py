"""The exercises of lesson 03: integer arithmetic from scratch; torch's own operators and exact arithmetic judge it."""

import math
import warnings
from fractions import Fraction

import numpy as np
import torch
from scipy import cluster, stats

from quizlib import zoo
from quizlib.authoring import (
    Case,
    Condition,
    Criterion,
    ExerciseSpec,
    Matches,
    Measured,
    Raises,
    Symptom,
    Unchanged,
    ZooModel,
)
from quizlib.zoo import eager

LESSON = "03-quantization"
NO_FLOOR = 2.0**-100  # the least scale of an observer; its default would enlarge the scale of an idle channel
EXACT = Matches(rtol=0, atol=0)
EXACT_WITH_DTYPE = Matches(rtol=0, atol=0, dtype=True)
EXACT_PART_0 = Matches(rtol=0, atol=0, dtype=True, part=0)
EXACT_PACKED = Matches(rtol=0, atol=0, part="packed")
NEAR_FLOAT = Matches(rtol=0, atol=0.015, part="float")  # an image or two may turn on the order of float sums
NEAR_BY_BITS = Matches(rtol=0, atol=0.015, part="by_bits")
NEAR_NARROWEST = Matches(rtol=0, atol=0, part="narrowest")


def keeps(inputs):
    return Criterion(id="keeps-input", text=f"Leaves {inputs} as given", points=1, requirement=Unchanged())


def in_place(remedy):
    text = "The work is done in the array that was given, which the caller still needs."
    return Symptom(id="works-in-place", text=text, remedy=remedy)


def far_from_ties(generator, codes, scale):
    """Return real values that lie up to 0.4 steps from `codes`, so that no rounding mode and no float error matters."""
    return ((codes + generator.uniform(-0.4, 0.4, np.shape(codes))) * scale).astype(np.float32)


def strided(values):
    """Return the same numbers in memory that is not contiguous."""
    return np.stack([values, values], -1)[..., 0]


def shuffled_signs(generator, size):
    return generator.permutation(np.resize([-1.0, 1.0], size))


def enumerate_range(bits, signed=True, narrow=False):
    """Read every bit pattern as a number, two's complement where signed."""
    if not 2 <= bits <= 16:
        raise ValueError(f"bits is {bits}; pass 2 to 16.")
    patterns = range(2**bits)
    codes = sorted(p - 2**bits if signed and p >> (bits - 1) else p for p in patterns)
    return (codes[1] if signed and narrow else codes[0]), codes[-1]


def fresh_widths(generator):
    widths = [int(bits) for bits in generator.permutation(np.arange(3, 15))]
    return [
        *(Case("signed", bits) for bits in (*widths[:3], 16)),
        *(Case("unsigned", bits, signed=False) for bits in (*widths[3:6], 16)),
        *(Case("narrow", bits, narrow=True) for bits in (*widths[6:9], 15)),
        Case("narrow", widths[11], signed=False, narrow=True),
        *(Case("refuses", 17 + bits) for bits in widths[9:11]),
    ]


integer_range = ExerciseSpec(
    id="integer-range",
    lesson=LESSON,
    title="The range of an integer",
    response="function",
    name="integer_range",
    hints=(
        "A code of `bits` bits has `2**bits` patterns, and 0 is one of them.",
        "Signed: half of the patterns stand for negative numbers, so the range begins at `-2**(bits - 1)`.",
    ),
    criteria=(
        Criterion(id="signed", text="Signed range, as two ints", points=2, requirement=EXACT_WITH_DTYPE),
        Criterion(id="unsigned", text="Unsigned range", points=1, requirement=EXACT_WITH_DTYPE),
        Criterion(
            id="narrow",
            text="Narrow range: symmetric about 0 with a sign, unchanged without one",
            points=1,
            requirement=EXACT_WITH_DTYPE,
        ),
        Criterion(
            id="refuses",
            text="Raises a ValueError for a width outside 2 to 16",
            points=1,
            requirement=Raises(types=("ValueError",)),
        ),
    ),
    misconceptions=(
        Symptom(
            id="count-for-largest",
            text="The largest code is taken to be the number of codes, so the range holds one code too many.",
            remedy="Count the codes from `quant_min` to `quant_max`: there must be `2**bits`, with 0 among them.",
        ),
        Symptom(
            id="sign-bit-kept-free",
            text="The unsigned range leaves the sign bit unused and stops halfway.",
            remedy="Without a sign, all `bits` bits count upwards: the largest code is `2**bits - 1`.",
        ),
        Symptom(
            id="narrow-at-both-ends",
            text="The narrow range drops a code at each end, and is still not symmetric.",
            remedy="Drop the smallest code only: −128 … 127 becomes −127 … 127.",
        ),
        Symptom(
            id="width-not-checked",
            text="A width that makes no sense gets a range all the same.",
            remedy="Raise a ValueError unless `2 <= bits <= 16`.",
        ),
        Symptom(
            id="always-narrow",
            text="The smallest code is dropped even where the full range is asked for.",
            remedy="Two's complement has one more negative code than positive ones; drop it only for `narrow=True`.",
        ),
        Symptom(
            id="narrow-without-sign",
            text="The narrow unsigned range loses its code 0, though it has no negative code to drop.",
            remedy="Look at `narrow` in the signed range only.",
        ),
        Symptom(
            id="range-of-floats",
            text="The ends are floats; a division with `/` always makes one.",
            remedy="Stay with whole numbers: `2**(bits - 1)`, or `//`.",
        ),
        Symptom(
            id="eight-bits-at-most",
            text="Widths above 8 are refused, though codes of up to 16 bits are asked for.",
            remedy="Refuse what lies outside 2 to 16, and nothing else.",
        ),
    ),
    reference=enumerate_range,
    public=(
        Case("signed", 8),
        Case("signed", 2),
        Case("signed", 16),
        Case("unsigned", 8, signed=False),
        Case("unsigned", 4, signed=False),
        Case("unsigned", 16, signed=False),
        Case("narrow", 8, narrow=True),
        Case("narrow", 4, narrow=True),
        Case("narrow", 12, narrow=True),
        Case("narrow", 8, signed=False, narrow=True),
        Case("refuses", 1),
        Case("refuses", 17),
    ),
    private=fresh_widths,
)


def observed_symmetric_scale(x, bits):
    largest = 2 ** (bits - 1) - 1
    if not np.any(x):
        return 1.0
    watching = eager.MinMaxObserver(
        dtype=torch.qint8, qscheme=torch.per_tensor_symmetric, quant_min=-largest, quant_max=largest, eps=NO_FLOOR
    )
    watching(torch.tensor(np.asarray(x, np.float32)))
    return float(watching.calculate_qparams()[0])


def fresh_spreads(generator):
    values = generator.normal(size=(5, 40)).astype(np.float32)
    peak = np.abs(values).max() * 1.25
    above, below = values.copy(), values.copy()
    above[2, 7], below[3, 11] = peak, -peak
    return [
        Case("typical", above, 8),
        Case("typical", strided(above), 6),
        Case("typical", np.array([generator.uniform(0.5, 3.0)], np.float32), 4),
        Case("negative", below, 8),
        Case("negative", -np.abs(above), 4),
        Case("zeros", np.zeros(int(generator.integers(2, 9)), np.float32), 8),
    ]


symmetric_scale = ExerciseSpec(
    id="symmetric-scale",
    lesson=LESSON,
    title="A symmetric scale",
    response="function",
    name="symmetric_scale",
    setup="""\
import numpy as np

weights = np.random.default_rng(31).normal(0, 0.2, 400).astype(np.float32)  # like the weights of a trained layer
""",
    hints=(
        "The scale is a step: the largest magnitude, divided by the largest code of the narrow range.",
        "At 8 bits the narrow range is −127 … 127.",
    ),
    criteria=(
        Criterion(id="typical", text="Largest magnitude over largest code", points=2, requirement=Matches()),
        Criterion(
            id="negative", text="The largest magnitude is that of a negative value", points=1, requirement=Matches()
        ),
        Criterion(id="zeros", text="Nothing but zeros: a scale of 1.0", points=1, requirement=Matches()),
        keeps("`x`"),
    ),
    misconceptions=(
        Symptom(
            id="largest-value",
            text="The largest value is taken, not the largest magnitude, so big negative values fall off the grid.",
            remedy="Take absolute values before the maximum.",
        ),
        Symptom(
            id="counts-one-more-code",
            text="The range is divided by `2**(bits - 1)`, a code that the positive side does not have.",
            remedy="The largest code is `2**(bits - 1) - 1`; it should stand for the largest magnitude.",
        ),
        Symptom(
            id="affine-step",
            text="The span from smallest to largest value is divided, as for an affine grid; 0 is not in the middle.",
            remedy="A symmetric grid reaches as far down as up: divide the largest magnitude by the largest code.",
        ),
        Symptom(
            id="scale-of-zero",
            text="Nothing but zeros gets a scale of 0, by which nothing can be divided.",
            remedy="Return 1.0 where the largest magnitude is 0.",
        ),
        in_place("Use `np.abs(x)` without `out`, which makes a new array."),
    ),
    reference=observed_symmetric_scale,
    public=(
        Case("typical", np.array([0.5, -1.0, 2.54], np.float32), 8),
        Case("typical", np.array([[3.5, -0.25], [1.0, -2.0]], np.float32), 4),
        Case("negative", np.array([0.5, -2.54, 1.0], np.float32), 8),
        Case("zeros", np.zeros(3, np.float32), 8),
    ),
    private=fresh_spreads,
)


def observed_affine_parameters(x, quant_min, quant_max):
    if not np.any(x):
        return 1.0, int(quant_min)
    watching = eager.MinMaxObserver(
        dtype=torch.quint8 if quant_min >= 0 else torch.qint8,
        qscheme=torch.per_tensor_affine,
        quant_min=quant_min,
        quant_max=quant_max,
        eps=NO_FLOOR,
    )
    watching(torch.tensor(np.asarray(x, np.float32)))
    scale, zero_point = watching.calculate_qparams()
    return float(scale), int(zero_point)


def with_range(generator, low, high, shape):
    values = generator.uniform(low, high, shape).astype(np.float32)
    values.flat[1], values.flat[2] = high, low
    return values


def two_signed(generator, quant_min, quant_max, shape, rests=(-0.4, 0.4)):
    """Return values whose zero point lies up to 0.4 from a whole number, so that float errors do not move it."""
    scale = generator.uniform(0.01, 0.2)
    below = (generator.integers(3, quant_max - quant_min - 3) + generator.uniform(*rests)) * scale
    return with_range(generator, -below, (quant_max - quant_min) * scale - below, shape)


def between_codes(generator, rest):
    """Return values whose lower end lies a whole number of steps and `rest` below 0."""
    below = int(generator.integers(20, 230)) + rest
    return with_range(generator, -below * 0.01, (255 - below) * 0.01, 5)


def below_zero(generator, shape):
    """Return values whose lower end is 255 steps that floats hold exactly, so that no fraction is left to cut off."""
    low = -255 * generator.integers(130, 500) / 2**14
    return with_range(generator, low, generator.uniform(0.2, 0.6) * low, shape)


def fresh_ranges(generator):
    start, length = generator.uniform(1.0, 3.0), generator.uniform(1.0, 5.0)
    return [
        Case("typical", two_signed(generator, 0, 255, (6, 7), (-0.4, -0.2)), 0, 255),
        Case("typical", strided(two_signed(generator, -128, 127, 30)), -128, 127),
        Case("typical", two_signed(generator, -8, 7, 50), -8, 7),
        *(Case("whole", between_codes(generator, rest), 0, 255) for rest in (0.3, 0.7)),
        Case("positive", with_range(generator, start, start + length, 20), -128, 127),
        Case("negative", below_zero(generator, 20), 0, 255),
        Case("constant", np.full(5, generator.uniform(2.0, 9.0), np.float32), -128, 127),
        Case("constant", np.full(1, -15 / 16 * generator.integers(3, 10), np.float32), 0, 15),
        Case("zeros", np.zeros(4, np.float32), -8, 7),
    ]


affine_parameters = ExerciseSpec(
    id="affine-parameters",
    lesson=LESSON,
    title="Scale and zero point of an affine grid",
    response="function",
    name="affine_parameters",
    setup="""\
import numpy as np

activations = np.random.default_rng(32).gamma(2.0, 0.6, 400).astype(np.float32) - 0.5  # mostly above zero
""",
    hints=(
        "Two equations: `quant_min` stands for the lower end of the range, `quant_max` for the upper one.",
        "Real 0.0 needs a code of its own: widen the range until 0 is in it, `min(x.min(), 0)` to `max(x.max(), 0)`.",
        "From lower end = scale * (quant_min - zero_point) follows the zero point; round it.",
    ),
    criteria=(
        Criterion(id="typical", text="Scale and zero point of values of both signs", points=1, requirement=Matches()),
        Criterion(
            id="whole",
            text="The zero point is an int, rounded to the nearest",
            points=1,
            requirement=Matches(part=1, rtol=0, atol=0, dtype=True),
        ),
        Criterion(
            id="positive", text="Values above 0 only: the range still begins at 0", points=1, requirement=Matches()
        ),
        Criterion(
            id="negative", text="Values below 0 only: the range still ends at 0", points=1, requirement=Matches()
        ),
        Criterion(id="constant", text="A constant array keeps its value", points=1, requirement=Matches()),
        Criterion(id="zeros", text="Nothing but zeros: scale 1.0", points=1, requirement=Matches()),
        keeps("`x`"),
    ),
    misconceptions=(
        Symptom(
            id="zero-left-out",
            text="The range runs from smallest to largest value even where 0 lies outside, so 0.0 has no code.",
            remedy="Widen the range to hold 0 before you divide: padding, ReLU and masks all need an exact 0.0.",
        ),
        Symptom(
            id="divides-by-zero",
            text="A range of length 0 makes the scale 0, and the zero point is divided by it.",
            remedy="Where the widened range is empty, use a scale of 1.0.",
        ),
        Symptom(
            id="one-level-too-many",
            text="The range is divided by the number of codes; there is one step less than there are codes.",
            remedy="Divide by `quant_max - quant_min`: 256 codes have 255 steps between them.",
        ),
        Symptom(
            id="zero-point-sign",
            text="The zero point has the wrong sign: it moves down where it should move up.",
            remedy="Solve low = scale * (quant_min - zero_point) for the zero point: quant_min - low / scale.",
        ),
        Symptom(
            id="starts-at-code-zero",
            text="The zero point is counted from code 0 and not from `quant_min`.",
            remedy="The lower end of the range has the code `quant_min`, which is not 0 for signed codes.",
        ),
        Symptom(
            id="zero-point-cut-off",
            text="The fraction of the zero point is cut off, so the grid may be shifted by nearly a whole step.",
            remedy="Use `round`, which goes to the nearest whole number and returns an `int`.",
        ),
        Symptom(
            id="zero-point-as-float",
            text="The zero point is a float; it is a code, so an `int`.",
            remedy="Python's `round` returns an `int`; `np.round` and `np.rint` return floats, so wrap them in `int`.",
        ),
        in_place("Take minimum and maximum without sorting or writing into `x`."),
    ),
    reference=observed_affine_parameters,
    public=(
        Case("typical", np.array([0.5, -1.0, 1.55, 0.1], np.float32), 0, 255),
        Case("typical", np.array([2.0, -1.0, 0.5], np.float32), -8, 7),
        Case("whole", np.array([0.5, -1.003, 1.547], np.float32), 0, 255),
        Case("whole", np.array([0.5, -1.007, 1.543], np.float32), 0, 255),
        Case("positive", np.array([3.0, 7.0, 5.0], np.float32), -128, 127),  # small, to be shown first
        Case("negative", np.array([-3.0, -5.1, -1.0, -2.0], np.float32), -128, 127),
        Case("constant", np.full(5, 2.55, np.float32), -128, 127),
        Case("constant", np.full(5, -2.55, np.float32), 0, 255),
        Case("zeros", np.zeros(3, np.float32), -128, 127),
    ),
    private=fresh_ranges,
)


def torch_codes(x, scale, zero_point, quant_min=-128, quant_max=127):
    real = torch.tensor(np.asarray(x, np.float32))
    on_grid = torch.fake_quantize_per_tensor_affine(real, scale, zero_point, quant_min, quant_max)
    return np.rint(on_grid.double().numpy() / scale + zero_point).astype(np.int8)


def fresh_reals(generator):
    scale, zero_point = float(generator.uniform(0.02, 0.2)), int(generator.integers(5, 40))
    codes = generator.integers(-90, 80, size=(4, 9))
    halves = generator.permutation(np.arange(-20, 20))[:12] + 0.5
    beyond = generator.uniform(200, 900, 16) * shuffled_signs(generator, 16)
    whole = generator.integers(-60, 60, size=(2, 3, 5)) * 0.25
    return [
        Case("typical", far_from_ties(generator, codes, scale), scale, zero_point),
        Case("typical", strided(far_from_ties(generator, codes // 16, scale)), scale, 3, -8, 7),
        Case("ties", (halves * 0.125).astype(np.float32), 0.125, 2 * zero_point + 1),
        Case("saturates", (beyond * scale).astype(np.float32), scale, zero_point),
        Case("saturates", (beyond * scale).astype(np.float32), scale, -zero_point),
        Case("shape-and-dtype", whole.astype(np.float32), 0.25, 0),
        Case("shape-and-dtype", np.array(generator.integers(-9, 9) * 0.5, np.float32), 0.5, 0),
    ]


quantize_affine = ExerciseSpec(
    id="quantize-affine",
    lesson=LESSON,
    title="Quantize",
    response="function",
    name="quantize",
    setup="""\
import numpy as np

signal = np.linspace(-2, 2, 9, dtype=np.float32)
""",
    hints=(
        "Four steps in this order: divide, round, add the zero point, clamp; the cast to int8 comes last.",
        "`np.rint` and `np.round` both round half to even.",
    ),
    criteria=(
        Criterion(id="typical", text="Rounds to the nearest code and adds the zero point", points=2, requirement=EXACT),
        Criterion(
            id="ties", text="A value halfway between two codes goes to the even multiple", points=1, requirement=EXACT
        ),
        Criterion(id="saturates", text="Values beyond the grid stay at its ends", points=1, requirement=EXACT),
        Criterion(
            id="shape-and-dtype", text="Codes are int8, in the shape of `x`", points=1, requirement=EXACT_WITH_DTYPE
        ),
        keeps("`x`"),
    ),
    misconceptions=(
        Symptom(
            id="floor-for-round",
            text="Values are rounded down, not to the nearest code; the error grows to a whole step.",
            remedy="Use `np.round`, or `np.rint`.",
        ),
        Symptom(
            id="truncates",
            text="A cast to an integer cuts the fraction off, which pulls every value towards zero.",
            remedy="Call `np.round` or `np.rint` before the cast.",
        ),
        Symptom(
            id="half-up",
            text="Halves are always rounded up, which moves the mean of many values by up to half a step.",
            remedy="Round half to even, as torch and NumPy do: 0.5 goes to 0, 1.5 and 2.5 both go to 2.",
        ),
        Symptom(
            id="cast-before-clamp",
            text="The cast to int8 comes before the clamp, so large values wrap around to the other end.",
            remedy="Clamp while the numbers are still wide, and cast last.",
        ),
        Symptom(
            id="clamp-before-zero-point",
            text="The clamp comes before the zero point is added, so the sum leaves the range again.",
            remedy="Add the zero point first, then clamp to `quant_min` … `quant_max`.",
        ),
        Symptom(
            id="zero-point-sign",
            text="The zero point is subtracted; that is the way back, from codes to real values.",
            remedy="The code of real 0.0 is the zero point itself: add it.",
        ),
        Symptom(
            id="zero-point-before-rounding",
            text="The zero point is added before rounding, so an odd one turns the even neighbour into the odd one.",
            remedy="Round `x / scale` alone, then add the zero point.",
        ),
        Symptom(
            id="codes-as-floats",
            text="The codes are whole numbers, but stored as float32, so that no byte is saved.",
            remedy="End with `.astype(np.int8)`.",
        ),
        in_place("Divide into a new array: `x / scale`, not `x /= scale`."),
    ),
    reference=torch_codes,
    public=(
        Case("typical", np.array([-1.0, 0.0, 0.3, 0.8, 1.4], np.float32), 0.5, 10),
        Case("typical", np.array([-0.9, 0.2, 0.7], np.float32), 0.25, 1, -8, 7),
        Case("ties", np.array([0.25, 0.75, 1.25, -0.25, -0.75], np.float32), 0.5, 1),
        Case("saturates", np.array([-100.0, 90.0, 100.0], np.float32), 0.5, 20),
        Case("saturates", np.array([-90.0, 90.0, 5000.0], np.float32), 0.5, -20),
        Case("shape-and-dtype", np.array([[0.5, -1.0]], np.float32), 0.5, 0),
    ),
    private=fresh_reals,
)


def exact_reals(q, scale, zero_point):
    """Multiply as fractions, and round once, to float32."""
    reals = [float((int(code) - zero_point) * Fraction(scale)) for code in np.ravel(q)]
    return np.array(reals, np.float32).reshape(np.shape(q))


def fresh_codes(generator):
    scale, zero_point = float(generator.uniform(0.02, 0.2)), int(generator.integers(3, 25))
    return [
        Case("typical", generator.integers(-90, 90, (5, 4)).astype(np.int8), scale, zero_point),
        Case("typical", strided(generator.integers(-90, 90, 12).astype(np.int8)), scale, -zero_point),
        Case("wide", generator.integers(-128, -60, 9).astype(np.int8), scale, 80 + zero_point),
        Case("wide", generator.integers(0, 100, 9).astype(np.uint8), scale, 110 + zero_point),
        Case("shape-and-dtype", generator.integers(-99, 99, (2, 1, 3)).astype(np.int8), 0.25, 0),
        Case("shape-and-dtype", np.array(generator.integers(0, 99), np.uint8), 0.5, 0),
    ]


dequantize_codes = ExerciseSpec(
    id="dequantize-codes",
    lesson=LESSON,
    title="Dequantize",
    response="function",
    name="dequantize",
    setup="""\
import numpy as np

codes = np.array([-128, -1, 0, 1, 127], dtype=np.int8)
""",
    hints=(
        "The formula of quantize, solved for x: subtract the zero point, then multiply by the scale.",
        "−128 − 100 does not fit int8; make the codes wider before you subtract.",
    ),
    criteria=(
        Criterion(id="typical", text="(q − zero_point) · scale", points=2, requirement=Matches()),
        Criterion(
            id="wide", text="Right where q − zero_point leaves the range of the codes", points=1, requirement=Matches()
        ),
        Criterion(id="shape-and-dtype", text="float32, in the shape of `q`", points=1, requirement=Matches(dtype=True)),
        keeps("`q`"),
    ),
    misconceptions=(
        Symptom(
            id="zero-point-added",
            text="The zero point is added; that is the way from real values to codes.",
            remedy="Subtract it: the code `zero_point` must come back as 0.0.",
        ),
        Symptom(
            id="zero-point-as-real",
            text="The zero point is added after the scale, as if it were a real value and not a code.",
            remedy="Subtract it from the codes before multiplying. With a zero point of 0 both look right.",
        ),
        Symptom(
            id="codes-wrap",
            text="The difference is taken in 8 bits and wraps around.",
            remedy="Widen the codes first, for instance to float32 or int32.",
        ),
        Symptom(
            id="double-precision",
            text="The values come back as float64, twice the bytes of the float32 that was asked for.",
            remedy="End with `.astype(np.float32)`.",
        ),
        in_place("Subtract into a new, wider array, and leave the codes alone."),
    ),
    reference=exact_reals,
    public=(
        Case("typical", np.array([-5, 0, 10, 12], np.int8), 0.5, 10),
        Case("typical", np.array([[7, -20]], np.int8), 0.1, -3),
        Case("wide", np.array([-128, -100, 100], np.int8), 0.5, 100),
        Case("wide", np.array([0, 128, 255], np.uint8), 0.5, 128),
        Case("shape-and-dtype", np.array([[1, -2], [3, 4]], np.int8), 0.5, 0),
    ),
    private=fresh_codes,
)


def torch_fake_quantize(x, scale, zero_point, quant_min, quant_max):
    return torch.fake_quantize_per_tensor_affine(x, scale, zero_point, quant_min, quant_max)


def fresh_tensors(generator):
    scale, zero_point = float(generator.uniform(0.05, 0.3)), int(generator.integers(1, 4))
    codes = generator.integers(-12, 11, size=(3, 8))
    halves = generator.permutation(np.arange(-6, 6))[:8] + 0.5
    beyond = generator.uniform(30, 90, 10) * shuffled_signs(generator, 10)
    whole = torch.tensor(generator.integers(-7, 7, (2, 3, 2)) * 0.25, dtype=torch.float32)
    return [
        Case("typical", torch.tensor(far_from_ties(generator, codes, scale)), scale, zero_point, -16, 15),
        Case("typical", torch.tensor(far_from_ties(generator, codes, scale)).T, scale, zero_point + 14, 0, 31),
        Case("ties", torch.tensor(halves * 0.5, dtype=torch.float32), 0.5, zero_point, -16, 15),
        Case("saturates", torch.tensor(beyond * scale, dtype=torch.float32), scale, zero_point, -8, 7),
        Case("shape-and-dtype", whole, 0.25, 0, -8, 7),
    ]


fake_quantize = ExerciseSpec(
    id="fake-quantize",
    lesson=LESSON,
    title="Fake-quantize a tensor",
    response="function",
    name="fake_quantize",
    setup="""\
import torch

ramp = torch.arange(-3, 4) / 3
""",
    hints=(
        "Quantize and dequantize in one go; the codes may stay floats in between, since nothing is stored.",
        "`torch.round` rounds half to even, `Tensor.clamp` keeps the ends.",
    ),
    criteria=(
        Criterion(
            id="typical", text="Each value moves to the nearest point of the grid", points=2, requirement=Matches()
        ),
        Criterion(id="ties", text="Halves go to the even multiple", points=1, requirement=Matches()),
        Criterion(id="saturates", text="Values beyond the grid move to its ends", points=1, requirement=Matches()),
        Criterion(
            id="shape-and-dtype",
            text="A float32 tensor in the shape of `x`; a value on the grid stays where it is",
            points=1,
            requirement=Matches(dtype=True, library=True),
        ),
        keeps("`x`"),
    ),
    misconceptions=(
        Symptom(
            id="stops-at-codes",
            text="The result is the codes, not the real values that they stand for.",
            remedy="Go back: subtract the zero point and multiply by the scale.",
        ),
        Symptom(
            id="not-clamped",
            text="Values beyond the grid are rounded but not cut off; no such code exists.",
            remedy="Clamp the codes to `quant_min` … `quant_max` before going back.",
        ),
        Symptom(
            id="zero-point-kept",
            text="The zero point is added on the way there and not taken off on the way back, so all values shift.",
            remedy="Subtract the zero point before multiplying by the scale.",
        ),
        Symptom(
            id="truncates",
            text="A cast to an integer cuts the fraction off, which pulls every value towards zero.",
            remedy="Call `torch.round` before the cast.",
        ),
        in_place("Methods that end in `_` write into `x`; use those without."),
    ),
    reference=torch_fake_quantize,
    public=(
        Case("typical", torch.tensor([-1.0, 0.1, 0.3, 0.85]), 0.25, 2, -8, 7),
        Case("typical", torch.tensor([[-0.9, 0.2], [0.7, 1.4]]), 0.5, 5, 0, 15),
        Case("ties", torch.tensor([0.25, 0.75, 1.25, -0.25, -0.75]), 0.5, 1, -8, 7),
        Case("saturates", torch.tensor([-9.0, 3.0, 9.0]), 0.5, 2, -8, 7),
        Case("shape-and-dtype", torch.tensor([[0.5, -1.0]]), 0.5, 0, -8, 7),
    ),
    private=fresh_tensors,
)


def reported_by_torch(x, scale, zero_point, quant_min, quant_max):
    real = torch.tensor(np.asarray(x, np.float32))
    x_hat = torch.fake_quantize_per_tensor_affine(real, scale, zero_point, quant_min, quant_max).numpy()
    steps = (x_hat.astype(np.float64) - np.asarray(x, np.float64)) / scale
    position = np.asarray(x, np.float64) / scale + zero_point
    outside = (position < quant_min) | (position > quant_max)
    kept = np.abs(steps[~outside])
    return {
        "x_hat": x_hat,
        "error_steps": float(kept.max()) if kept.size else 0.0,
        "saturated": float(np.mean(outside)),
    }


def fresh_round_trips(generator):
    cases = []
    for behaviour in ("x-hat", "error-steps", "saturated"):
        scale, zero_point = float(generator.uniform(0.05, 0.4)), int(generator.integers(1, 5))
        codes = generator.permutation(np.append(np.arange(-8, 8) - zero_point, [-8 - zero_point] * 3))
        inside = far_from_ties(generator, codes[codes > -8 - zero_point], scale)
        at_the_end = np.full(2, (-8 - zero_point) * scale * 0.999, np.float32)
        falling = np.array([(3 + 0.47) * scale], np.float32)  # the largest error, downwards
        beyond = (generator.uniform(12, 40, 5) * shuffled_signs(generator, 5) * scale).astype(np.float32)
        x = generator.permutation(
            np.concatenate([inside[inside < (7 - zero_point) * scale], at_the_end, falling, beyond])
        )
        cases.append(Case(behaviour, x, scale, zero_point, -8, 7))
    above = generator.uniform(40, 90, 6).astype(np.float32)
    return [*cases, Case("all-saturated", above, 0.5, 3, -8, 7), Case("all-saturated", -above, 0.5, 0, 0, 15)]


round_trip_report = ExerciseSpec(
    id="round-trip-report",
    lesson=LESSON,
    title="The error of a round trip",
    response="function",
    name="round_trip_report",
    setup="""\
import numpy as np

bell = np.random.default_rng(37).normal(size=1000).astype(np.float32)
""",
    hints=(
        "The grid holds real values from `(quant_min - zero_point) * scale` to `(quant_max - zero_point) * scale`.",
        "Rounding errs by half a step at most, saturation without a bound: keep the two apart with a mask.",
    ),
    criteria=(
        Criterion(
            id="x-hat", text="`x_hat`: the values after the round trip", points=1, requirement=Matches(part="x_hat")
        ),
        Criterion(
            id="error-steps",
            text="`error_steps`: the largest error of a value inside the grid, in steps",
            points=1,
            requirement=Matches(part="error_steps", rtol=1e-3),
        ),
        Criterion(
            id="half-a-step",
            text="Inside the grid no error is above half a step",
            points=1,
            requirement=Measured(
                conditions=(Condition(fact="largest", args={"part": "error_steps"}, at_most=0.50001),)
            ),
        ),
        Criterion(
            id="saturated",
            text="`saturated`: the fraction of values outside the grid",
            points=1,
            requirement=Matches(part="saturated"),
        ),
        Criterion(
            id="all-saturated",
            text="Every value outside: `error_steps` is 0.0, `saturated` 1.0",
            points=1,
            requirement=Matches(),
        ),
        keeps("`x`"),
    ),
    misconceptions=(
        Symptom(
            id="saturated-among-errors",
            text="Values outside the grid count as rounding errors, so the bound of half a step seems to be broken.",
            remedy="Take the maximum over the values inside the grid only.",
        ),
        Symptom(
            id="end-codes-counted",
            text="Every value with the first or last code counts as saturated, though many of them lie on the grid.",
            remedy="Compare the real values with the ends of the grid, not the codes with the end codes.",
        ),
        Symptom(
            id="error-in-units",
            text="The error is in the unit of x, not in steps.",
            remedy="Divide by the scale, so that errors on different grids can be compared.",
        ),
        Symptom(
            id="signed-error",
            text="Errors are not taken as absolute values, so errors downwards are lost.",
            remedy="Take `np.abs` before the maximum.",
        ),
        Symptom(
            id="floor-for-round",
            text="Codes are rounded down; errors reach a whole step.",
            remedy="Round to the nearest code.",
        ),
        Symptom(
            id="per-cent",
            text="The fraction is given in per cent.",
            remedy="Leave it between 0 and 1.",
        ),
        Symptom(
            id="maximum-of-nothing",
            text="Where no value lies inside the grid, the maximum of an empty array is taken.",
            remedy="Use 0.0 when nothing is inside, for instance with `max(initial=0.0)`.",
        ),
        in_place("Make new arrays; clip without `out`."),
    ),
    reference=reported_by_torch,
    public=(
        Case("x-hat", np.array([-3.0, -2.3, 0.2, 0.73, 1.25, 2.0], np.float32), 0.25, 2, -8, 7),
        Case("error-steps", np.array([-2.5, 0.61, 0.3, 9.0], np.float32), 0.25, 2, -8, 7),
        Case("saturated", np.array([-2.5, 1.25, 0.11, -2.6], np.float32), 0.25, 2, -8, 7),
        Case("all-saturated", np.array([5.0, 6.0, -9.0], np.float32), 0.25, 2, -8, 7),
    ),
    private=fresh_round_trips,
)


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
    offset = generator.uniform(3, 6)
    loud = generator.uniform(300, 900, 20).astype(np.float16)
    return [
        Case("typical", mirrored(x).astype(np.float32), mirrored(x + noise).astype(np.float32)),
        Case(
            "typical",
            mirrored(x).reshape(6, 10).astype(np.float32),
            mirrored(x * 1.5).reshape(6, 10).astype(np.float32),
        ),
        Case("offset", (x + offset).astype(np.float32), (x + offset + 0.02 + noise).astype(np.float32)),
        Case("half-precision", mirrored(loud), mirrored(loud + np.float16(2))),
        Case("refuses", x.astype(np.float32), x.astype(np.float32)),
    ]


sqnr_db = ExerciseSpec(
    id="sqnr-db",
    lesson=LESSON,
    title="Signal to quantization noise",
    response="function",
    name="sqnr_db",
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
        Criterion(
            id="typical", text="Ten times log10 of signal power over noise power", points=2, requirement=Matches()
        ),
        Criterion(id="offset", text="Power, not variance: a constant counts too", points=1, requirement=Matches()),
        Criterion(
            id="half-precision", text="float16 values whose squares leave float16", points=1, requirement=Matches()
        ),
        Criterion(
            id="refuses",
            text="Raises a ValueError where there is no noise",
            points=1,
            requirement=Raises(types=("ValueError",)),
        ),
    ),
    misconceptions=(
        Symptom(
            id="twenty-for-ten",
            text="The logarithm of a ratio of powers is multiplied by 20, which belongs to a ratio of amplitudes.",
            remedy="Squares are powers already: 10 · log10.",
        ),
        Symptom(
            id="noise-over-signal",
            text="Noise is divided by signal, so a better grid gets a smaller number.",
            remedy="Signal stands above: the ratio grows as the error shrinks.",
        ),
        Symptom(
            id="variance-for-power",
            text="Variance leaves out the mean, and with it a constant error, which is an error too.",
            remedy="Take the mean of squares, without subtracting the mean first.",
        ),
        Symptom(
            id="squares-overflow",
            text="The squares are summed in the dtype of the input, where they run into infinity.",
            remedy="Turn both arrays into float64 first.",
        ),
        Symptom(
            id="no-noise-unnoticed",
            text="Where x_hat equals x, the division by zero passes as infinity.",
            remedy="Raise a ValueError when the noise is 0.",
        ),
        Symptom(
            id="natural-logarithm",
            text="The natural logarithm is used; decibels are made with the decimal one.",
            remedy="Use `np.log10`.",
        ),
    ),
    reference=exact_sqnr_db,
    public=(
        Case("typical", np.array([1.0, -1.0, 2.0, -2.0], np.float32), np.array([1.25, -1.25, 2.25, -2.25], np.float32)),
        Case("offset", np.array([10.0, 11.0, 12.0], np.float32), np.array([10.5, 11.0, 13.0], np.float32)),
        Case("half-precision", np.array([400.0, -400.0], np.float16), np.array([402.0, -402.0], np.float16)),
        Case("refuses", np.array([1.0, 2.0], np.float32), np.array([1.0, 2.0], np.float32)),
    ),
    private=fresh_signals,
)


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


decibels_per_bit = ExerciseSpec(
    id="decibels-per-bit",
    lesson=LESSON,
    title="What a bit is worth",
    response="function",
    name="decibels_per_bit",
    setup="""\
import numpy as np

rng = np.random.default_rng(39)
flat = rng.uniform(-1, 1, 4000).astype(np.float32)
heavy = rng.standard_t(4, 4000).astype(np.float32)  # a few values lie far out
""",
    hints=(
        "For each width: symmetric scale, round, back to real values, SQNR.",
        "`np.polyfit(widths, ratios, 1)[0]` is the slope of the line through the points (width, SQNR).",
    ),
    criteria=(
        Criterion(id="typical", text="Slope over widths in a row", points=2, requirement=Matches(rtol=1e-3)),
        Criterion(
            id="six-decibels",
            text="About 6 dB a bit for uniform values",
            points=1,
            requirement=Measured(
                conditions=(Condition(fact="smallest", at_least=5.7), Condition(fact="largest", at_most=6.4))
            ),
        ),
        Criterion(
            id="gaps", text="Slope over widths with gaps, in any order", points=1, requirement=Matches(rtol=1e-3)
        ),
        keeps("`x`"),
    ),
    misconceptions=(
        Symptom(
            id="twenty-for-ten",
            text="The ratio of powers is multiplied by 20, so each bit seems to be worth twice as much.",
            remedy="Sums of squares are powers: 10 · log10.",
        ),
        Symptom(
            id="ends-over-count",
            text="The gain from first to last width is divided by the number of widths, not by the bits between them.",
            remedy="Fit a line through all points; its slope is decibels a bit.",
        ),
        Symptom(
            id="positions-for-bits",
            text="The line is fitted against the position in the list, as if all widths were one bit apart.",
            remedy="Use the widths themselves as the horizontal axis.",
        ),
        Symptom(
            id="one-code-too-many",
            text="The largest magnitude is divided by `2**(bits - 1)`, a code that the positive side does not have.",
            remedy="The largest code is `2**(bits - 1) - 1`; at few bits the difference is large.",
        ),
        in_place("Make a new array for the codes."),
    ),
    reference=fitted_by_scipy,
    public=(
        Case("typical", noise_like(1, 60), [2, 3, 4, 5]),
        Case("six-decibels", np.random.default_rng(3).uniform(-1, 1, 2000).astype(np.float32), [4, 6, 8, 10]),
        Case("gaps", noise_like(2, 60), [8, 3, 4]),
    ),
    private=fresh_distributions,
)


def torch_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    watching = eager.PerChannelMinMaxObserver(
        ch_axis=axis,
        dtype=torch.qint8,
        qscheme=torch.per_channel_symmetric,
        quant_min=-largest,
        quant_max=largest,
        eps=NO_FLOOR,
    )
    weights = torch.tensor(np.asarray(w, np.float32))
    watching(weights)
    scales = watching.calculate_qparams()[0]
    is_empty = weights.abs().amax([i for i in range(weights.ndim) if i != axis]) == 0
    scales = torch.where(is_empty, torch.ones_like(scales), scales)
    zero_points = torch.zeros(len(scales), dtype=torch.int32)
    on_grid = torch.fake_quantize_per_channel_affine(weights, scales, zero_points, axis, -largest, largest)
    by_channel = scales.reshape([-1 if i == axis else 1 for i in range(weights.ndim)])
    return (on_grid / by_channel).round().to(torch.int8).numpy(), by_channel.numpy()


def uneven_weights(generator, shape, axis, bits):
    """Return weights whose channels along `axis` differ much in size, none near a tie."""
    largest = 2 ** (bits - 1) - 1
    lengths = [shape[axis] if i == axis else 1 for i in range(len(shape))]
    scales = np.geomspace(0.001, 0.5, shape[axis])[generator.permutation(shape[axis])].reshape(lengths)
    codes = generator.integers(-largest + 1, largest, size=shape) + generator.uniform(-0.4, 0.4, shape)
    first = tuple(slice(None) if i == axis else 0 for i in range(len(shape)))
    codes[first] = largest * shuffled_signs(generator, shape[axis])  # each reaches an end of its grid, some the lower
    return (codes * scales).astype(np.float32)


def fresh_channels(generator):
    emptied = uneven_weights(generator, (4, 6), 0, 8)
    emptied[int(generator.integers(0, 4))] = 0
    return [
        Case("scales", uneven_weights(generator, (5, 5), 0, 8), 0, 8),
        Case("codes", strided(uneven_weights(generator, (6, 9), 0, 8)), 0, 8),
        Case("codes", uneven_weights(generator, (4, 4), 0, 4), 0, 4),
        Case("any-axis", uneven_weights(generator, (5, 5), 1, 8), 1, 8),
        Case("any-axis", uneven_weights(generator, (3, 4, 3, 3), 0, 8), 0, 8),
        Case("any-axis", uneven_weights(generator, (3, 4, 2, 2), 1, 5), 1, 5),
        Case("zero-channel", emptied, 0, 8),
    ]


quantize_per_channel = ExerciseSpec(
    id="quantize-per-channel",
    lesson=LESSON,
    title="One scale per channel",
    response="function",
    name="quantize_per_channel",
    setup="""\
import numpy as np

kernel = np.random.default_rng(310).normal(size=(4, 3, 3, 3)).astype(np.float32)
kernel *= np.array([0.01, 0.1, 1.0, 10.0], np.float32).reshape(4, 1, 1, 1)  # four channels of very different size
""",
    hints=(
        "Take the maximum over all axes but `axis`; `keepdims=True` keeps the shape that broadcasts.",
        "`tuple(i for i in range(w.ndim) if i != axis)` are the axes to reduce.",
    ),
    criteria=(
        Criterion(
            id="scales", text="Scales, float32, shaped to broadcast", points=2, requirement=Matches(part=1, dtype=True)
        ),
        Criterion(id="codes", text="Codes, int8", points=2, requirement=Matches(part=0, rtol=0, atol=0, dtype=True)),
        Criterion(
            id="any-axis", text="Channels along another axis, weights with four axes", points=1, requirement=Matches()
        ),
        Criterion(id="zero-channel", text="A channel of zeros: scale 1.0, codes 0", points=1, requirement=Matches()),
        keeps("`w`"),
    ),
    misconceptions=(
        Symptom(
            id="one-scale-for-all",
            text="One scale serves the whole tensor, so small channels are rounded to very few codes.",
            remedy="Take the maximum within each channel.",
        ),
        Symptom(
            id="reduces-the-channel-axis",
            text="The maximum is taken across channels: the scales belong to the other axis.",
            remedy="Reduce all axes but `axis`; the channel axis is the one that stays.",
        ),
        Symptom(
            id="scales-do-not-broadcast",
            text="The scales have shape (channels,), which NumPy lines up with the last axis.",
            remedy="Keep the reduced axes with length 1: `keepdims=True`.",
        ),
        Symptom(
            id="axis-ignored",
            text="Channels are always taken along axis 0.",
            remedy="Use the axis that is passed.",
        ),
        Symptom(
            id="largest-value",
            text="The largest value of a channel is taken, not its largest magnitude, so negative ones fall off.",
            remedy="Take absolute values before the maximum.",
        ),
        Symptom(
            id="full-range",
            text="The full range is used, of `2**(bits - 1)` steps on the negative side; the narrow one is asked for.",
            remedy="Divide by `2**(bits - 1) - 1`, the largest code.",
        ),
        Symptom(
            id="empty-channel",
            text="A channel of zeros gets a scale of 0, and its codes come from 0 / 0.",
            remedy="Use a scale of 1.0 for it.",
        ),
        in_place("Divide into a new array."),
    ),
    reference=torch_per_channel,
    public=(
        Case("scales", np.array([[1.27, -0.5], [0.004, -0.0127]], np.float32), 0, 8),
        Case("codes", np.array([[1.27, -0.5], [0.004, -0.0127]], np.float32), 0, 8),
        Case("any-axis", np.array([[1.27, -0.02], [0.3, 0.0254]], np.float32), 1, 8),
        Case("any-axis", np.array([[[[0.7, -0.2]], [[0.1, 0.4]]], [[[-7.0, 1.0]], [[-2.0, 3.2]]]], np.float32), 0, 4),
        Case("zero-channel", np.array([[0.5, -1.27], [0.0, 0.0]], np.float32), 0, 8),
    ),
    private=fresh_channels,
)


def torch_per_group(w, group_size, bits):
    """Lay each group out as a channel, and let torch quantize per channel."""
    rows, columns = w.shape
    if columns % group_size:
        raise ValueError(f"{columns} columns are no multiple of {group_size}.")
    codes, scales = torch_per_channel(np.ascontiguousarray(w).reshape(-1, group_size), 0, bits)
    return codes.reshape(rows, columns), scales.reshape(rows, columns // group_size)


def uneven_groups(generator, rows, groups, size, bits):
    return uneven_weights(generator, (rows * groups, size), 0, bits).reshape(rows, groups * size)


def fresh_groups(generator):
    emptied = uneven_groups(generator, 2, 3, 4, 8)
    emptied[1, 4:8] = 0
    return [
        Case("scales", uneven_groups(generator, 3, 2, 8, 4), 8, 4),
        Case("scales", uneven_groups(generator, 2, 6, 4, 8), 4, 8),
        Case("codes", strided(uneven_groups(generator, 4, 5, 3, 4)), 3, 4),
        Case("whole-row", uneven_groups(generator, 3, 1, 10, 8), 10, 8),
        Case("zero-group", emptied, 4, 8),
        Case("refuses", generator.normal(size=(2, 10)).astype(np.float32), 4, 8),
    ]


quantize_per_group = ExerciseSpec(
    id="quantize-per-group",
    lesson=LESSON,
    title="One scale per group",
    response="function",
    name="quantize_per_group",
    setup="""\
import numpy as np

matrix = np.random.default_rng(311).normal(0, 0.1, (8, 64)).astype(np.float32)
matrix[3, 17] = 4.0  # one outlier
""",
    hints=(
        "`w.reshape(rows, -1, group_size)` puts each group on an axis of its own: (rows, groups, group_size).",
        "Reduce the last axis, divide, and reshape the codes back to (rows, columns).",
    ),
    criteria=(
        Criterion(
            id="scales", text="Scales of shape (rows, groups)", points=2, requirement=Matches(part=1, dtype=True)
        ),
        Criterion(id="codes", text="Codes, int8, of shape (rows, columns)", points=2, requirement=EXACT_PART_0),
        Criterion(id="whole-row", text="One group a row is one scale a row", points=1, requirement=Matches()),
        Criterion(id="zero-group", text="A group of zeros: scale 1.0, codes 0", points=1, requirement=Matches()),
        Criterion(
            id="refuses",
            text="Raises a ValueError where groups do not fill the rows",
            points=1,
            requirement=Raises(types=("ValueError",)),
        ),
    ),
    misconceptions=(
        Symptom(
            id="strided-groups",
            text="A group gathers every so-many-th column, not neighbours.",
            remedy="The last axis of the reshaped array is the group: `reshape(rows, groups, group_size)`.",
        ),
        Symptom(
            id="count-for-size",
            text="The group size is taken for the number of groups.",
            remedy="There are `columns // group_size` groups a row.",
        ),
        Symptom(
            id="one-scale-a-row",
            text="All groups of a row share one scale, so that one outlier spoils the row.",
            remedy="Take the maximum within each group.",
        ),
        Symptom(
            id="largest-value",
            text="The largest value of a group is taken, not its largest magnitude, so negative ones fall off.",
            remedy="Take absolute values before the maximum.",
        ),
        Symptom(
            id="full-range",
            text="The full range is used, of `2**(bits - 1)` steps on the negative side; the narrow one is asked for.",
            remedy="Divide by `2**(bits - 1) - 1`, the largest code.",
        ),
        Symptom(
            id="empty-group",
            text="A group of zeros gets a scale of 0.",
            remedy="Use a scale of 1.0 for it.",
        ),
        Symptom(
            id="tail-dropped",
            text="Columns that do not fill a group are dropped without a word.",
            remedy="Raise a ValueError unless `columns % group_size` is 0.",
        ),
    ),
    reference=torch_per_group,
    public=(
        Case("scales", np.array([[0.7, -0.2, 1.0, -7.0, 0.07, 0.01]], np.float32), 2, 4),
        Case(
            "codes", np.array([[0.7, -0.2, 0.1, -7.0, 1.0, -2.0], [0.07, 0.02, 0.03, 1.4, 0.4, 0.6]], np.float32), 3, 4
        ),
        Case("whole-row", np.array([[0.7, -0.2, 0.1], [-7.0, 1.0, -2.0]], np.float32), 3, 4),
        Case("zero-group", np.array([[0.2, -0.7, 0.0, 0.0]], np.float32), 2, 4),
        Case("refuses", np.array([[0.7, -0.2, 0.1, 7.0, 1.0]], np.float32), 2, 4),
    ),
    private=fresh_groups,
)


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
        Case("extremes", [batch.reshape(-1, 10) for batch in batches(0.3)]),
        Case("coverage", batches(0.0), 0.9),
        Case("coverage", list(reversed(batches(0.5))), 0.98),
        Case("holds-zero", [np.abs(batch) + 2 for batch in batches(0.0)]),
        Case("holds-zero", [-np.abs(batch) - 2 for batch in batches(0.0)], 0.9),
    ]


calibration_range = ExerciseSpec(
    id="calibration-range",
    lesson=LESSON,
    title="Calibrate a range",
    response="function",
    name="calibration_range",
    setup="""\
import numpy as np

rng = np.random.default_rng(312)
batches = [rng.gamma(2.0, 1.0, 256).astype(np.float32) for _ in range(4)]  # activations of four batches
batches[2][5] = 60.0  # one outlier
""",
    hints=(
        "Put the values of all batches into one array first; the quantile of all is not the mean of quantiles.",
        "What is left out is shared: half of `1 - coverage` below, half above.",
        "`np.quantile(values, [tail, 1 - tail])` takes fractions, `np.percentile` takes per cent.",
    ),
    criteria=(
        Criterion(id="extremes", text="Smallest and largest value of all batches", points=2, requirement=Matches()),
        Criterion(
            id="coverage", text="Quantiles that leave out as much below as above", points=2, requirement=Matches()
        ),
        Criterion(id="holds-zero", text="The range holds 0.0 in any case", points=1, requirement=Matches()),
        keeps("the batches"),
    ),
    misconceptions=(
        Symptom(
            id="last-batch-only",
            text="Each batch overwrites what was seen before, so the last one alone decides.",
            remedy="Gather the values of all batches before you take the ends.",
        ),
        Symptom(
            id="averaged-batches",
            text="The ends of the batches are averaged; the range is then too narrow for what was seen.",
            remedy="Take the ends of all values together. (A moving average is another method, with another promise.)",
        ),
        Symptom(
            id="tail-on-each-side",
            text="The whole `1 - coverage` is cut off below, and again above, so twice too much is lost.",
            remedy="Cut half of it at each end.",
        ),
        Symptom(
            id="fraction-for-per-cent",
            text="A fraction is passed where per cent are asked for, so hardly anything is cut off.",
            remedy="Use `np.quantile` with fractions, or multiply by 100 for `np.percentile`.",
        ),
        Symptom(
            id="zero-left-out",
            text="The range need not hold 0.0, so the grid may have no code for it.",
            remedy="Lower end at most 0.0, upper end at least 0.0.",
        ),
        in_place("Sort or clip a copy: the batches are wanted for other layers too."),
    ),
    reference=torch_range,
    public=(
        Case("extremes", [np.array([3.0, -1.0, 0.5], np.float32), np.array([1.0, 2.0, -0.5], np.float32)]),
        Case("coverage", [np.array([4.0, -3.0, 1.0, 2.0], np.float32), np.array([9.0, 0.0, -7.0], np.float32)], 0.8),
        Case("holds-zero", [np.array([3.0, 1.0], np.float32), np.array([2.0, 5.0], np.float32)]),
        Case("holds-zero", [np.array([-3.0, -4.0], np.float32), np.array([-2.0, -5.0], np.float32)]),
    ),
    private=fresh_batches,
)


def clip_errors(x, bits, clips):
    largest = 2 ** (bits - 1) - 1
    real = torch.tensor(np.asarray(x, np.float32)).double()
    grids = [torch.fake_quantize_per_tensor_affine(real, clip / largest, 0, -largest, largest) for clip in clips]
    return [float(((grid - real) ** 2).mean()) for grid in grids]


def torch_best_clip(x, bits, clips):
    errors = clip_errors(x, bits, clips)
    return float(clips[errors.index(min(errors))]), min(errors)


def clear_winner(generator, draw, bits):
    """Return values and clips among which the best one is at least a tenth better than the next."""
    while True:
        x = draw()
        peak = float(np.abs(x).max())
        clips = [float(share * peak) for share in generator.permutation([0.1, 0.2, 0.35, 0.6, 1.0])]
        first, second = sorted(clip_errors(x, bits, clips))[:2]
        if second > 1.1 * first:
            return Case("", x, bits, clips)


def fresh_tails(generator):
    def tailed():
        x = generator.normal(size=400)
        x[generator.integers(0, 400, 3)] *= 5
        return x.astype(np.float32)

    def flat():
        return generator.uniform(-2, 2, size=(20, 20)).astype(np.float32)

    drawn = [
        ("outliers", clear_winner(generator, tailed, 4)),
        ("outliers", clear_winner(generator, tailed, 3)),
        ("no-outliers", clear_winner(generator, flat, 4)),
    ]
    zeros = Case("equal-errors", np.zeros(8, np.float32), 4, [float(c) for c in generator.uniform(1, 5, 4)])
    return [*(Case(behaviour, *case.arguments) for behaviour, case in drawn), zeros]


TAILED = np.append(np.random.default_rng(5).normal(size=120), [5.2, -9.0]).astype(np.float32)

best_clip = ExerciseSpec(
    id="best-clip",
    lesson=LESSON,
    title="Where to clip",
    response="function",
    name="best_clip",
    setup="""\
import numpy as np

tailed = np.random.default_rng(313).standard_t(3, 2000).astype(np.float32)
""",
    hints=(
        "A clip of `c` means a scale of `c / (2**(bits - 1) - 1)`; values beyond are clamped.",
        "Two errors add up: a small clip saturates much, a large one rounds coarsely. Mean squares hold both.",
    ),
    criteria=(
        Criterion(
            id="outliers",
            text="Heavy tails: the clip and its mean squared error, where that is least",
            points=2,
            requirement=Matches(),
        ),
        Criterion(id="no-outliers", text="No tails: keeps the whole range", points=1, requirement=Matches()),
        Criterion(
            id="equal-errors", text="Of equal errors, the first clip in the list", points=1, requirement=Matches()
        ),
        keeps("`x`"),
    ),
    misconceptions=(
        Symptom(
            id="not-clamped",
            text="Values beyond the clip are rounded, not clamped, so that the smallest clip always looks best.",
            remedy="Clamp the codes to the range; saturation is the price of a small clip.",
        ),
        Symptom(
            id="largest-error",
            text="The largest single error is compared, which only ever sees the outlier.",
            remedy="Compare mean squared errors over all values.",
        ),
        Symptom(
            id="last-of-equals",
            text="Of equal errors the last one wins.",
            remedy="Replace the best so far only by a smaller error.",
        ),
        Symptom(
            id="worst-clip",
            text="The clip with the largest error is returned.",
            remedy="Look for the minimum.",
        ),
        Symptom(
            id="one-step-for-all-clips",
            text="The scale stays that of the whole range, so that clipping saves no rounding error.",
            remedy="The scale follows from each clip: `clip / (2**(bits - 1) - 1)`.",
        ),
        Symptom(
            id="full-range",
            text="The clip is divided by `2**(bits - 1)`, a code that the positive side does not have.",
            remedy="The narrow range ends at `2**(bits - 1) - 1`, which should stand for the clip.",
        ),
        in_place("Clip into a new array."),
    ),
    reference=torch_best_clip,
    public=(
        Case("outliers", TAILED, 4, [9.0, 6.0, 3.0, 1.0]),
        Case("outliers", TAILED, 3, [2.2, 0.5, 5.0, 9.0]),
        Case("no-outliers", np.linspace(-1, 1, 41, dtype=np.float32) * 0.99, 4, [0.5, 0.8, 1.0, 2.5]),
        Case("equal-errors", np.zeros(4, np.float32), 4, [2.0, 1.0, 3.0]),
    ),
    private=fresh_tails,
)


def exact_bias_codes(bias, input_scale, weight_scales):
    """Divide as fractions; round half to even, as Python does; stay within 32 bits."""
    scales = np.broadcast_to(np.asarray(weight_scales), np.shape(bias)).tolist()
    steps = [
        Fraction(float(b)) / (Fraction(float(input_scale)) * Fraction(s)) for b, s in zip(bias, scales, strict=True)
    ]
    return np.array([min(2**31 - 1, max(-(2**31), round(step))) for step in steps], dtype=np.int32)


def fresh_biases(generator):
    def drawn(reach, count=7):
        input_scale = 2.0 ** -int(generator.integers(4, 8))
        weight_scales = 2.0 ** -generator.integers(5, 10, count).astype(np.float64)
        codes = generator.integers(-reach, reach, count)
        offset = generator.uniform(-0.3, 0.3, count) if reach < 10_000 else 0
        return ((codes + offset) * input_scale * weight_scales).astype(np.float32), input_scale, weight_scales

    bias, input_scale, weight_scales = drawn(900)
    far = (generator.uniform(1, 2, 6) * shuffled_signs(generator, 6)).astype(np.float32)
    return [
        Case("per-channel", bias, input_scale, weight_scales.astype(np.float32)),
        Case("per-channel", *drawn(3000, 12)),
        Case("one-scale", (generator.integers(-500, 500, 9) * 2.0**-13).astype(np.float32), 2.0**-7, 2.0**-6),
        Case("wide", *drawn(9_000_000)),
        Case("saturates", far, 2.0**-20, 2.0**-14),
        Case("int32", np.array(generator.integers(-99, 99, 5) * 2.0**-10, np.float32), 2.0**-5, np.full(5, 2.0**-5)),
    ]


quantize_bias = ExerciseSpec(
    id="quantize-bias",
    lesson=LESSON,
    title="The bias of an integer layer",
    response="function",
    name="quantize_bias",
    setup="""\
import numpy as np

bias = np.array([0.5, -0.25, 0.01], dtype=np.float32)
weight_scales = np.array([0.01, 0.02, 0.005], dtype=np.float32)
""",
    hints=(
        "The accumulator of channel i counts in steps of `input_scale * weight_scales[i]`; so must the bias.",
        "Divide and clamp in float64: float32 cannot hold `2**31 - 1`, and rounds it up out of range.",
    ),
    criteria=(
        Criterion(
            id="per-channel", text="Scale of channel i: input scale times weight scale i", points=2, requirement=EXACT
        ),
        Criterion(
            id="one-scale", text="One weight scale for all channels, a plain number", points=1, requirement=EXACT
        ),
        Criterion(id="wide", text="Codes of millions, exact to the last digit", points=1, requirement=EXACT),
        Criterion(id="saturates", text="Beyond 32 bits the codes stay at the ends", points=1, requirement=EXACT),
        Criterion(id="int32", text="Codes are int32", points=1, requirement=EXACT_WITH_DTYPE),
        keeps("`bias`"),
    ),
    misconceptions=(
        Symptom(
            id="weight-scale-alone",
            text="The bias is measured in steps of the weights, not of the products it is added to.",
            remedy="Products of input and weight codes count in steps of input scale times weight scale.",
        ),
        Symptom(
            id="sum-of-scales",
            text="The two scales are added; those of factors multiply.",
            remedy="Use `input_scale * weight_scales`.",
        ),
        Symptom(
            id="eight-bits",
            text="The bias is clamped to 8 bits, although it goes into a 32-bit accumulator.",
            remedy="Clamp to `-2**31` … `2**31 - 1`.",
        ),
        Symptom(
            id="wraps-at-32-bits",
            text="Codes beyond 32 bits wrap around to the other sign.",
            remedy="Clamp before the cast to int32.",
        ),
        Symptom(
            id="bias-as-float",
            text="The codes are whole, but stored as floats, which an integer kernel cannot add.",
            remedy="End with `.astype(np.int32)`.",
        ),
        in_place("Divide into a new array."),
    ),
    reference=exact_bias_codes,
    public=(
        Case(
            "per-channel", np.array([0.5, -0.25, 0.125], np.float32), 0.125, np.array([0.25, 0.125, 0.0625], np.float32)
        ),
        Case("one-scale", np.array([0.5, -0.25], np.float32), 0.25, 0.03125),
        Case("wide", np.array([1000.0, -2000.0], np.float32), 2.0**-5, np.array([2.0**-6, 2.0**-7])),
        Case("saturates", np.array([3.0, -3.0], np.float32), 2.0**-16, np.array([2.0**-15, 2.0**-16])),
        Case("int32", np.array([0.5, -0.25], np.float32), 0.25, np.array([0.25, 0.125])),
    ),
    private=fresh_biases,
)


def int64_linear(q_x, zero_point, q_w, q_bias):
    products = np.einsum("nk,mk->nm", q_x.astype(np.int64) - zero_point, q_w.astype(np.int64))
    return (products + q_bias.astype(np.int64)).astype(np.int32)


def drawn_layer(generator, rows, inputs, outputs, zero_point, reach=127, weight_reach=None):
    weight_reach = weight_reach or reach
    q_x = generator.integers(-reach - 1, reach + 1, (rows, inputs)).astype(np.int8)
    q_w = generator.integers(-weight_reach, weight_reach + 1, (outputs, inputs)).astype(np.int8)
    q_bias = generator.integers(-900, 900, outputs).astype(np.int32)
    return q_x, zero_point, q_w, q_bias


def with_ends(layer):
    """Return a layer whose first code is the lowest there is, and meets no weight of 0."""
    q_x, zero_point, q_w, q_bias = layer
    q_x[0, 0], q_w[0, 0] = -128, 19
    return q_x, zero_point, q_w, q_bias


def beyond_float32(generator, inputs=1600):
    """Return a layer with one odd sum above 2**24, which no float32 holds, and a bias beyond 16 bits."""
    q_x = generator.integers(100, 128, (1, inputs)).astype(np.int8)
    q_w = generator.integers(110, 128, (1, inputs)).astype(np.int8)
    q_x[0, 0] = 127  # odd, so that the weight beside it decides whether the sum is
    q_w[0, 0] = 111 + int(q_x.astype(int)[0, 1:] @ q_w.astype(int)[0, 1:]) % 2
    return q_x, 0, q_w, np.array([2 * generator.integers(20_000, 400_000)], np.int32)


# 1070 products of 124 and 127, and one of 1 and 125: all are multiples of 4 but the last, so that float32 loses the
# same 1 in whatever order it adds them.
ODD_CODES = np.append(np.full(1070, 124), 1).astype(np.int8)
ODD_WEIGHTS = np.append(np.full(1070, 127), 125).astype(np.int8)


def fresh_layers(generator):
    zero_point = int(generator.integers(20, 60))
    wide = drawn_layer(generator, 2, 300, 3, 0)
    same_sign = (np.abs(wide[0].astype(np.int16)).clip(60, 127).astype(np.int8), 0, np.abs(wide[2]), wide[3])
    far = drawn_layer(generator, 3, 4, 4, 60 + zero_point, weight_reach=20)
    return [
        Case("products", *drawn_layer(generator, 4, 6, 3, 0, reach=70)),
        Case("products", *drawn_layer(generator, 5, 5, 5, 0, reach=70)),
        Case("zero-point", *drawn_layer(generator, 3, 4, 4, zero_point, reach=60)),
        Case("zero-point", *drawn_layer(generator, 2, 3, 5, -zero_point, reach=60)),
        Case("zero-point", *with_ends(far)),
        Case("wide", *same_sign),
        Case("wide", *beyond_float32(generator)),
        Case("int32", *drawn_layer(generator, 1, 1, 1, 0, reach=5)),
    ]


integer_linear = ExerciseSpec(
    id="integer-linear",
    lesson=LESSON,
    title="An integer linear layer",
    response="function",
    name="integer_linear",
    setup="""\
import numpy as np

rng = np.random.default_rng(315)
q_x = rng.integers(-128, 128, (2, 64)).astype(np.int8)
q_w = rng.integers(-127, 128, (3, 64)).astype(np.int8)
q_bias = np.array([100, -2000, 0], dtype=np.int32)
""",
    hints=(
        "NumPy multiplies int8 by int8 in int8: make both sides int32 before anything else.",
        "The input's zero point comes off every input code; the weights are symmetric and have none.",
    ),
    criteria=(
        Criterion(id="products", text="Sums of products and bias, zero point 0", points=2, requirement=EXACT),
        Criterion(id="zero-point", text="The zero point comes off the input codes", points=2, requirement=EXACT),
        Criterion(
            id="wide", text="Sums and biases beyond 16 bits, exact to the last digit", points=1, requirement=EXACT
        ),
        Criterion(
            id="int32", text="Accumulators are int32, shape (rows, outputs)", points=1, requirement=EXACT_WITH_DTYPE
        ),
        keeps("the codes"),
    ),
    misconceptions=(
        Symptom(
            id="difference-wraps",
            text="The zero point is subtracted in 8 bits, where the difference wraps around; the cast comes too late.",
            remedy="Cast the codes to int32 first, then subtract.",
        ),
        Symptom(
            id="sixteen-bit-bias",
            text="The bias is cut to 16 bits, though it counts in the small steps of the sum and may reach millions.",
            remedy="Leave the bias in int32.",
        ),
        Symptom(
            id="eight-bit-sums",
            text="Products and sums stay in 8 bits and wrap around.",
            remedy="Cast both code matrices to int32 before you multiply.",
        ),
        Symptom(
            id="sixteen-bit-sums",
            text="The sums are kept in 16 bits, which a few hundred products overflow.",
            remedy="One product of int8 codes can fill 15 bits; a sum of many needs 32.",
        ),
        Symptom(
            id="zero-point-ignored",
            text="The zero point is left out; with a zero point of 0 nobody notices.",
            remedy="Subtract it from the input codes.",
        ),
        Symptom(
            id="zero-point-off-the-sum",
            text="The zero point is subtracted from the sum once, but it is in every product.",
            remedy="It counts once for each weight: zero_point · sum of the weights of that output.",
        ),
        Symptom(
            id="zero-point-added",
            text="The zero point is added to the input codes.",
            remedy="A code stands for (q − zero_point) steps: subtract.",
        ),
        Symptom(
            id="float-sums",
            text="The sums are float32, exact up to `2**24` only, and no integer unit was used.",
            remedy="Stay with integers to the end.",
        ),
        in_place("Subtract into a new, wider array."),
    ),
    reference=int64_linear,
    public=(
        Case(
            "products",
            np.array([[10, -20]], np.int8),
            0,
            np.array([[3, 4], [50, -60]], np.int8),
            np.array([7, -8], np.int32),
        ),
        Case(
            "zero-point",
            np.array([[10, -20]], np.int8),
            5,
            np.array([[3, 4], [50, -60]], np.int8),
            np.array([7, -8], np.int32),
        ),
        Case(
            "zero-point",
            np.array([[100, -120]], np.int8),
            60,
            np.array([[3, 4], [50, -60]], np.int8),
            np.array([7, -8], np.int32),
        ),
        Case("wide", np.full((1, 12), -120, np.int8), 0, np.full((1, 12), 110, np.int8), np.array([1], np.int32)),
        Case("wide", np.array([[50, 60]], np.int8), 0, np.array([[3, 4]], np.int8), np.array([-200_000], np.int32)),
        Case("wide", ODD_CODES[None], 0, ODD_WEIGHTS[None], np.array([-16_850_480], np.int32)),  # leaves 5
        Case("int32", np.array([[2]], np.int8), 0, np.array([[3]], np.int8), np.array([4], np.int32)),
    ),
    private=fresh_layers,
)


def exact_overflow_count(q_x, q_w, bits):
    """Add with Python's integers, which have no width, and ask each sum how many bits it takes."""
    sums = [sum(a * b for a, b in zip(row, weights, strict=True)) for row in q_x.tolist() for weights in q_w.tolist()]
    return sum((total if total >= 0 else ~total).bit_length() > bits - 1 for total in sums)


def fresh_sums(generator):
    def codes(rows, inputs, low=-128, high=128):
        return generator.integers(low, high, (rows, inputs)).astype(np.int8)

    return [
        Case("both-signs", codes(9, 40), codes(8, 40), 16),
        Case("both-signs", codes(6, 20), codes(6, 20), 14),
        Case("positive", codes(5, 30, 60), codes(4, 30, 60), 17),
        Case("at-the-ends", *end_sums(), int(generator.integers(9, 12))),
        Case("no-overflow", codes(5, 30), codes(5, 30), 24),
    ]


def end_sums():
    """Return codes whose sums run over ± powers of two and their neighbours."""
    powers = np.array([2**k for k in (2, 3, 4, 5, 6)])
    rows = [[s * p, 8, t] for p in powers for s in (1, -1) for t in (-1, 0, 1)]
    return np.array(rows, np.int8), np.array([[16, 0, 1], [32, 0, 1]], np.int8)


overflow_count = ExerciseSpec(
    id="overflow-count",
    lesson=LESSON,
    title="Count the overflows",
    response="function",
    name="overflow_count",
    setup="""\
import numpy as np

rng = np.random.default_rng(316)
q_x = rng.integers(-128, 128, (64, 128)).astype(np.int8)
q_w = rng.integers(-127, 128, (32, 128)).astype(np.int8)
""",
    hints=(
        "Sum in int64 first: an accumulator that has wrapped cannot tell.",
        "A signed accumulator of `bits` bits ends at `-2**(bits - 1)` and `2**(bits - 1) - 1`; both still fit.",
    ),
    criteria=(
        Criterion(id="positive", text="Sums too large", points=1, requirement=EXACT),
        Criterion(id="both-signs", text="Sums too large and too small", points=2, requirement=EXACT),
        Criterion(id="at-the-ends", text="Sums at the ends of the range and beside them", points=1, requirement=EXACT),
        Criterion(id="no-overflow", text="0 where every sum fits", points=1, requirement=EXACT),
        keeps("the codes"),
    ),
    misconceptions=(
        Symptom(
            id="positive-overflow-only",
            text="Only sums above the range are counted.",
            remedy="Negative sums fall out of the range as well.",
        ),
        Symptom(
            id="counts-after-wrapping",
            text="The sums are taken in the narrow type, where they have wrapped before anybody compares them.",
            remedy="Compute the exact sums in int64, then compare.",
        ),
        Symptom(
            id="sums-in-16-bits",
            text="The codes are made wider, but to 16 bits only, and the sums wrap around there.",
            remedy="Cast to int64 before the product: a few products of int8 codes overflow int16.",
        ),
        Symptom(
            id="unsigned-limit",
            text="The limit is that of an unsigned accumulator, `2**bits`.",
            remedy="One of the bits is the sign: compare with `2**(bits - 1)`.",
        ),
        Symptom(
            id="symmetric-limit",
            text="`-2**(bits - 1)` is counted as an overflow, but two's complement holds it.",
            remedy="Compare with both ends: below `-2**(bits - 1)`, above `2**(bits - 1) - 1`.",
        ),
        Symptom(
            id="any-for-count",
            text="It is said whether there is an overflow, not how many.",
            remedy="Count the sums that do not fit.",
        ),
        Symptom(
            id="counts-what-fits",
            text="The sums that fit are counted, not those that overflow.",
            remedy="Turn the condition around.",
        ),
        in_place("Cast to a new array."),
    ),
    reference=exact_overflow_count,
    public=(
        Case(
            "positive",
            np.array([[100, 100], [5, 100], [90, 90]], np.int8),
            np.array([[100, 100], [90, 90]], np.int8),
            15,
        ),
        Case(
            "both-signs",
            np.array([[100, 100], [-100, -100], [45, 46]], np.int8),
            np.array([[100, 100], [90, 99]], np.int8),
            14,
        ),
        Case(
            "both-signs",
            np.array([[127, 127, 127], [-128, -128, -128], [60, 50, 40]], np.int8),
            np.array([[127, 127, 127], [90, 99, 1]], np.int8),
            16,
        ),
        Case("at-the-ends", np.array([[64], [-64], [63], [-65]], np.int8), np.array([[2]], np.int8), 8),
        Case(
            "no-overflow", np.array([[100, 100], [-100, -100]], np.int8), np.array([[100, 100], [90, 99]], np.int8), 32
        ),
    ),
    private=fresh_sums,
)


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
    powers = [2.0 ** int(k) for k in generator.permutation(np.r_[-10:-1, 1:5])[:3]]
    return [
        *(Case("below-one", value) for value in small[:3]),
        *(Case("below-one", value, 15) for value in small[3:]),
        *(Case("above-one", value) for value in large[:2]),
        *(Case("above-one", value, 7) for value in large[2:]),
        *(Case("power-of-two", value) for value in powers),
        Case("carries", float((1 - 2.0**-45) * 2.0 ** -int(generator.integers(2, 9)))),
        Case("carries", float(generator.uniform(0.9990, 0.9999)), 8),
        Case("refuses", -float(generator.uniform(0.1, 2))),
    ]


fixed_point_multiplier = ExerciseSpec(
    id="fixed-point-multiplier",
    lesson=LESSON,
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
        Criterion(id="below-one", text="Multipliers below 1/2: positive shift", points=2, requirement=EXACT),
        Criterion(id="above-one", text="Multipliers above 1: negative shift", points=1, requirement=EXACT),
        Criterion(id="power-of-two", text="Powers of two: the smallest mantissa", points=1, requirement=EXACT),
        Criterion(
            id="carries", text="A mantissa that rounds up to `2**bits` is normalized again", points=1, requirement=EXACT
        ),
        Criterion(
            id="refuses",
            text="Raises a ValueError for a multiplier of 0 or below",
            points=1,
            requirement=Raises(types=("ValueError",)),
        ),
    ),
    misconceptions=(
        Symptom(
            id="mantissa-cut-off",
            text="The mantissa is cut off, not rounded.",
            remedy="Use `round` before turning it into an int.",
        ),
        Symptom(
            id="carry-forgotten",
            text="A mantissa of `2**bits` is returned, one bit too wide: `2**31` does not fit an int32.",
            remedy="Where rounding reaches `2**bits`, return half of it and a shift less by one.",
        ),
        Symptom(
            id="not-normalized",
            text="The shift is always 0, so a small multiplier keeps only a few digits in its mantissa.",
            remedy="Bring the fraction to 0.5 … 1 first, so that all bits carry digits.",
        ),
        Symptom(
            id="shift-never-negative",
            text="Multipliers of 1 and above are left as they are, so their mantissa has too many bits.",
            remedy="Halve the fraction until it is below 1, and take one off the shift each time: it becomes negative.",
        ),
        Symptom(
            id="shift-sign",
            text="The shift has the sign of the exponent; a right shift makes numbers smaller.",
            remedy="`multiplier == mantissa / 2**bits / 2**shift`: turn the sign.",
        ),
        Symptom(
            id="one-bit-too-wide",
            text="The mantissa has one bit more than asked for; with 32 bits it takes the sign bit.",
            remedy="Scale by `2**bits`, so that the mantissa lies from `2**(bits - 1)` to `2**bits - 1`.",
        ),
        Symptom(
            id="sign-not-checked",
            text="A multiplier of 0 or below is accepted.",
            remedy="Raise a ValueError: a product of scales is above 0.",
        ),
    ),
    reference=exact_fixed_point,
    public=(
        Case("below-one", 0.3),
        Case("below-one", 0.3, 8),
        Case("below-one", 0.0123),
        Case("above-one", 3.7),
        Case("above-one", 1.3),
        Case("above-one", 3.7, 8),
        Case("power-of-two", 0.25),
        Case("power-of-two", 4.0),
        Case("carries", 1 - 2.0**-45),
        Case("carries", 0.999, 8),
        Case("refuses", 0.0),
        Case("refuses", -0.3),
    ),
    private=fresh_multipliers,
)


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
        Case("halves", halves.astype(np.int32), 2**30, 2, -zero_point),
        Case("huge", huge.astype(np.int32), mantissa, 25, 0),
        Case("huge", *below_half(int(generator.integers(2, 8))), 31, 0),
        Case("saturates", beyond.astype(np.int32), mantissa, shift, zero_point),
        Case("saturates", beyond[:6].astype(np.int32), mantissa, shift, 3, -8, 7),
        Case(
            "saturates", beyond[4:].astype(np.int32), mantissa, shift, zero_point, 0, int(generator.integers(80, 120))
        ),
        Case("int8", (generator.integers(-9, 9, (2, 3)) * 8).astype(np.int32), 2**30, 2, 0),
    ]


requantize_sums = ExerciseSpec(
    id="requantize-sums",
    lesson=LESSON,
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
        Criterion(
            id="typical", text="Multiplied, shifted, rounded to nearest, zero point added", points=2, requirement=EXACT
        ),
        Criterion(id="halves", text="Halves are rounded up, negative ones too", points=1, requirement=EXACT),
        Criterion(
            id="huge", text="Sums that fill 32 bits, whose products no float64 holds", points=1, requirement=EXACT
        ),
        Criterion(
            id="saturates",
            text="Codes beyond `quant_min` … `quant_max` stay at these ends",
            points=1,
            requirement=EXACT,
        ),
        Criterion(id="int8", text="Codes are int8, in the shape of the sums", points=1, requirement=EXACT_WITH_DTYPE),
        keeps("`sums`"),
    ),
    misconceptions=(
        Symptom(
            id="shift-rounds-down",
            text="The shift alone is used; it rounds down, and every output is half a step too low on average.",
            remedy="Add `1 << (31 + shift - 1)` before you shift.",
        ),
        Symptom(
            id="product-in-32-bits",
            text="The product is computed in 32 bits and wraps around.",
            remedy="Cast the sums to int64 before you multiply.",
        ),
        Symptom(
            id="half-to-even",
            text="Halves go to the even neighbour, as `np.rint` does; the integer kernel here rounds them up.",
            remedy="Use the shift with the added half, and no floats.",
        ),
        Symptom(
            id="cast-before-clamp",
            text="The cast to int8 comes before the clamp, so large outputs wrap around.",
            remedy="Clamp in int64 and cast last.",
        ),
        Symptom(
            id="through-float64",
            text="The product goes through a float, whose 53 bits do not hold the 62 of a sum times a mantissa.",
            remedy="Multiply, add the half and shift in int64.",
        ),
        Symptom(
            id="limits-ignored",
            text="The codes are always clamped to −128 … 127, whatever limits are passed.",
            remedy="Clamp to `quant_min` … `quant_max`.",
        ),
        Symptom(
            id="zero-point-before-shift",
            text="The zero point of the output is added to the sum, where it is scaled away.",
            remedy="Add it after the shift: it is a code of the output.",
        ),
        in_place("Multiply into a new int64 array."),
    ),
    reference=exact_requantize,
    public=(
        Case("typical", np.array([-1000, -77, 10, 300], np.int32), 1717986918, 4, 10),
        Case("typical", np.array([-60, 21, 100], np.int32), 1717986918, 4, 1, -8, 7),
        Case("halves", np.array([-12, -4, 4, 12, 20], np.int32), 2**30, 2, 0),
        Case("huge", np.array([2**31 - 1, -(2**31)], np.int32), 1717986918, 25, 0),
        Case("huge", *below_half(1), 31, 0),
        Case("saturates", np.array([-5000, 5000, 90000], np.int32), 1717986918, 4, 10),
        Case("saturates", np.array([-900, 1500], np.int32), 1717986918, 4, 2, -8, 7),
        Case("int8", np.array([[16, -8]], np.int32), 2**30, 2, 0),
    ),
    private=fresh_accumulators,
)


def torch_integer_conv(q_x, zero_point, q_w, padding):
    """Subtract the zero point first; torch then pads with real zeros, exactly in float64."""
    image = torch.tensor(q_x.astype(np.float64) - zero_point)[None]
    sums = torch.nn.functional.conv2d(image, torch.tensor(q_w.astype(np.float64)), padding=padding)[0]
    return sums.round().to(torch.int32).numpy()


def drawn_conv(generator, channels, height, width, outputs, size, reach=5):
    q_x = generator.integers(0, 256, (channels, height, width)).astype(np.uint8)
    return q_x, generator.integers(-reach, reach + 1, (outputs, channels, size, size)).astype(np.int8)


def fresh_images(generator):
    def case(behaviour, padding, *sizes):
        q_x, q_w = drawn_conv(generator, *sizes)
        return Case(behaviour, q_x, int(generator.integers(30, 200)), q_w, padding)

    bright = generator.integers(200, 256, (5, 3, 4)).astype(np.uint8)
    heavy = generator.integers(100, 128, (2, 5, 1, 1)).astype(np.int8)
    codes, zero_point, weights, _ = beyond_float32(generator)
    deep = Case("one-by-one", codes.astype(np.uint8).reshape(-1, 1, 1), zero_point, weights[:, :, None, None], 0)
    return [
        case("no-padding", 0, 2, 5, 6, 3, 3),
        case("no-padding", 0, 1, 4, 4, 2, 2),
        case("padded", 1, 2, 4, 5, 3, 3),
        case("padded", 2, 1, 3, 3, 2, 3),
        Case("one-by-one", bright, int(generator.integers(20, 100)), heavy, 0),
        deep,
        Case("int32", np.full((1, 2, 2), 7, np.uint8), 0, generator.integers(1, 9, (1, 1, 1, 1)).astype(np.int8), 0),
    ]


integer_conv = ExerciseSpec(
    id="integer-conv",
    lesson=LESSON,
    title="An integer convolution",
    response="function",
    name="integer_conv",
    setup="""\
import numpy as np

rng = np.random.default_rng(319)
q_image = rng.integers(0, 256, (2, 4, 4)).astype(np.uint8)
q_kernel = rng.integers(-127, 128, (1, 2, 3, 3)).astype(np.int8)
""",
    hints=(
        "Take off the zero point in int32, then pad with 0; or pad with the zero point, then take it off.",
        "Each output is a sum over channels, rows and columns of the window: `np.sum(window * kernel)`.",
        "`np.pad(x, ((0, 0), (p, p), (p, p)))` pads rows and columns, not channels.",
    ),
    criteria=(
        Criterion(id="no-padding", text="Sums over all windows and all input channels", points=2, requirement=EXACT),
        Criterion(id="padded", text="Padding stands for real 0.0", points=2, requirement=EXACT),
        Criterion(
            id="one-by-one",
            text="A kernel of one pixel, with sums beyond 16 bits, exact to the last digit",
            points=1,
            requirement=EXACT,
        ),
        Criterion(
            id="int32",
            text="Accumulators are int32, shape (outputs, height, width)",
            points=1,
            requirement=EXACT_WITH_DTYPE,
        ),
        keeps("the codes"),
    ),
    misconceptions=(
        Symptom(
            id="pads-with-code-zero",
            text="The border is filled with code 0, which stands for a real value far from 0.0.",
            remedy="Fill with the zero point, or take it off before you pad with 0.",
        ),
        Symptom(
            id="difference-wraps",
            text="The zero point is subtracted in 8 bits, where nothing is below 0: darker pixels wrap around.",
            remedy="Cast the codes to int32 first, then subtract.",
        ),
        Symptom(
            id="kernel-flipped",
            text="The kernel is turned around, as in mathematics; deep learning slides it as it is.",
            remedy="Multiply window and kernel entry by entry, without flipping.",
        ),
        Symptom(
            id="zero-point-ignored",
            text="The codes are multiplied as they are, zero point and all.",
            remedy="Subtract the zero point from the image.",
        ),
        Symptom(
            id="first-channel-only",
            text="Only the first input channel is used.",
            remedy="Sum over all input channels.",
        ),
        Symptom(
            id="sixteen-bit-sums",
            text="The sums are kept in 16 bits and wrap around.",
            remedy="Cast image and kernel to int32 before you multiply.",
        ),
        Symptom(
            id="float-sums",
            text="The sums are floats; a float32 is exact up to `2**24` only.",
            remedy="Keep to integers from the first product on, and return int32.",
        ),
        in_place("Subtract into a new, wider array."),
    ),
    reference=torch_integer_conv,
    public=(
        Case(
            "no-padding",
            np.arange(100, 118, dtype=np.uint8).reshape(2, 3, 3),
            110,
            np.array([[[[1, 2], [-3, 4]], [[50, -6], [70, 80]]]], np.int8),
            0,
        ),
        Case(
            "padded",
            np.array([[[10, 200], [30, 40]]], np.uint8),
            10,
            np.arange(-40, 50, 10, dtype=np.int8).reshape(1, 1, 3, 3),
            1,
        ),
        Case("one-by-one", np.array([[[200]], [[250]]], np.uint8), 10, np.array([[[[110]], [[120]]]], np.int8), 0),
        Case("one-by-one", ODD_CODES.astype(np.uint8).reshape(-1, 1, 1), 0, ODD_WEIGHTS.reshape(1, -1, 1, 1), 0),
        Case("int32", np.array([[[2, 3]]], np.uint8), 0, np.array([[[[5]]]], np.int8), 0),
    ),
    private=fresh_images,
)


def torch_fold(weight, bias, mean, variance, gamma, beta, eps):
    folded = torch.nn.utils.fusion.fuse_conv_bn_weights(weight, bias, mean, variance, eps, gamma, beta)
    return tuple(part.detach() for part in folded)


def drawn_norm(generator, *shape):
    channels = shape[0]
    while True:
        rows = [
            generator.normal(size=shape),
            generator.normal(size=channels),
            generator.normal(size=channels),
            generator.uniform(0.3, 3, channels),
            generator.uniform(0.5, 2, channels) * shuffled_signs(generator, channels),
            generator.normal(size=channels),
        ]
        if not nearly_cancels(*rows[1:]):
            return [torch.tensor(row, dtype=torch.float32) for row in rows]


def nearly_cancels(bias, mean, variance, gamma, beta):
    """Say whether beta leaves a folded bias so close to 0 that an eps of 1e-5 shows in it."""
    scaled = (bias - mean) * gamma / np.sqrt(variance)
    return bool(np.any(np.abs(scaled + beta) < 0.3 * np.abs(scaled)))


def fresh_norms(generator):
    flat = drawn_norm(generator, 4, 3, 3, 3)
    flat[3] = torch.tensor(generator.uniform(1e-6, 1e-4, 4), dtype=torch.float32)
    return [
        Case("weight", *drawn_norm(generator, 3, 2, 3, 3), 1e-5),
        Case("weight", *drawn_norm(generator, 4, 4, 3, 3), 1e-5),
        Case("bias", *drawn_norm(generator, 5, 5, 3, 3), 1e-5),
        Case("bias", *drawn_norm(generator, 3, 3, 1, 1), 1e-5),
        Case("linear", *drawn_norm(generator, 5, 5), 1e-5),
        Case("small-variance", *flat, 1e-3),
    ]


def norm_by_hand(weight, bias, mean, variance, gamma, beta):
    return [torch.tensor(row) for row in (weight, bias, mean, variance, gamma, beta)]


SMALL_NORM = norm_by_hand(
    [[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]], [0.5, -1.0], [2.0, 1.0], [4.0, 0.25], [3.0, -2.0], [1.0, 0.5]
)

fold_batch_norm = ExerciseSpec(
    id="fold-batch-norm",
    lesson=LESSON,
    title="Fold a batch norm",
    response="function",
    name="fold_batch_norm",
    setup="""\
import torch
from quizlib import zoo

cnn = zoo.digits_cnn()
norm = cnn.bn1
image = torch.from_numpy(zoo.load_digits().images("val")[:1])
""",
    hints=(
        "Batch norm computes gamma * (y - mean) / sqrt(variance + eps) + beta for each channel; put y = w·x + b in.",
        "gamma / sqrt(variance + eps) has one entry an output channel: reshape it to (-1, 1, 1, 1) for a kernel.",
        "`factor.reshape(-1, *[1] * (weight.ndim - 1))` serves linear layers too.",
    ),
    criteria=(
        Criterion(
            id="weight",
            text="Weights times gamma / sqrt(variance + eps), by output channel",
            points=2,
            requirement=Matches(part=0),
        ),
        Criterion(
            id="bias",
            text="The bias takes mean, factor and beta along",
            points=2,
            requirement=Matches(part=1, atol=1e-5),
        ),
        Criterion(id="linear", text="A linear layer, weights with two axes", points=1, requirement=Matches(atol=1e-5)),
        Criterion(
            id="small-variance", text="A variance close to 0 leans on eps", points=1, requirement=Matches(atol=1e-4)
        ),
        keeps("the tensors"),
    ),
    misconceptions=(
        Symptom(
            id="factor-on-input-channels",
            text="The factor is lined up with the input channels.",
            remedy="Batch norm follows the layer: its channels are the output channels, axis 0 of the weight.",
        ),
        Symptom(
            id="variance-without-root",
            text="The variance is used where its square root belongs.",
            remedy="Divide by `torch.sqrt(variance + eps)`.",
        ),
        Symptom(
            id="eps-left-out",
            text="eps is left out; with a variance close to 0 the result explodes.",
            remedy="Add eps to the variance, under the root.",
        ),
        Symptom(
            id="eps-outside-root",
            text="eps is added to the root, not to the variance.",
            remedy="The root goes over the sum: sqrt(variance + eps).",
        ),
        Symptom(
            id="bias-not-scaled",
            text="The layer's own bias is added unscaled.",
            remedy="The bias passes through batch norm like everything else: (bias - mean) * factor + beta.",
        ),
        Symptom(
            id="mean-added",
            text="The mean is added; batch norm takes it off.",
            remedy="(bias - mean) * factor + beta.",
        ),
        in_place("Methods that end in `_` and `*=` write into the layer's own weights."),
    ),
    reference=torch_fold,
    public=(
        Case("weight", *SMALL_NORM, 1e-5),
        Case("bias", *SMALL_NORM, 1e-5),
        Case("linear", *(part.reshape(2, 2) if part.ndim == 4 else part for part in SMALL_NORM), 1e-5),
        Case(
            "small-variance", *(torch.full((2,), 1e-5) if i == 3 else part for i, part in enumerate(SMALL_NORM)), 1e-3
        ),
    ),
    private=fresh_norms,
)


def bit_string_bytes(codes, bits):
    """Write all bits into one long whole number, the first code lowest, and cut it into bytes."""
    whole = sum((int(code) % 2**bits) << (bits * place) for place, code in enumerate(codes))
    count = -(-len(codes) * bits // 8)
    return np.frombuffer(whole.to_bytes(count, "little"), dtype=np.uint8).copy()


def fresh_small_codes(generator):
    def codes(bits, count):
        return generator.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), count).astype(np.int8)

    return [
        Case("four-bit", codes(4, 24), 4),
        Case("four-bit", strided(codes(4, 10)), 4),
        Case("two-bit", codes(2, 20), 2),
        Case("two-bit", codes(2, 4), 2),
        Case("tail", np.append(codes(4, 12), np.int8(-3)), 4),
        Case("tail", np.append(codes(2, 12), np.array([1, -2], np.int8)), 2),
        Case("tail", np.append(codes(2, 8), np.int8(-1)), 2),
    ]


pack_codes = ExerciseSpec(
    id="pack-codes",
    lesson=LESSON,
    title="Pack small codes into bytes",
    response="function",
    name="pack",
    setup="""\
import numpy as np

small_codes = np.array([1, -2, 7, -8, 3], dtype=np.int8)
""",
    hints=(
        "`codes & mask` with a mask of `bits` ones keeps two's complement: −2 in four bits is 14.",
        "Pad with zeros to whole bytes, reshape to (bytes, codes a byte), shift each column to its place, and add up.",
    ),
    criteria=(
        Criterion(
            id="four-bit", text="Two codes of 4 bits a byte, the first one in the low bits", points=2, requirement=EXACT
        ),
        Criterion(id="two-bit", text="Four codes of 2 bits a byte", points=1, requirement=EXACT),
        Criterion(id="tail", text="The last byte is filled up with zeros", points=1, requirement=EXACT),
        Criterion(
            id="uint8",
            text="Bytes are uint8",
            points=1,
            requirement=Measured(conditions=(Condition(fact="output_dtype", equals="uint8"),)),
        ),
        keeps("`codes`"),
    ),
    misconceptions=(
        Symptom(
            id="first-code-on-top",
            text="The first code sits in the high bits of the byte.",
            remedy="Shift the first code by 0, the next by `bits`, and so on.",
        ),
        Symptom(
            id="sign-bits-spill",
            text="The sign bits of a negative code fill the rest of the byte and cover its neighbours.",
            remedy="Mask each code to `bits` bits before you shift it.",
        ),
        Symptom(
            id="shifted-to-unsigned",
            text="Codes are moved up to start at 0, which is another format than two's complement.",
            remedy="Mask the code instead of adding an offset: −1 becomes all ones.",
        ),
        Symptom(
            id="tail-dropped",
            text="Codes that do not fill a byte are dropped.",
            remedy="Pad with zeros to a multiple of the codes a byte.",
        ),
        Symptom(
            id="always-two-a-byte",
            text="Codes of 2 bits are stored two a byte, as if they had 4.",
            remedy="A byte holds `8 // bits` codes.",
        ),
        Symptom(
            id="wide-result",
            text="The bytes are right, but each is stored in a wider integer, so nothing is saved.",
            remedy="End with `.astype(np.uint8)`.",
        ),
        in_place("Mask into a new array: `codes & mask`, not `codes &= mask`."),
    ),
    reference=bit_string_bytes,
    public=(
        Case("four-bit", np.array([-2, 1, -8, 7], np.int8), 4),  # a negative code below, whose sign could spill
        Case("two-bit", np.array([1, -2, 0, -1], np.int8), 2),
        Case("tail", np.array([1, -2, 3], np.int8), 4),
        Case("tail", np.array([1, -2, 1, 0, -1, 1], np.int8), 2),
    ),
    private=fresh_small_codes,
)


def bit_string_codes(packed, bits, count):
    """Read the bytes as one long whole number, and take its digits to the base 2**bits."""
    whole = int.from_bytes(np.ascontiguousarray(packed).tobytes(), "little")
    digits = [(whole >> (bits * place)) % 2**bits for place in range(count)]
    return np.array([digit - 2**bits if digit >= 2 ** (bits - 1) else digit for digit in digits], np.int8)


def fresh_bytes(generator):
    def random_bytes(count):
        return generator.integers(0, 256, count).astype(np.uint8)

    return [
        Case("four-bit", random_bytes(12), 4, 24),
        Case("four-bit", strided(random_bytes(6)), 4, 12),
        Case("two-bit", random_bytes(7), 2, 28),
        Case("count", random_bytes(9), 4, 17),
        Case("count", random_bytes(5), 2, 18),
        Case("int8", (random_bytes(4) & 0x77), 4, 8),
    ]


unpack_codes = ExerciseSpec(
    id="unpack-codes",
    lesson=LESSON,
    title="Unpack them again",
    response="function",
    name="unpack",
    setup="""\
import numpy as np

packed_bytes = np.array([0b1110_0001, 0b1000_0111, 0b0000_0011], dtype=np.uint8)
""",
    hints=(
        "`packed[:, None] >> shifts` lays the codes of a byte side by side; a mask cuts each of them out.",
        "A field of 4 bits with its top bit set is negative: subtract 16. `(field ^ 8) - 8` does both.",
    ),
    criteria=(
        Criterion(id="four-bit", text="Two signed codes a byte, low bits first", points=2, requirement=EXACT),
        Criterion(id="two-bit", text="Four signed codes a byte", points=1, requirement=EXACT),
        Criterion(id="count", text="As many codes as asked for, no filling", points=1, requirement=EXACT),
        Criterion(id="int8", text="Codes are int8", points=1, requirement=EXACT_WITH_DTYPE),
        keeps("`packed`"),
    ),
    misconceptions=(
        Symptom(
            id="sign-forgotten",
            text="The codes come back unsigned: −2 reads as 14.",
            remedy="Where the top bit of a field is set, subtract `2**bits`.",
        ),
        Symptom(
            id="high-bits-first",
            text="The high bits of a byte are read first.",
            remedy="Shift by 0 for the first code, by `bits` for the next.",
        ),
        Symptom(
            id="filling-kept",
            text="The zeros that filled up the last byte are returned as codes.",
            remedy="Cut the result to `count` codes.",
        ),
        Symptom(
            id="offset-binary",
            text="An offset is taken off every field; the codes were stored in two's complement.",
            remedy="Only fields with their top bit set are negative.",
        ),
        Symptom(
            id="wide-codes",
            text="The codes are right, but in a wider integer than int8.",
            remedy="End with `.astype(np.int8)`.",
        ),
        in_place("Shift into a new array."),
    ),
    reference=bit_string_codes,
    public=(
        Case("four-bit", np.array([0b1110_0001, 0b1000_0111], np.uint8), 4, 4),
        Case("two-bit", np.array([0b11_00_10_01], np.uint8), 2, 4),
        Case("count", np.array([0b1110_0001, 0b0000_0011], np.uint8), 4, 3),
        Case("int8", np.array([0b0111_0001], np.uint8), 4, 2),
    ),
    private=fresh_bytes,
)


def scipy_codebook(x, bits, steps):
    values = np.asarray(x, np.float64).ravel()
    start = np.linspace(values.min(), values.max(), 2**bits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an entry without members keeps its value, which is what is asked for
        codebook, _ = cluster.vq.kmeans2(values, start, iter=steps, minit="matrix", missing="warn")
    codes, _ = cluster.vq.vq(values, codebook)
    return codebook.astype(np.float32), codes.astype(np.uint8).reshape(np.shape(x))


def fully_used(draw, bits, steps):
    """Return values none of whose entries is without members before any of the steps."""
    while True:
        values = draw().astype(np.float32)
        numbers = values.astype(np.float64).ravel()
        start = np.linspace(numbers.min(), numbers.max(), 2**bits)
        try:
            cluster.vq.kmeans2(numbers, start, iter=steps, minit="matrix", missing="raise")
        except cluster.vq.ClusterError:
            continue
        return values


def fresh_clusters(generator):
    def lump(centre):
        while True:
            drawn = generator.normal(centre, 0.05, 12)
            if abs(drawn.mean() - np.median(drawn)) > 0.005:  # else the median passes for the mean
                return drawn

    def lumps(*centres):
        drawn = [lump(centre) for centre in centres]
        return generator.permutation(np.concatenate(drawn)).astype(np.float32)

    skewed = fully_used(lambda: generator.uniform(0, 1, (12, 15)) ** 1.5, 3, 2)
    cubes = fully_used(lambda: generator.uniform(-1, 1, 200) ** 3, 4, 2)
    return [
        Case("codebook", skewed, 2, 3),
        Case("codebook", skewed.ravel(), 3, 2),
        Case("codes", skewed, 3, 1),
        Case("codes", cubes, 4, 2),
        Case("empty-entries", lumps(-5, 4.6, 5), 3, 8),
    ]


kmeans_codebook = ExerciseSpec(
    id="kmeans-codebook",
    lesson=LESSON,
    title="A codebook by k-means",
    response="function",
    name="kmeans_codebook",
    setup="""\
import numpy as np

skewed = np.random.default_rng(323).gamma(1.2, 1.0, (20, 30)).astype(np.float32)
""",
    hints=(
        "`np.abs(values[:, None] - codebook[None, :]).argmin(axis=1)` gives each value its nearest entry.",
        "An entry moves to the mean of its members; one without members stays where it is.",
        "The last step moves entries, so the codes must be taken once more after the loop.",
    ),
    criteria=(
        Criterion(
            id="codebook",
            text="Entries, float32, after the asked number of steps",
            points=2,
            requirement=Matches(part=0, dtype=True),
        ),
        Criterion(
            id="codes",
            text="Codes, uint8, in the shape of `x`: the nearest entry of the codebook that is returned",
            points=2,
            requirement=Matches(part=1, rtol=0, atol=0, dtype=True),
        ),
        Criterion(id="empty-entries", text="Entries without members keep their value", points=1, requirement=Matches()),
        keeps("`x`"),
    ),
    misconceptions=(
        Symptom(
            id="never-moved",
            text="The evenly spaced entries never move: this is a uniform grid.",
            remedy="Move each entry to the mean of its members, `steps` times.",
        ),
        Symptom(
            id="median-for-mean",
            text="Entries move to the median of their members.",
            remedy="The mean is what makes the squared error least.",
        ),
        Symptom(
            id="stale-codes",
            text="The codes belong to the codebook before the last step.",
            remedy="Assign the values once more after the loop.",
        ),
        Symptom(
            id="empty-entry-to-zero",
            text="An entry without members falls to 0.",
            remedy="Leave it where it is.",
        ),
        Symptom(
            id="one-step-short",
            text="One step is missing.",
            remedy="Count a step as: assign, then move. There are `steps` of them.",
        ),
        in_place("Work on a copy of the values."),
    ),
    reference=scipy_codebook,
    public=(
        Case("codebook", np.array([0.0, 0.5, 1.0, 1.4, 3.8, 4.6, 5.0, 8.0], np.float32), 1, 2),
        Case("codes", np.array([[0.0, 0.5, 1.0, 1.4], [3.8, 4.6, 5.0, 8.0]], np.float32), 1, 1),
        Case("empty-entries", np.array([-3.0, -2.8, 9.0, 9.2], np.float32), 2, 3),
    ),
    private=fresh_clusters,
)


def scipy_codebook_bytes(codes, bits):
    counts = np.unique(codes, return_counts=True)[1]
    entropy = stats.entropy(counts, base=2)
    book = 2**bits * np.dtype(np.float32).itemsize
    return {"packed": math.ceil(codes.size * bits / 8) + book, "entropy_bound": float(codes.size * entropy / 8 + book)}


def fresh_indices(generator):
    def codes(bits, *shape):
        weights = generator.dirichlet(np.full(2**bits, 0.7))
        return generator.choice(2**bits, size=shape, p=weights).astype(np.uint8)

    return [
        Case("packed", codes(4, 40, 20), 4),
        Case("packed", codes(2, 400), 2),
        Case("entropy", codes(3, 64, 8), 3),
        Case("entropy", codes(4, 900), 4),
        Case("one-code", np.full(80, generator.integers(0, 8), np.uint8), 3),
        Case("tail", codes(3, int(generator.integers(10, 20)) * 8 + 3), 3),
    ]


codebook_bytes = ExerciseSpec(
    id="codebook-bytes",
    lesson=LESSON,
    title="The bytes of a codebook",
    response="function",
    name="codebook_bytes",
    setup="""\
import numpy as np

codes = np.array([0, 0, 0, 0, 1, 1, 2, 3], dtype=np.uint8)
""",
    hints=(
        "The codebook itself is stored as well: `2**bits` float32 values.",
        "`np.unique(codes, return_counts=True)` counts the codes that occur; p = count / number of codes.",
        "Entropy is the sum of −p · log2(p), in bits a code.",
    ),
    criteria=(
        Criterion(
            id="packed", text="`packed`: codes of `bits` bits, and the codebook", points=2, requirement=EXACT_PACKED
        ),
        Criterion(
            id="entropy",
            text="`entropy_bound`: codes at their entropy, and the codebook",
            points=2,
            requirement=Matches(part="entropy_bound"),
        ),
        Criterion(id="one-code", text="One code over and over has an entropy of 0", points=1, requirement=Matches()),
        Criterion(id="tail", text="A byte that is begun counts as a whole one", points=1, requirement=EXACT_PACKED),
    ),
    misconceptions=(
        Symptom(
            id="codebook-forgotten",
            text="Only the codes are counted; without the codebook nobody can read them.",
            remedy="Add 4 bytes for each of the `2**bits` entries.",
        ),
        Symptom(
            id="bits-for-bytes",
            text="Bits are counted where bytes are asked for.",
            remedy="Divide the bits of the codes by 8.",
        ),
        Symptom(
            id="a-byte-a-code",
            text="Each code is counted as a byte, as NumPy stores it; packed it takes `bits` bits.",
            remedy="Count `bits` bits a code.",
        ),
        Symptom(
            id="natural-logarithm",
            text="The entropy is taken with the natural logarithm, in units that are no bits.",
            remedy="Use `np.log2`.",
        ),
        Symptom(
            id="all-codes-equally-likely",
            text="The entropy is that of codes which are all equally likely, the most there can be.",
            remedy="Count how often each code occurs.",
        ),
        Symptom(
            id="bytes-rounded-down",
            text="The last bits are left out where they do not fill a byte.",
            remedy="Round the bytes of the packed codes up.",
        ),
    ),
    reference=scipy_codebook_bytes,
    public=(
        Case("packed", np.array([[0, 1, 2, 3], [0, 0, 1, 0]], np.uint8), 2),
        Case("entropy", np.array([0, 0, 0, 0, 1, 1, 2, 3], np.uint8), 2),
        Case("one-code", np.full(16, 2, np.uint8), 3),
        Case("tail", np.array([0, 5, 1], np.uint8), 3),
    ),
    private=fresh_indices,
)


def torch_straight_through(x, scale, zero_point, quant_min, quant_max, upstream):
    leaf = x.detach().clone().requires_grad_()
    x_hat = torch.fake_quantize_per_tensor_affine(leaf, scale, zero_point, quant_min, quant_max)
    x_hat.backward(upstream)
    return x_hat.detach(), leaf.grad


def fresh_gradients(generator):
    scale, zero_point = float(generator.uniform(0.1, 0.4)), int(generator.integers(1, 4))

    def case(behaviour, codes):
        upstream = torch.tensor(generator.normal(size=np.shape(codes)), dtype=torch.float32)
        x = torch.tensor(far_from_ties(generator, np.asarray(codes) - zero_point, scale))
        return Case(behaviour, x, scale, zero_point, -8, 7, upstream)

    beyond = generator.integers(14, 40, 8) * shuffled_signs(generator, 8)
    ends = np.array([-8, 7, -9, 8, 7, -8])
    close = (ends - zero_point + 0.3 * np.sign(ends)) * scale
    edge = Case(
        "at-the-ends",
        torch.tensor(close, dtype=torch.float32),
        scale,
        zero_point,
        -8,
        7,
        torch.tensor(generator.normal(size=6), dtype=torch.float32),
    )
    return [
        case("x-hat", generator.integers(-12, 12, (4, 5))),
        case("inside", generator.integers(-7, 7, (3, 6))),
        case("inside", generator.integers(-7, 7, 9)),
        case("outside", beyond),
        edge,
    ]


straight_through = ExerciseSpec(
    id="straight-through",
    lesson=LESSON,
    title="The straight-through estimator",
    response="function",
    name="straight_through",
    setup="""\
import torch

x = torch.linspace(-1.5, 1.5, 7)
upstream = torch.ones(7)
""",
    hints=(
        "Rounding is flat almost everywhere: its true gradient is 0, and nothing would learn. The estimator says 1.",
        "The clamp keeps its true gradient: 1 where the rounded code lies within the range, 0 where it was cut off.",
        "Multiply by `upstream`: the chain rule.",
    ),
    criteria=(
        Criterion(id="x-hat", text="`x_hat` is the fake-quantized `x`", points=1, requirement=Matches(part=0)),
        Criterion(
            id="inside", text="Within the range the gradient passes unchanged", points=2, requirement=Matches(part=1)
        ),
        Criterion(
            id="outside", text="Where codes were cut off the gradient is 0", points=1, requirement=Matches(part=1)
        ),
        Criterion(
            id="at-the-ends",
            text="What rounds to the first or last code is within the range",
            points=1,
            requirement=Matches(part=1),
        ),
        keeps("`x` and `upstream`"),
    ),
    misconceptions=(
        Symptom(
            id="true-gradient-of-round",
            text="The gradient is 0 everywhere, as that of rounding is; nothing would be learned.",
            remedy="Take rounding for the identity on the way back.",
        ),
        Symptom(
            id="passes-everywhere",
            text="The gradient passes even where codes were cut off.",
            remedy="A value beyond the grid can move without changing the output: its gradient is 0.",
        ),
        Symptom(
            id="scaled-gradient",
            text="The gradient is divided by the scale; division and multiplication cancel out.",
            remedy="x_hat and x are in the same unit, so the slope between them is 1.",
        ),
        Symptom(
            id="upstream-ignored",
            text="The mask itself is returned; the gradient that arrives is lost.",
            remedy="Multiply the mask by `upstream`.",
        ),
        Symptom(
            id="mask-turned-around",
            text="The gradient passes outside the range and is stopped inside.",
            remedy="1 inside, 0 outside.",
        ),
        Symptom(
            id="mask-before-rounding",
            text="The mask is taken before rounding, so values that still round to an end code get no gradient.",
            remedy="Compare the rounded codes with `quant_min` and `quant_max`.",
        ),
        Symptom(
            id="forward-not-rounded",
            text="Rounding is left out on the way forward too, so `x_hat` lies off the grid.",
            remedy="Only the way back takes rounding for the identity.",
        ),
        in_place("Make new tensors; `x` and `upstream` are the caller's."),
    ),
    reference=torch_straight_through,
    public=(
        Case("x-hat", torch.tensor([-0.9, 0.2, 3.0]), 0.25, 1, -8, 7, torch.tensor([1.0, 2.0, 3.0])),
        Case("inside", torch.tensor([-0.9, 0.2, 0.7]), 0.25, 1, -8, 7, torch.tensor([0.5, -2.0, 3.0])),
        Case("outside", torch.tensor([-9.0, 9.0, 0.3]), 0.25, 1, -8, 7, torch.tensor([0.5, -2.0, 3.0])),
        Case(
            "at-the-ends", torch.tensor([-2.33, 1.57, -2.5, 1.7]), 0.25, 1, -8, 7, torch.tensor([0.5, -2.0, 3.0, 4.0])
        ),
    ),
    private=fresh_gradients,
)


def torch_model_codes(model, bits):
    found = {"codes": {}, "scales": {}}
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Conv2d | torch.nn.Linear):
            codes, scales = torch_per_channel(module.weight.detach().numpy(), 0, bits)
            found["codes"][f"{name}.weight"] = torch.tensor(codes)
            found["scales"][f"{name}.weight"] = torch.tensor(scales.ravel())
    return found


def distance_to_tie(weight, bits):
    """Return the least distance of a weight to the border between two codes, in steps."""
    rows = np.asarray(weight, np.float64).reshape(len(weight), -1)
    steps = rows / np.abs(rows).max(1, keepdims=True) * (2 ** (bits - 1) - 1)
    return float(np.abs(np.abs(steps - np.floor(steps)) - 0.5).min())


def settled(generator, name, bits):
    """Draw a model none of whose weights lies so close to a tie that float errors could decide."""
    while True:
        drawn = ZooModel(name, int(generator.integers(1, 100_000)))
        layers = [p.detach().numpy() for p in zoo.randomized(name, drawn.seed).parameters() if p.ndim > 1]
        if min(distance_to_tie(layer, bits) for layer in layers) > 3e-7 * 2**bits:
            return drawn


def fresh_models(generator):
    return [
        Case("codes", settled(generator, "digits_cnn", 8), 8),
        Case("scales", settled(generator, "digits_cnn", 6), 6),
        Case("other-model", settled(generator, "digits_mlp", 3), 3),
        Case("int8", settled(generator, "digits_cnn", 4), 4),
    ]


model_codes = ExerciseSpec(
    id="model-codes",
    lesson=LESSON,
    title="Quantize a whole model",
    response="function",
    name="model_codes",
    setup="""\
import torch
from quizlib import zoo

cnn = zoo.digits_cnn()  # convolutions, batch norms, a linear layer
""",
    hints=(
        "`for name, module in model.named_modules()` with `isinstance(module, (torch.nn.Conv2d, torch.nn.Linear))`.",
        "Output channels are axis 0 of both kinds of weight: `weight.abs().flatten(1).amax(1)`.",
        "Work on `module.weight.detach()`; nothing of the model may change.",
    ),
    criteria=(
        Criterion(
            id="codes",
            text="Codes of each convolution and linear layer, by name",
            points=2,
            requirement=Matches(part="codes", rtol=0, atol=0),
        ),
        Criterion(id="scales", text="One scale per output channel", points=2, requirement=Matches(part="scales")),
        Criterion(
            id="other-model", text="A model of linear layers only, other names, 3 bits", points=1, requirement=Matches()
        ),
        Criterion(id="int8", text="Codes are int8, scales float32", points=1, requirement=Matches(dtype=True)),
        keeps("the model"),
    ),
    misconceptions=(
        Symptom(
            id="linear-only",
            text="Convolutions are left out.",
            remedy="Ask for `torch.nn.Conv2d` too.",
        ),
        Symptom(
            id="batch-norm-too",
            text="Every parameter called weight is quantized, also those of batch norms, which stay real here.",
            remedy="Choose by the kind of module, not by the name of the parameter.",
        ),
        Symptom(
            id="one-scale-a-layer",
            text="One scale serves a whole layer.",
            remedy="Take the maximum within each output channel.",
        ),
        Symptom(
            id="full-range",
            text="The full range is used, of `2**(bits - 1)` steps on the negative side; the narrow one is asked for.",
            remedy="Divide by `2**(bits - 1) - 1`, the largest code.",
        ),
        Symptom(
            id="always-eight-bits",
            text="The width is ignored: the scales are those of 8 bits.",
            remedy="The largest code is `2**(bits - 1) - 1`.",
        ),
        Symptom(
            id="codes-as-floats",
            text="The codes are whole numbers in float32, so the model is no smaller.",
            remedy="End with `.to(torch.int8)`.",
        ),
        Symptom(
            id="model-changed",
            text="The model's own weights are overwritten.",
            remedy="Use operations that make new tensors, without `_` at the end of their name.",
        ),
    ),
    reference=torch_model_codes,
    public=(
        Case("codes", ZooModel("digits_cnn"), 8),
        Case("scales", ZooModel("digits_cnn"), 8),
        Case("other-model", ZooModel("digits_mlp"), 3),
        Case("int8", ZooModel("digits_cnn"), 4),
    ),
    private=fresh_models,
)


def noisy_digits(start, size, seed, noise=0.25):
    """Return validation images with noise, which even the float model does not all read, and their labels."""
    digits = zoo.load_digits()
    images = digits.images("val")[start : start + size]
    blurred = images + np.random.default_rng(seed).normal(0, noise, images.shape)
    return torch.tensor(blurred, dtype=torch.float32), torch.tensor(digits.y_val[start : start + size])


def torch_accuracies(model, images, labels, widths):
    """Return the accuracy as given, and with fake-quantized weights at each width; the model is put back."""
    kept = {name: weight.clone() for name, weight in model.state_dict().items()}
    found = {"float": right_share(model, images, labels), "by_bits": {}}
    for bits in widths:
        stored = torch_model_codes(model, bits)
        with torch.no_grad():
            for name, codes in stored["codes"].items():
                shape = [-1] + [1] * (codes.ndim - 1)
                model.get_parameter(name).copy_(codes * stored["scales"][name].reshape(shape))
        found["by_bits"][bits] = right_share(model, images, labels)
        model.load_state_dict(kept)
    return found


def right_share(model, images, labels):
    with torch.no_grad():
        return float((model(images).argmax(1) == labels).double().mean())


def searched_narrowest(model, images, labels, widths, max_drop):
    found = torch_accuracies(model, images, labels, widths)
    enough = [bits for bits in widths if found["float"] - found["by_bits"][bits] <= max_drop]
    return {**found, "narrowest": min(enough, default=None)}


def one_scale_accuracies(model, images, labels, widths):
    """Return the accuracies with one scale for each layer, a mistake that the cases should show."""
    kept, by_bits = {name: weight.clone() for name, weight in model.state_dict().items()}, {}
    for bits in widths:
        largest = 2 ** (bits - 1) - 1
        with torch.no_grad():
            for weight in (parameter for parameter in model.parameters() if parameter.ndim > 1):
                step = float(weight.abs().max()) / largest
                weight.copy_(torch.fake_quantize_per_tensor_affine(weight, step, 0, -largest, largest))
        by_bits[bits] = right_share(model, images, labels)
        model.load_state_dict(kept)
    return by_bits


def enough(base, by_bits, max_drop):
    return [bits for bits, accuracy in by_bits.items() if base - accuracy <= max_drop]


def clear_drop(generator, behaviour, widths, allowed=0.08):
    """Draw a model and digits on which no width's drop is close to the allowed one, and all widths but 2 are enough.

    One scale for each layer shows in the accuracies, but not in the answer, of which it would be right by luck.
    """
    while True:
        model, seed = ZooModel("digits_cnn", int(generator.integers(1, 100_000))), int(generator.integers(1, 100_000))
        images, labels = noisy_digits(int(generator.integers(0, 260)), 80, seed)
        live = zoo.randomized("digits_cnn", model.seed)
        found, mistaken = (
            torch_accuracies(live, images, labels, widths),
            one_scale_accuracies(live, images, labels, widths),
        )
        base, fitting = found["float"], [bits for bits in widths if bits > 2]
        drops = [base - accuracy for accuracy in (*found["by_bits"].values(), *mistaken.values())]
        is_clear = base < 0.88 and min(abs(drop - allowed) for drop in drops) > 0.03
        is_shown = max(abs(found["by_bits"][bits] - mistaken[bits]) for bits in widths) > 0.04
        if is_clear and is_shown and all(enough(base, b, allowed) == fitting for b in (found["by_bits"], mistaken)):
            return Case(behaviour, model, images, labels, widths, allowed)


def surest_digits(model, size, start=0):
    """Return the validation digits from `start` on that a model reads with the widest margins, and their labels."""
    images, labels = noisy_digits(start, 100, 0, noise=0.0)
    with torch.no_grad():
        ordered = model(images).sort(1).values
    chosen = (ordered[:, -1] - ordered[:, -2]).argsort(descending=True)[:size]
    return images[chosen], labels[chosen]


def no_drop(generator, widths):
    """Draw a case that allows no drop, on digits so sure that the wide codes lose none: the bound itself counts."""
    while True:
        model = ZooModel("digits_cnn", int(generator.integers(1, 100_000)))
        live = zoo.randomized("digits_cnn", model.seed)
        images, labels = surest_digits(live, 40, int(generator.integers(0, 260)))
        found, mistaken = (
            torch_accuracies(live, images, labels, widths),
            one_scale_accuracies(live, images, labels, widths),
        )
        base, fitting = found["float"], [bits for bits in widths if bits > 2]
        if all(enough(base, b, 0.0) == fitting and base - b[2] > 0.06 for b in (found["by_bits"], mistaken)):
            return Case("narrowest", model, images, labels, widths, 0.0)


def fresh_searches(generator):
    return [
        clear_drop(generator, "float-accuracy", [3, 6, 2]),
        clear_drop(generator, "by-bits", [2, 6, 3]),
        clear_drop(generator, "narrowest", [8, 2, 4, 6]),
        no_drop(generator, [7, 8, 2]),
        clear_drop(generator, "none-enough", [2]),
    ]


narrowest_bits = ExerciseSpec(
    id="narrowest-bits",
    lesson=LESSON,
    title="How few bits are enough?",
    response="function",
    name="narrowest_bits",
    setup="""\
import copy

import torch
from quizlib import zoo

cnn = zoo.digits_cnn()
digits = zoo.load_digits()
images = torch.from_numpy(digits.images("val"))  # never the test set: a width is chosen with it
labels = torch.from_numpy(digits.y_val)
""",
    hints=(
        "`copy.deepcopy(model)` gives each width a model of its own to overwrite.",
        "Scale by output channel: `weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True) / quant_max`.",
        "`logits.argmax(1) == labels` says which images are right; the drop is measured from the float accuracy.",
    ),
    criteria=(
        Criterion(
            id="float-accuracy", text="`float`: accuracy of the model as given", points=1, requirement=NEAR_FLOAT
        ),
        Criterion(id="by-bits", text="`by_bits`: accuracy at each width", points=2, requirement=NEAR_BY_BITS),
        Criterion(
            id="narrowest", text="`narrowest`: the fewest bits within the drop", points=2, requirement=NEAR_NARROWEST
        ),
        Criterion(id="none-enough", text="None where no width is enough", points=1, requirement=NEAR_NARROWEST),
        keeps("the model"),
    ),
    misconceptions=(
        Symptom(
            id="model-stays-quantized",
            text="The weights are overwritten in the model itself, so each width starts from what the last one left.",
            remedy="Work on a copy, and begin every width with the float weights.",
        ),
        Symptom(
            id="one-scale-a-layer",
            text="One scale serves a whole layer; at few bits that costs accuracy.",
            remedy="Take a scale for each output channel.",
        ),
        Symptom(
            id="drop-from-perfect",
            text="The drop is measured from an accuracy of 1, not from that of the float model.",
            remedy="Subtract from the accuracy of the model as given.",
        ),
        Symptom(
            id="boundary-left-out",
            text="A width whose drop is exactly `max_drop` is turned down.",
            remedy="At most means `<=`; with a `max_drop` of 0, no loss at all is enough.",
        ),
        Symptom(
            id="last-in-the-list",
            text="The last of the widths that are enough is returned, in whatever order they come.",
            remedy="Take the smallest of them, with `min`.",
        ),
        Symptom(
            id="widest-returned",
            text="The widest of the widths that are enough is returned.",
            remedy="Take the smallest.",
        ),
        Symptom(
            id="per-cent",
            text="Accuracy is given in per cent.",
            remedy="Leave it between 0 and 1.",
        ),
        Symptom(
            id="zero-for-none",
            text="0 bits are returned where no width is enough.",
            remedy="Return None.",
        ),
    ),
    reference=searched_narrowest,
    public=(
        Case("float-accuracy", ZooModel("digits_cnn"), *noisy_digits(0, 60, 1), [8, 2], 0.05),
        Case("by-bits", ZooModel("digits_cnn"), *noisy_digits(0, 80, 2), [2, 3, 8], 0.05),
        Case("narrowest", ZooModel("digits_cnn"), *noisy_digits(100, 80, 3), [6, 2, 3, 8, 4], 0.12),
        Case("narrowest", ZooModel("digits_cnn"), *surest_digits(zoo.digits_cnn(), 40), [7, 8, 2], 0.0),
        Case("none-enough", ZooModel("digits_cnn"), *noisy_digits(0, 60, 4), [2], 0.05),
    ),
    private=fresh_searches,
)


EXERCISES = [
    integer_range,
    symmetric_scale,
    affine_parameters,
    quantize_affine,
    dequantize_codes,
    fake_quantize,
    round_trip_report,
    sqnr_db,
    decibels_per_bit,
    quantize_per_channel,
    quantize_per_group,
    calibration_range,
    best_clip,
    quantize_bias,
    integer_linear,
    overflow_count,
    fixed_point_multiplier,
    requantize_sums,
    integer_conv,
    fold_batch_norm,
    pack_codes,
    unpack_codes,
    kmeans_codebook,
    codebook_bytes,
    straight_through,
    model_codes,
    narrowest_bits,
]
