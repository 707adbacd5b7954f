import math
from fractions import Fraction

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import READ_SETUP, biases, codes, layer_file, parsed, scale


def exact_layer(file, codes, relu):
    """The oracle computes in fractions, one output after the other, and reads the bytes by their schema."""
    tensors = parsed(file)
    (_, _, [x_scale], [x_zero], _, _), (_, _, [y_scale], [y_zero], _, _) = tensors["x"], tensors["y"]
    weight, bias, scales = tensors["weight"][5], tensors["bias"][5], tensors["weight"][2]
    found = np.empty((len(codes), len(bias)), np.int8)
    for row, given in enumerate(codes.tolist()):
        for column, weights in enumerate(weight.tolist()):
            total = int(bias[column]) + sum((q - x_zero) * w for q, w in zip(given, weights, strict=True))
            multiplier = Fraction(x_scale) * Fraction(scales[column if len(scales) > 1 else 0]) / Fraction(y_scale)
            size = math.floor(abs(total) * multiplier + Fraction(1, 2))
            code = (size if total > 0 else -size) + y_zero
            found[row, column] = min(127, max(y_zero if relu else -128, code))
    return found


def drawn(behaviour, generator, shape, *, rows=3, channels=True, relu=False, spread=40.0, spend=1.0):
    """A layer whose outputs lie about `spread` codes from the zero point, far from halves."""
    outputs, inputs = shape
    while True:
        x_scale, x_zero = scale(generator), int(generator.integers(-90, -20))
        steps = [scale(generator, 0.002, 0.02) for _ in range(outputs if channels else 1)]
        weight, bias = codes(generator, *shape), biases(generator, outputs)
        given = codes(generator, rows, inputs, low=-128)
        sums = (given.astype(int) - x_zero) @ weight.T.astype(int) + bias
        real = sums * x_scale * np.array(steps)
        y_scale = float(np.float32(np.abs(real).max() / spread * spend))
        y_zero = int(generator.integers(-60, -20)) * (1 if generator.random() < 0.5 or relu else -1)
        parts = real / y_scale
        both = (parts > 1).any() and (parts < -1).any()
        if both and (np.abs(parts - np.floor(parts) - 0.5) > 1e-3).all():
            ends = ((x_scale, x_zero), (y_scale, y_zero))
            return Case(behaviour, layer_file(weight, bias, ends, steps, relu=relu), given, relu)


def halves(generator, y_zero, *, relu=False):
    """A layer of one input and two outputs, which halves and quarters it, with scales that are powers of two."""
    step = 2.0 ** -int(generator.integers(2, 6))
    x_zero = int(generator.integers(-9, 10))
    # real is (q - x_zero) * step / 2; a step of y holds two, or four, of these
    weight, bias = np.int8([[1], [-1]]), np.int32([0, 0])
    file = layer_file(weight, bias, ((step, x_zero), (step, y_zero)), [0.5, 0.25], relu=relu)
    odd = generator.permutation(np.r_[np.arange(-9, 0, 2), np.arange(1, 11, 2)])
    return Case("halves", file, np.int8(x_zero + np.r_[odd, 2 * odd][:, None]), relu)


def in_31_bits(totals, multiplier):
    """Return the magnitudes of products with a multiplier of 31 bits and a shift, halves rounded away from zero."""
    fraction, exponent = math.frexp(multiplier)
    mantissa, shift = round(fraction * 2**31), 31 - exponent
    return np.array([(abs(int(total)) * mantissa + (1 << shift - 1)) >> shift for total in totals])


def large(generator):
    """A layer whose sums need 32 bits, and lie so near to a half that float32 rounds some of them to the other side.

    A multiplier of 31 bits and a shift, as kernels have it, rounds them to the same side as float64.
    """
    outputs, inputs = 3, 2
    while True:
        x_scale, w_scale = scale(generator), scale(generator, 0.002, 0.02)
        y_scale = float(np.float32(x_scale * w_scale * generator.uniform(2e6, 4e6)))
        single = np.float32(x_scale) * np.float32(w_scale) / np.float32(y_scale)
        double = x_scale * w_scale / y_scale
        halves = generator.integers(20, 60, outputs) + 0.5
        # between the two: nearer to the half than float32 can tell
        totals = np.round((halves / double + halves / float(single)) / 2).astype(np.int64)
        totals *= np.array([1, -1, 1])
        kinds = [np.float64(double), np.float64(single)]
        rounded = [np.floor(np.abs(totals) * kind + 0.5) for kind in kinds]
        whole = np.floor(np.float32(np.abs(totals)) * single + np.float32(0.5))
        tells = (rounded[0] != rounded[1]).any() and (rounded[0] != whole).any()
        if tells and (rounded[0] == in_31_bits(totals, double)).all():
            break
    given = codes(generator, 2, inputs, low=-128)
    weight = codes(generator, outputs, inputs)
    bias = (totals - (given[0].astype(int) + 20) @ weight.T.astype(int)).astype(np.int32)
    ends = ((x_scale, -20), (y_scale, int(generator.integers(-20, 20))))
    return Case("large-sums", layer_file(weight, bias, ends, [w_scale]), given[:1], False)


def cases(generator):
    return [
        drawn("one-scale", generator, (2, 4), channels=False),
        drawn("one-scale", generator, (3, 2), channels=False, rows=1),
        drawn("channels", generator, (3, 4)),
        drawn("channels", generator, (3, 3), rows=2),
        halves(generator, int(generator.integers(10, 30))),
        halves(generator, -int(generator.integers(10, 30))),
        large(generator),
        large(generator),
        drawn("relu", generator, (4, 3), relu=True, rows=4),
        drawn("relu", generator, (2, 5), relu=True, rows=3),
        drawn("saturates", generator, (3, 4), rows=5, spread=400.0),
        drawn("saturates", generator, (3, 4), rows=5, spread=400.0, relu=True),
        drawn("int8", generator, (2, 3)),
        drawn("keeps-input", generator, (2, 2)),
    ]


EXERCISE = ExerciseSpec(
    title="A layer by hand, to the last code",
    response="function",
    setup=READ_SETUP,
    hints=(
        "Widen codes and weights to int32 at least before you subtract, multiply and sum up.",
        "`np.sign(a) * np.floor(np.abs(a) + 0.5)` rounds to nearest, halves away from zero.",
        "The zero point of the output is added after the rounding, and before the clamp.",
    ),
    criteria=(
        exactly("one-scale", "Weights with one scale", points=2),
        exactly("channels", "Weights with a scale for each output"),
        exactly("halves", "Halves are rounded away from zero, and the zero point is added after that"),
        exactly("large-sums", "Sums that need 32 bits, close to a half: float64 tells to which side"),
        exactly("relu", "With a ReLU no code lies below the zero point of the output"),
        exactly("saturates", "Codes beyond int8 stay at its ends"),
        exactly("int8", "The codes are int8", dtype=True),
        unchanged("keeps-input", "The codes that were given are as they were"),
    ),
    reference=exact_layer,
    public=tuple(cases(np.random.default_rng(63))),
    private=cases,
)
