import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, exactly, matching, unchanged
from quizlib.authoring.draws import NO_FLOOR, strided
from quizlib.zoo import eager


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


def halfway(generator, rest):
    """Return values whose zero point lies halfway between two codes, exactly in floats: `rest` beyond an even one."""
    below = 2 * int(generator.integers(1, 6)) + rest
    return with_range(generator, -below / 16, (15 - below) / 16, 6)


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
        Case("typical", two_signed(generator, 0, 255, 12, (0.1, 0.3)) * np.float32(1e-9), 0, 255),
        *(Case("whole", between_codes(generator, rest), 0, 255) for rest in (0.3, 0.7)),
        *(Case("whole", halfway(generator, rest), low, low + 15) for low in (-8, 0) for rest in (0.5, 1.5)),
        Case("positive", with_range(generator, start, start + length, 20), -128, 127),
        Case("positive", with_range(generator, 0.0, length, 20), -128, 127),
        Case("negative", below_zero(generator, 20), 0, 255),
        Case("constant", np.full(5, generator.uniform(2.0, 9.0), np.float32), -128, 127),
        Case("constant", np.full(1, -15 / 16 * generator.integers(30, 1000), np.float32), 0, 15),
        Case("zeros", np.zeros(4, np.float32), -int(generator.integers(2, 120)), int(generator.integers(2, 120))),
    ]


EXERCISE = ExerciseSpec(
    title="Scale and zero point of an affine grid",
    response="function",
    setup="""\
import numpy as np

# Mostly above zero.
activations = np.random.default_rng(32).gamma(2.0, 0.6, 400).astype(np.float32) - 0.5
""",
    hints=(
        "Two equations: `quant_min` stands for the lower end of the range, `quant_max` for the upper one.",
        "Real 0.0 needs a code of its own: widen the range until 0 is in it, `min(x.min(), 0)` to `max(x.max(), 0)`.",
        "From lower end = scale * (quant_min - zero_point) follows the zero point; round it.",
    ),
    criteria=(
        matching("typical", "Scale and zero point of values of both signs, tiny ones too", atol=0),
        exactly("whole", "The zero point is an int, rounded to the nearest, half to even", part=1, dtype=True),
        matching("positive", "No values below 0: the range begins at 0", atol=0),
        matching("negative", "No values above 0: the range ends at 0", atol=0),
        matching("constant", "A constant array keeps its value"),
        matching("zeros", "Nothing but zeros: scale 1.0"),
        unchanged("keeps-input", "Leaves `x` as given"),
    ),
    reference=observed_affine_parameters,
    public=(
        Case("typical", np.array([0.5, -1.0, 1.55, 0.1], np.float32), 0, 255),
        Case("typical", np.array([1.98, -1.02, 0.5], np.float32), -8, 7),
        Case("typical", np.array([[0.4, -1.008], [1.542, 0.3]], np.float32), 0, 255),
        Case("typical", np.array([5e-10, -1.002e-9, 1.548e-9], np.float32), 0, 255),
        Case("whole", np.array([0.5, -1.003, 1.547], np.float32), 0, 255),
        Case("whole", np.array([0.5, -1.007, 1.543], np.float32), 0, 255),
        Case("whole", np.array([1.0, -6.5, 8.5], np.float32), 0, 15),  # zero points of 6.5 and, below, of −2.5
        Case("whole", np.array([3.2, -5.5, 9.5], np.float32), -8, 7),
        Case("positive", np.array([3.0, 7.0, 5.0], np.float32), -128, 127),  # small, to be shown first
        Case("positive", np.array([0.0, 6.3, 5.0], np.float32), 0, 15),
        Case("negative", np.array([-3.0, -5.1, -1.0, -2.0], np.float32), -128, 127),
        Case("negative", np.array([-3.0, -4.5, 0.0], np.float32), -8, 7),
        Case("constant", np.full(5, 2.55, np.float32), -128, 127),
        Case("constant", np.full(5, -2.55, np.float32), 0, 255),
        Case("zeros", np.zeros(3, np.float32), -128, 127),
    ),
    private=fresh_ranges,
)
