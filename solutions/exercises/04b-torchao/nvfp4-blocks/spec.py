import numpy as np
import torch
from torchao.prototype.mx_formats.nvfp4_tensor import NVFP4Tensor

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import with_idle_block, with_signed_zeros

FP4 = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
MIDDLES = (0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0)
LEAST_SCALE = 2.0**-6


def library_blocks(x):
    """Return torchao's scales and packed codes, both as the bytes that are stored."""
    stored = NVFP4Tensor.to_nvfp4(x)
    return stored.scale.view(torch.uint8), stored.qdata.view(torch.uint8)


def drawn_scales(generator, blocks, *, mantissas=range(8)):
    """Return scales that are e4m3 numbers from 2**-4 to 2**4, as float32, with mantissas from 1 to 1.875."""
    mantissa = 1 + generator.choice(list(mantissas), blocks) / 8
    return torch.tensor(mantissa * 2.0 ** generator.integers(-4, 5, blocks)).float()


def from_steps(generator, steps, scales):
    """Return `steps`, shape (rows, blocks, 16), times their scales; each block holds -6 steps or 6, in turn."""
    rows, blocks, _ = steps.shape
    x = torch.tensor(steps).float()
    x[..., int(generator.integers(16))] = 6.0 * torch.tensor(np.resize([-1.0, 1.0], (rows, blocks))).float()
    return (x * scales[..., None]).flatten(1)


def inner_numbers(generator, rows, blocks, *, mantissas=range(8), negative=True):
    """Return blocks without ties: no entry is nearer than a twentieth of a step to the middle of two codes."""
    steps = generator.uniform(-5.8 if negative else 0.1, 5.8, (rows, blocks, 16))
    for middle in MIDDLES:
        near = np.abs(np.abs(steps) - middle) < 0.05
        steps[near] *= 1.12
    return from_steps(generator, steps, drawn_scales(generator, (rows, blocks), mantissas=mantissas))


def with_ties(generator, rows, blocks):
    """Return blocks whose scale is a power of two, with entries halfway between two codes."""
    steps = generator.choice(MIDDLES, (rows, blocks, 16)) * generator.choice([-1, 1], (rows, blocks, 16))
    steps[..., :7] = np.array(MIDDLES) * generator.choice([-1, 1], 7)
    steps = np.roll(steps, int(generator.integers(16)), axis=-1)
    return from_steps(generator, steps, drawn_scales(generator, (rows, blocks), mantissas=[0]))


def off_by_a_bit(generator, rows, blocks):
    """Return blocks in which `x / scale` lies on a tie that `x * (1 / scale)` misses, so that the codes differ."""
    while True:
        x = with_ties(generator, rows, blocks).unflatten(-1, (-1, 16))
        x = (x / x.abs().amax(-1, keepdim=True) * 6 * drawn_scales(generator, (rows, blocks))[..., None]).flatten(1)
        scale = library_blocks(x)[0].view(torch.float8_e4m3fn).float().repeat_interleave(16, 1)
        by_division, by_product = fp4_codes(x / scale), fp4_codes(x * (1.0 / scale))
        if (by_division != by_product).sum() >= 2:
            return x


def fp4_codes(steps):
    """Return the magnitudes' codes for numbers on the scale of a block, ties to the even code."""
    lower = (torch.searchsorted(torch.tensor(FP4), steps.abs().contiguous(), right=True) - 1).clamp(max=6)
    middle = torch.tensor(MIDDLES)[lower]
    return lower + ((steps.abs() > middle) | ((steps.abs() == middle) & (lower % 2 == 1)))


def scaled_down(generator, rows, blocks, *, down=True):
    """Return blocks whose scale is rounded to e4m3: down, so that the largest magnitude exceeds 6 steps, or up."""
    scales = drawn_scales(generator, (rows, blocks)) * (1 + (0.02 if down else -0.02))
    steps = generator.uniform(-5.5, 5.5, (rows, blocks, 16))
    return from_steps(generator, steps, scales)


def tied_scales(generator, rows, blocks):
    """Return blocks a sixth of whose largest magnitude is halfway between two e4m3 numbers: the even one is either."""
    mantissas = np.resize([1 + 1 / 16, 1 + 3 / 16, 1 + 13 / 16, 1 + 11 / 16], (rows, blocks))
    scales = torch.tensor(mantissas * 2.0 ** generator.integers(-4, 5, (rows, blocks))).float()
    return from_steps(generator, generator.uniform(-5.5, 5.5, (rows, blocks, 16)), scales)


def beyond_scales(generator, rows, blocks):
    """Return blocks whose largest magnitude is above 6 times 448, the largest e4m3 number."""
    steps = generator.uniform(-5.5, 5.5, (rows, blocks, 16))
    return from_steps(generator, steps, torch.tensor(generator.uniform(480, 2000, (rows, blocks))).float())


def negative_numbers(generator, rows, blocks):
    """Return blocks of negative numbers, but for a zero in each, and one with a minus sign."""
    x = -inner_numbers(generator, rows, blocks, negative=False).unflatten(-1, (-1, 16))
    least = x.abs().argsort(-1)[..., :2]  # never the one that leads a block
    zeros = torch.tensor([0.0, -0.0]).expand(rows, blocks, 2)
    return x.scatter(-1, least, zeros).flatten(1)


def idle(generator, x, row):
    return with_signed_zeros(generator, with_idle_block(x, row, 16), row, 16)


def nearly_idle(generator, rows, blocks):
    """Return blocks whose largest magnitude is below 6 times the least scale."""
    return torch.tensor(generator.uniform(-0.06, 0.06, (rows, 16 * blocks))).float()


def drawn_blocks(generator):
    return [
        Case("scales", scaled_down(generator, 3, 5)),
        Case("scales", scaled_down(generator, 5, 3, down=False)),
        Case("scales", tied_scales(generator, 2, 4)),
        Case("codes", inner_numbers(generator, 3, 2)),
        Case("codes", inner_numbers(generator, 5, 3)),
        Case("codes", scaled_down(generator, 1, 1)),
        Case("ties", with_ties(generator, 3, 3)),
        Case("reciprocal", off_by_a_bit(generator, 4, 6)),
        Case("signs", negative_numbers(generator, 3, 3)),
        Case("least-scale", nearly_idle(generator, 3, 2)),
        Case("least-scale", idle(generator, inner_numbers(generator, 3, 3), int(generator.integers(3)))),
        Case("least-scale", beyond_scales(generator, 2, 3)),
    ]


PACKED = {"dtype": True, "part": 1}

EXERCISE = ExerciseSpec(
    title="NVFP4 by hand",
    response="function",
    setup="import torch\n",
    hints=(
        "`x.reshape(rows, -1, 16)` has a block in its last axis. `(amax / 6).clamp(min=2**-6).to(torch.float8_e4m3fn)` "
        "is its scale; `.float()` makes a number of it again, with which the block is scaled.",
        "The eight magnitudes are not evenly spaced: there is no formula, but a table of seven middles.",
        "`torch.bucketize(steps, middles)` counts the middles below a number. Where a number equals a middle the even "
        "code is wanted: below the middles 0.25, 1.25, 2.5 and 5, above the others.",
        "`codes[:, 0::2] | codes[:, 1::2] << 4` packs two codes, the first in the lower half.",
    ),
    criteria=(
        exactly("scales", "A scale for each 16 numbers of a row, a sixth of the largest, as e4m3", dtype=True, part=0),
        exactly("codes", "The codes are those of torchao, two in a byte", points=2, **PACKED),
        exactly("ties", "Halfway between two codes the even one is taken", part=1),
        exactly("reciprocal", "Close to a tie the code is that of `x * (1 / scale)`", part=1),
        exactly("signs", "Negative numbers have the fourth bit set, and so has a zero with a minus sign", part=1),
        exactly("least-scale", "The scale is never below 2⁻⁶, also in a block of zeros, nor above 448"),
        unchanged("keeps-input", "Leaves `x` as given"),
    ),
    reference=library_blocks,
    public=(
        Case("scales", scaled_down(np.random.default_rng(1), 3, 5)),
        Case("scales", scaled_down(np.random.default_rng(2), 2, 3, down=False)),
        Case("scales", tied_scales(np.random.default_rng(10), 1, 4)),
        Case("codes", inner_numbers(np.random.default_rng(3), 2, 1)),
        Case("codes", scaled_down(np.random.default_rng(4), 2, 2)),
        Case("ties", with_ties(np.random.default_rng(5), 2, 2)),
        Case("reciprocal", off_by_a_bit(np.random.default_rng(6), 2, 4)),
        Case("signs", negative_numbers(np.random.default_rng(7), 2, 2)),
        Case("least-scale", nearly_idle(np.random.default_rng(8), 2, 1)),
        Case("least-scale", idle(np.random.default_rng(9), inner_numbers(np.random.default_rng(9), 2, 3), 1)),
        Case("least-scale", beyond_scales(np.random.default_rng(11), 1, 3)),
    ),
    private=drawn_blocks,
)
