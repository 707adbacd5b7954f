import numpy as np
import torch
from torch import nn
from torchao.quantization import Int8WeightOnlyConfig, quantize_

from quizlib.authoring import Case, ExerciseSpec, exactly, matching, unchanged


def library_rows(weight):
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight = nn.Parameter(weight.clone())
    quantize_(layer, Int8WeightOnlyConfig())
    return layer.weight.qdata, layer.weight.scale


def is_alike_divided(weight):
    """Say whether w / scale rounds to the codes that w * (1 / scale) rounds to."""
    codes, scale = library_rows(weight)
    return torch.equal(torch.clamp(torch.round(weight / scale), -128, 127).to(torch.int8), codes)


def drawn_rows(generator, shape, *, sign=None, is_alike=True):
    """Return rows whose largest magnitude has this sign, on which division gives the same codes, or does not."""
    while True:
        spread = 10.0 ** generator.uniform(-2, 1, (shape[0], 1))
        weight = (generator.standard_normal(shape) * spread).astype(np.float32)
        if sign is not None:
            largest = np.take_along_axis(weight, np.abs(weight).argmax(1)[:, None], 1)
            weight *= sign * np.sign(largest)
        drawn = torch.from_numpy(weight)
        if is_alike_divided(drawn) is is_alike:
            return drawn


def on_ties(generator, shape):
    """Draw rows whose scales are powers of two; weights lie on ties, above and below 0, by even and odd codes."""
    scales = 2.0 ** -generator.integers(4, 10, (shape[0], 1))
    halves = generator.integers(-120, 120, shape) + 0.5
    halves[:, :5] = [-127.5, 4.5, 5.5, -6.5, -7.5]
    return torch.tensor(halves * scales, dtype=torch.float32)


def with_idle_row(weight, row):
    weight[row] = 0.0
    return weight


def fresh_rows(generator):
    return [
        Case("scale", drawn_rows(generator, (7, 30))),
        Case("scale", drawn_rows(generator, (1, 12))),
        Case("codes", drawn_rows(generator, (5, 24), sign=-1)),
        Case("codes", drawn_rows(generator, (11, 6), sign=-1)),
        Case("codes", on_ties(generator, (3, 9))),
        Case("largest", drawn_rows(generator, (6, 16), sign=1)),
        Case("idle-row", with_idle_row(drawn_rows(generator, (5, 8), sign=-1), int(generator.integers(5)))),
        Case("idle-row", torch.cat([drawn_rows(generator, (2, 6), sign=-1), 1e-9 * torch.ones(1, 6)])),
        *(Case("reciprocal", drawn_rows(generator, (16, 64), sign=-1, is_alike=False)) for _ in range(2)),
    ]


NEAR_A_TIE = drawn_rows(np.random.default_rng(3), (4, 64), sign=-1, is_alike=False)
ROW_CODES = {"rtol": 0, "atol": 0, "dtype": True, "library": True, "part": 0}
ROW_SCALES = {"rtol": 0, "atol": 0, "dtype": True, "library": True, "part": 1}

EXERCISE = ExerciseSpec(
    title="Compute torchao's codes by hand",
    response="function",
    setup="""\
import torch
from torch import nn
from torchao.quantization import Int8WeightOnlyConfig, quantize_
""",
    hints=(
        "`weight.abs().amax(dim=1, keepdim=True)` has one number a row, and its shape fits the weight.",
        "A row's largest weight lands on 127.5, which rounds to 128 or -128; an int8 has no 128, so clamp first.",
        "Take `(1.0 / scale)` in float32 and multiply: that is two roundings, where a division is one.",
    ),
    criteria=(
        matching("scale", "`scale` has one float32 number a row, the largest magnitude over 127.5", **ROW_SCALES),
        matching("codes", "`codes` are those of torchao, int8, bit for bit", **ROW_CODES),
        matching("largest", "A row whose largest weight is positive ends at code 127", **ROW_CODES),
        exactly("idle-row", "A row of (nearly) zeros has codes 0 and the least scale", dtype=True),
        matching("reciprocal", "Near a tie the codes are those of multiplying by 1 / scale", **ROW_CODES),
        unchanged("keeps-input", "Leaves the weight as given"),
    ),
    reference=library_rows,
    public=(
        Case("scale", torch.tensor([[0.5, -1.0, 0.25], [0.02, 0.01, -0.0051]])),
        Case("scale", torch.tensor([[0.3, 0.11, -0.7, 0.2]])),
        Case("codes", torch.tensor([[0.5, -0.9, 0.25], [4.0, 3.0, -8.3]])),
        Case("codes", on_ties(np.random.default_rng(0), (2, 7))),
        Case("largest", torch.tensor([[1.0, -0.5], [0.3, 0.4]])),
        Case("idle-row", torch.tensor([[0.1, -0.4], [0.0, 0.0]])),
        Case("idle-row", torch.tensor([[0.1, -0.4], [2e-9, -1e-9]])),
        Case("reciprocal", NEAR_A_TIE),
    ),
    private=fresh_rows,
)
