import numpy as np
import torch
from torchao.prototype.mx_formats.mx_tensor import to_mx

from quizlib.authoring import Case, ExerciseSpec, exactly, unchanged

from ..common import with_idle_block, with_signed_zeros


def library_blocks(x):
    """Return torchao's scales and codes, both as the bytes that are stored."""
    scales, codes = to_mx(x, torch.float8_e4m3fn, 32)
    return scales.view(torch.uint8), codes.view(torch.uint8)


def led_by(generator, numbers, leaders):
    """Return blocks whose largest magnitudes are powers of two times `leaders`, in turn.

    Args:
        numbers: Shape (rows, blocks, 32), of magnitudes up to 1.
        leaders: Numbers of magnitude 1 to 2; the first entry of each block becomes one.
    """
    rows, blocks, _ = numbers.shape
    x = torch.tensor(numbers).float()
    x[..., 0] = torch.tensor(np.resize(leaders, (rows, blocks))).float()
    powers = generator.integers(-40, 60, (rows, blocks))  # in magnitude from 1e-20 to 1e20, subnormal codes included
    powers[:, 1::2] = powers[:, : blocks // 2 * 2 : 2] + 3  # neighbours always differ
    return (x * torch.tensor(2.0**powers).float()[..., None]).flatten(1)


def spread_blocks(generator, rows, blocks):
    """Return blocks led by numbers of both signs, above and below 1.5 and the square root of 2."""
    leaders = np.resize([-1.21, 1.62, -1.9, 1.33, -1.47], rows * blocks) * generator.uniform(0.99, 1.01, rows * blocks)
    return led_by(generator, generator.uniform(-1, 1, (rows, blocks, 32)), leaders)


def led_blocks(generator, rows, blocks, leaders):
    return led_by(generator, generator.uniform(-1, 1, (rows, blocks, 32)), leaders)


JUST_BELOW = float(np.nextafter(np.float32(2), np.float32(0)))
"""The largest float32 below 2; its logarithm to base 2, times a power from 4 on, rounds up in float32."""


def near_two(generator, rows):
    """Return blocks led by numbers 3 to 6 float32 steps below 2 or 4: their logarithms are not whole in float32.

    What adds a millionth to a logarithm rounds them up all the same.
    """
    numbers = generator.uniform(-0.99, 0.99, (rows, 2, 32))
    numbers[..., 0] = [2 - 6 * 2.0**-23, -4 + 3 * 2.0**-22]
    return torch.tensor(numbers).float().flatten(1)


def with_ties(generator, rows, blocks):
    """Return blocks whose entries lie halfway between two codes; the even one is above for some, below for others.

    A few lie so near to the middle that numbers of 11 bits cannot tell.
    """
    halves = generator.integers(8, 16, (rows, blocks, 32)) + 0.5  # 1.xxx times 8, and a half
    halves[..., 1:9] = 8.5, 9.5, 14.5, 15.5, 8.501, 9.499, 10.501, 11.499
    signs = generator.choice([-1, 1], halves.shape)
    return led_by(generator, halves * signs / 256, [1.0, -1.0])


def with_subnormals(generator, rows, blocks):
    """Return blocks in which most codes are subnormal numbers of e4m3, ties between them, or zeros of both signs."""
    numbers = generator.uniform(-8, 8, (rows, blocks, 32))
    numbers[..., 1:8] = 0.01, -0.01, 0.5, 1.5, -2.5, 7.5, 0.51
    return led_by(generator, numbers * 2.0**-9 / 256, [1.17, -1.17])


def idle(generator, x, row):
    return with_signed_zeros(generator, with_idle_block(x, row, 32), row, 32)


def drawn_blocks(generator):
    return [
        Case("scales", spread_blocks(generator, 5, 3)),
        Case("scales", -led_blocks(generator, 3, 5, [1.03, 1.49, 1.51, 1.74])),
        Case("codes", spread_blocks(generator, 3, 2)),
        Case("codes", spread_blocks(generator, 1, 1)),
        Case("near-powers", led_blocks(generator, 4, 2, [JUST_BELOW, 1.0, -JUST_BELOW, -1.0])),
        Case("near-powers", near_two(generator, 2)),
        Case("saturates", led_blocks(generator, 3, 3, [1.76, 1.83, 1.9, -1.99])),
        Case("ties", with_ties(generator, 3, 1)),
        Case("subnormals", with_subnormals(generator, 3, 2)),
        Case("zeros", idle(generator, spread_blocks(generator, 3, 3), int(generator.integers(3)))),
    ]


EXERCISE = ExerciseSpec(
    title="MXFP8 by hand",
    response="function",
    setup="import torch\n",
    hints=(
        "`x.reshape(rows, -1, 32)` has a block in its last axis; reduce over that one, with `keepdim=True`.",
        "`torch.frexp(amax)` gives a mantissa from 0.5 up to 1 and an exponent: `exponent - 1` is the floor of the "
        "logarithm, with no rounding on the way.",
        "The scale is `2.0 ** (floor(log2(amax)) - 8)`, since 2⁸ is the largest power of two in e4m3; its byte is the "
        "power + 127.",
        "`.to(torch.float8_e4m3fn)` rounds to nearest, ties to even; `.view(torch.uint8)` shows the bits.",
    ),
    criteria=(
        exactly("scales", "A scale for each 32 numbers of a row, as the byte of a power of two", dtype=True, part=0),
        exactly("codes", "The codes are those of torchao, bit for bit", dtype=True, part=1, points=2),
        exactly("near-powers", "The power of two is the one below the largest magnitude, also close to the next"),
        exactly("saturates", "What exceeds 448 after the division gets the code of 448", part=1),
        exactly("ties", "Halfway between two codes the even one is taken", part=1),
        exactly("subnormals", "Small numbers get the codes below 2⁻⁶, or a zero with their sign", part=1),
        exactly("zeros", "A block of zeros has the scale byte 0, and zeros with their signs"),
        unchanged("keeps-input", "Leaves `x` as given"),
    ),
    reference=library_blocks,
    public=(
        Case("scales", spread_blocks(np.random.default_rng(1), 3, 3)),
        Case("scales", -led_blocks(np.random.default_rng(2), 2, 2, [1.03, 1.49, 1.51, 1.74])),
        Case("codes", spread_blocks(np.random.default_rng(3), 2, 2)),
        Case("near-powers", led_blocks(np.random.default_rng(4), 3, 2, [JUST_BELOW, 1.0, -JUST_BELOW])),
        Case("near-powers", near_two(np.random.default_rng(9), 1)),
        Case("saturates", led_blocks(np.random.default_rng(5), 2, 1, [1.83, -1.99])),
        Case("ties", with_ties(np.random.default_rng(6), 2, 1)),
        Case("subnormals", with_subnormals(np.random.default_rng(7), 1, 2)),
        Case("zeros", idle(np.random.default_rng(8), spread_blocks(np.random.default_rng(8), 2, 2), 1)),
    ),
    private=drawn_blocks,
)
