import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged
from quizlib.authoring.draws import NO_FLOOR, strided
from quizlib.zoo import eager


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
    mirrored = np.append(generator.permutation(np.concatenate([values[0], -values[0]])), np.float32(0))
    up_to_zero = np.append(-np.abs(values[1]), np.float32(0))
    return [
        Case("typical", above, 8),
        Case("typical", strided(above), 6),
        Case("typical", np.array([generator.uniform(0.5, 3.0)], np.float32), 4),
        Case("typical", mirrored, 7),
        Case("typical", above * np.float32(1e-12), 5),
        Case("negative", below, 8),
        Case("negative", -np.abs(above), 4),
        Case("negative", up_to_zero, 3),
        Case("zeros", np.zeros(5, np.float32), int(generator.integers(2, 9))),
    ]


EXERCISE = ExerciseSpec(
    title="A symmetric scale",
    response="function",
    setup="""\
import numpy as np

# Like the weights of a trained layer.
weights = np.random.default_rng(31).normal(0, 0.2, 400).astype(np.float32)
""",
    hints=(
        "The scale is a step: the largest magnitude, divided by the largest code of the narrow range.",
        "At 8 bits the narrow range is −127 … 127.",
    ),
    criteria=(
        matching("typical", "Largest magnitude over largest code, tiny ones too", points=2, atol=0),
        matching("negative", "The largest magnitude is that of a negative value", atol=0),
        matching("zeros", "Nothing but zeros: a scale of 1.0", beside=("typical", "negative")),
        unchanged("keeps-input", "Leaves `x` as given"),
    ),
    reference=observed_symmetric_scale,
    public=(
        Case("typical", np.array([0.5, -1.0, 2.54], np.float32), 8),
        Case("typical", np.array([[1.0, -2.0], [3.5, -0.25], [0.5, 3.0]], np.float32), 4),
        Case("typical", np.array([1.5, 0.0, -1.5], np.float32), 3),  # adds up to 0, and holds a 0
        Case("typical", np.array([1e-12, -7.5e-12, 9.3e-12], np.float32), 6),
        Case("negative", np.array([0.5, -2.54, 1.0], np.float32), 8),
        Case("negative", np.array([-2.8, 0.0], np.float32), 4),
        Case("negative", np.array([-0.93], np.float32), 6),
        Case("zeros", np.zeros(3, np.float32), 8),
    ),
    private=fresh_spreads,
)
