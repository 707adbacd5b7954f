import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged
from quizlib.zoo import eager

from ..common import NO_FLOOR, strided


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
        Case("zeros", np.zeros(5, np.float32), int(generator.integers(2, 9))),
    ]


EXERCISE = ExerciseSpec(
    title="A symmetric scale",
    response="function",
    setup="""\
import numpy as np

weights = np.random.default_rng(31).normal(0, 0.2, 400).astype(np.float32)  # like the weights of a trained layer
""",
    hints=(
        "The scale is a step: the largest magnitude, divided by the largest code of the narrow range.",
        "At 8 bits the narrow range is −127 … 127.",
    ),
    criteria=(
        matching("typical", "Largest magnitude over largest code", points=2),
        matching("negative", "The largest magnitude is that of a negative value"),
        matching("zeros", "Nothing but zeros: a scale of 1.0"),
        unchanged("keeps-input", "Leaves `x` as given"),
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
