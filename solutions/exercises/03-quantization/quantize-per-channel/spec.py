import numpy as np

from quizlib.authoring import Case, ExerciseSpec, exactly, matching, unchanged
from quizlib.authoring.draws import strided

from ..common import torch_per_channel, uneven_weights, with_halves


def fresh_channels(generator):
    emptied = uneven_weights(generator, (4, 6), 0, 8)
    emptied[int(generator.integers(0, 4))] = 0
    faint = emptied * np.where(np.arange(4) == generator.integers(0, 4), 1e-9, 1).reshape(4, 1).astype(np.float32)
    return [
        Case("scales", uneven_weights(generator, (5, 5), 0, 8), 0, 8),
        Case("codes", strided(uneven_weights(generator, (6, 9), 0, 8)), 0, 8),
        Case("codes", uneven_weights(generator, (4, 4), 0, 4), 0, 4),
        Case("codes", uneven_weights(generator, (1, 7), 0, 6), 0, 6),
        Case("codes", with_halves(generator, 3, 9), 0, 4),
        Case("any-axis", uneven_weights(generator, (5, 5), 1, 8), 1, 8),
        Case("any-axis", uneven_weights(generator, (3, 4, 3, 3), 0, 8), 0, 8),
        Case("any-axis", uneven_weights(generator, (3, 4, 2, 2), 1, 5), 1, 5),
        Case("any-axis", uneven_weights(generator, (2, 3, 4), 2, 6), 2, 6),
        Case("zero-channel", emptied, 0, 8),
        Case("zero-channel", faint, 0, 8),
    ]


CUBE = (np.array([0.31, -1.7, 5.3, 0.029]) * np.random.default_rng(8).uniform(0.2, 1, (2, 3, 4))).astype(np.float32)
"""Weights with three axes, none as long as another."""

EXERCISE = ExerciseSpec(
    title="One scale per channel",
    response="function",
    setup="""\
import numpy as np

kernel = np.random.default_rng(310).normal(size=(4, 3, 3, 3)).astype(np.float32)
# Four channels of very different size.
kernel *= np.array([0.01, 0.1, 1.0, 10.0], np.float32).reshape(4, 1, 1, 1)
""",
    hints=(
        "Take the maximum over all axes but `axis`; `keepdims=True` keeps the shape that broadcasts.",
        "`tuple(i for i in range(w.ndim) if i != axis)` are the axes to reduce.",
    ),
    criteria=(
        matching("scales", "Scales, float32, shaped to broadcast", points=2, part=1, dtype=True),
        exactly("codes", "Codes, int8, the nearest ones, half to even", points=2, part=0, dtype=True),
        matching("any-axis", "Channels along another axis, weights with four axes"),
        matching("zero-channel", "A channel of zeros: scale 1.0, codes 0"),
        unchanged("keeps-input", "Leaves `w` as given"),
    ),
    reference=torch_per_channel,
    public=(
        Case("scales", np.array([[1.27, -0.507], [0.004, -0.0127]], np.float32), 0, 8),
        Case("codes", np.array([[1.27, -0.507, 0.1], [0.00467, -0.0127, 0.0]], np.float32), 0, 8),
        Case("codes", strided(np.array([[0.7, -0.27, 0.18]], np.float32)), 0, 4),
        Case("codes", np.array([[1.75, 0.125, -0.125, 0.375], [14.0, 5.0, -3.0, -1.0]], np.float32), 0, 4),
        Case("any-axis", np.array([[1.27, -0.02073], [0.304, 0.0254]], np.float32), 1, 8),
        Case("any-axis", np.array([[[[0.7, -0.27]], [[0.1, 0.4]]], [[[-7.0, 1.0]], [[-2.8, 3.2]]]], np.float32), 0, 4),
        Case("any-axis", CUBE[:, :, :, None], 1, 5),
        Case("any-axis", CUBE, 2, 6),
        Case("zero-channel", np.array([[0.507, -1.27], [0.0, 0.0]], np.float32), 0, 8),
        Case("zero-channel", np.array([[5.07e-10, -1.27e-9], [0.0, 0.0], [0.3, 0.1]], np.float32), 0, 8),
    ),
    private=fresh_channels,
)
