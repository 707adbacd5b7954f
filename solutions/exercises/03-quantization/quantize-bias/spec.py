from fractions import Fraction

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import shuffled_signs


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
        exactly("per-channel", "Scale of channel i: input scale times weight scale i", points=2),
        exactly("one-scale", "One weight scale for all channels, a plain number"),
        exactly("wide", "Codes of millions, exact to the last digit"),
        exactly("saturates", "Beyond 32 bits the codes stay at the ends"),
        exactly("int32", "Codes are int32", dtype=True),
        unchanged("keeps-input", "Leaves `bias` as given"),
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
