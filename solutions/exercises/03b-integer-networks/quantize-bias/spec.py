from fractions import Fraction

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged
from quizlib.authoring.draws import shuffled_signs


def exact_bias_codes(bias, input_scale, weight_scales):
    """Divide as fractions; round half to even, as Python does; stay within 32 bits."""
    scales = np.broadcast_to(np.asarray(weight_scales), np.shape(bias)).tolist()
    steps = [
        Fraction(float(b)) / (Fraction(float(input_scale)) * Fraction(s)) for b, s in zip(bias, scales, strict=True)
    ]
    return np.array([min(2**31 - 1, max(-(2**31), round(step))) for step in steps], dtype=np.int32)


def beyond_float32(drawn):
    """Draw codes that are far from ties, and of which float32 loses digits, in whatever order it divides."""
    while True:
        bias, input_scale, weight_scales = drawn(900_000_000)
        steps = bias.astype(np.float64) / (input_scale * weight_scales)
        rounded = np.rint(steps)
        if np.abs(steps - rounded).max() < 0.45 and (rounded != rounded.astype(np.float32)).any():
            return bias, input_scale, weight_scales


def beyond_float32_scales(drawn):
    """Draw float32 scales whose product with the input scale loses digits of the codes in float32."""
    while True:
        bias, input_scale, weight_scales = beyond_float32(drawn)
        narrow = weight_scales.astype(np.float32)
        steps, lost = (
            bias.astype(np.float64) / (input_scale * scales) for scales in (narrow.astype(np.float64), narrow)
        )
        if np.abs(steps - np.rint(steps)).max() < 0.45 and (np.rint(steps) != np.rint(lost)).any():
            return bias, input_scale, narrow


def fresh_biases(generator):
    def drawn(reach, count=7):
        input_scale, weight_scales = float(generator.uniform(0.01, 0.1)), generator.uniform(0.001, 0.05, count)
        codes = generator.integers(reach // 4, reach, count) * shuffled_signs(generator, count)
        offset = generator.permutation([-0.3, 0.3, *generator.uniform(-0.3, 0.3, count - 2)])
        return ((codes + offset) * input_scale * weight_scales).astype(np.float32), input_scale, weight_scales

    bias, input_scale, weight_scales = drawn(900)
    halves = (generator.permutation(np.arange(-9, 9)) + 0.5) * 2.0**-12
    far = (generator.uniform(1, 2, 6) * shuffled_signs(generator, 6)).astype(np.float32)
    return [
        Case("per-channel", bias, input_scale, weight_scales.astype(np.float32)),
        Case("per-channel", *drawn(3000, 12)),
        Case("per-channel", halves.astype(np.float32), 2.0**-5, np.full(18, 2.0**-7)),
        Case("one-scale", ((generator.integers(-500, 500, 9) + 0.375) * 2.0**-13).astype(np.float32), 2.0**-7, 2.0**-6),
        Case("wide", *beyond_float32(drawn)),
        Case("wide", *beyond_float32_scales(drawn)),
        Case("saturates", far, 2.0**-20, 2.0**-14),
        Case("int32", np.array(generator.integers(-99, 99, 5) * 2.0**-10, np.float32), 2.0**-5, np.full(5, 2.0**-5)),
    ]


EXERCISE = ExerciseSpec(
    title="The bias of an integer layer",
    response="function",
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
        exactly("per-channel", "Scale of channel i: input scale times weight scale i; rounded half to even", points=2),
        exactly("one-scale", "One weight scale for all channels, a plain number"),
        exactly("wide", "Codes of millions, exact to the last digit"),
        exactly("saturates", "Beyond 32 bits the codes stay at the ends"),
        exactly("int32", "Codes are int32", dtype=True),
        unchanged("keeps-input", "Leaves `bias` as given"),
    ),
    reference=exact_bias_codes,
    public=(
        Case("per-channel", np.array([1.0, -0.5, 0.25], np.float32), 0.0625, np.array([0.03, 0.044, 0.06], np.float32)),
        Case("per-channel", np.array([5.0, 7.0, -5.0], np.float32), 0.5, np.array([4.0, 4.0, 4.0])),
        Case("one-scale", np.array([1.7, -0.25], np.float32), 0.25, 0.03125),
        # The third lies 0.00005 steps above a half, which float32 does not tell.
        Case("wide", np.array([1000.0, -2000.0, 60.0], np.float32), 0.01, np.array([0.001, 0.0007, 1.0423])),
        Case("wide", np.array([1000.0, -2000.0], np.float32), 0.01, np.array([0.001, 0.0007], np.float32)),
        Case("saturates", np.array([3.0, -3.0], np.float32), 2.0**-16, np.array([2.0**-15, 2.0**-16])),
        Case("int32", np.array([0.5, -0.25], np.float32), 0.25, np.array([0.25, 0.125])),
    ),
    private=fresh_biases,
)
