from fractions import Fraction

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged
from quizlib.authoring.draws import strided


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


EXERCISE = ExerciseSpec(
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
        matching("typical", "(q − zero_point) · scale", points=2),
        matching("wide", "Right where q − zero_point leaves the range of the codes"),
        matching("shape-and-dtype", "float32, in the shape of `q`", dtype=True),
        unchanged("keeps-input", "Leaves `q` as given"),
    ),
    reference=exact_reals,
    public=(
        Case("typical", np.array([-5, 0, 10, 12], np.int8), 0.5, 10),
        Case("typical", strided(np.array([[7, -20]], np.int8)), 0.1, -3),
        Case("wide", np.array([-128, -100, 100], np.int8), 0.5, 100),
        Case("wide", np.array([0, 128, 255], np.uint8), 0.5, 128),
        Case("shape-and-dtype", np.array([[1, -2], [3, 4]], np.int8), 0.5, 0),
        Case("shape-and-dtype", np.array(9, np.uint8), 0.5, 0),
    ),
    private=fresh_codes,
)
