"""A function on arrays, with an edge case and a criterion on its inputs."""

import numpy as np

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged

from ..common import SETUP


def oracle_codes(x, scale):
    whole = np.rint(np.asarray(x, dtype=np.float64) / scale)
    return np.minimum(np.maximum(whole, -128), 127).astype(np.int8)


def fresh_codes(generator):
    signs = generator.choice([-1.0, 1.0], size=16)
    beyond = signs * generator.uniform(100.0, 200.0, size=16)
    return [
        Case("typical", generator.normal(size=64).astype(np.float32), 0.0625),
        Case("clamps", beyond.astype(np.float32), 0.25),
    ]


EXERCISE = ExerciseSpec(
    title="Round to codes",
    response="function",
    setup=SETUP,
    hints=("`np.round` goes to the nearest whole number.", "`np.clip` comes before the cast to int8."),
    criteria=(
        matching("typical", "Rounds to the nearest code, as int8", points=2, dtype=True),
        matching("clamps", "Clamps to −128 … 127", points=2),
        unchanged("keeps-input", "Leaves `x` as it was"),
    ),
    reference=oracle_codes,
    public=(
        Case("typical", np.array([-1.0, 0.0, 0.3, 0.8], dtype=np.float32), 0.5),
        Case("typical", np.array([0.125, 0.26, 0.375, -0.375], dtype=np.float32), 0.25),  # ties, and one rounded down
        Case("clamps", np.array([-100.0, 100.0], dtype=np.float32), 0.5),
    ),
    private=fresh_codes,
)
