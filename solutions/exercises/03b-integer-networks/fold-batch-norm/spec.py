import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged
from quizlib.authoring.draws import shuffled_signs


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
    return [torch.as_tensor(row) for row in (weight, bias, mean, variance, gamma, beta)]


SMALL_NORM = norm_by_hand(
    [[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]], [0.5, -1.0], [2.0, 1.0], [4.0, 0.25], [3.0, -2.0], [1.0, 0.5]
)

OTHER_NORM = norm_by_hand(
    np.array([[0.5, -1.0, 2.5, 0.25, 1.1, 0.3], [1.5, 3.0, -0.75, 1.0, 0.2, -0.4], [2.0, 0.1, 0.6, -4.0, 0.7, 1.2]])
    .astype(np.float32)
    .reshape(3, 3, 1, 2),
    [-0.3, 0.9, 1.4],
    [0.7, -1.1, 0.4],
    [0.6, 2.3, 1.7],
    [1.3, 0.8, -2.1],
    [-0.4, 1.9, 0.2],
)

EXERCISE = ExerciseSpec(
    title="Fold a batch norm",
    response="function",
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
        matching(
            "weight",
            "Weights times gamma / sqrt(variance + eps), by output channel, float32",
            points=2,
            part=0,
            dtype=True,
            library=True,
        ),
        matching(
            "bias",
            "The bias takes mean, factor and beta along, float32",
            points=2,
            part=1,
            atol=1e-5,
            dtype=True,
            library=True,
        ),
        matching("linear", "A linear layer, weights with two axes", atol=1e-5),
        matching("small-variance", "A variance close to 0 leans on eps", atol=1e-4),
        unchanged("keeps-input", "Leaves the tensors as given"),
    ),
    reference=torch_fold,
    public=(
        Case("weight", *SMALL_NORM, 1e-5),
        Case("weight", *(part[:, :2] if part.ndim == 4 else part for part in OTHER_NORM), 1e-5),
        Case("bias", *SMALL_NORM, 1e-5),
        Case("bias", *OTHER_NORM, 1e-5),
        Case("linear", *(part.reshape(2, 2) if part.ndim == 4 else part for part in SMALL_NORM), 1e-5),
        Case("linear", *(part[:, :, 0, 1] if part.ndim == 4 else part for part in OTHER_NORM), 1e-5),
        Case(
            "small-variance", *(torch.full((2,), 1e-5) if i == 3 else part for i, part in enumerate(SMALL_NORM)), 1e-3
        ),
    ),
    private=fresh_norms,
)
