import numpy as np
import torch
from torch import nn

from quizlib import zoo
from quizlib.authoring import Case, ExerciseSpec, exactly, matching, unchanged
from quizlib.zoo import eager

from ..common import EAGER_SETUP


def library_codes(weight):
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight.data = weight.clone()
    stored = eager.quantize_dynamic(nn.Sequential(layer), {nn.Linear}, dtype=torch.qint8)[0].weight()
    return stored.int_repr(), stored.q_scale(), stored.q_zero_point()


def off_the_ties(generator, codes, scale):
    """Return real values up to 0.4 steps from `codes`, so that no float error decides between two codes."""
    return torch.tensor((codes + generator.uniform(-0.4, 0.4, np.shape(codes))) * scale, dtype=torch.float32)


def settled_weight(generator, name):
    """Draw a trained weight none of whose codes hangs on the last bit: 1e-4 steps from every border between codes.

    The largest magnitude lies half a step beyond the last code; where it is positive, it is clamped whatever happens.
    """
    while True:
        weight = zoo.randomized(name, int(generator.integers(1, 100_000))).output.weight.detach().clone()
        steps = (weight / weight.abs().max()).flatten().double() * 127.5
        if steps.min() < -127.4:
            weight, steps = -weight, -steps
        inner = steps[steps.abs() < 127.49]
        if len(inner) == len(steps) - 1 and ((inner - inner.floor() - 0.5).abs() > 1e-4).all():
            return weight


def codes_otherwise(weight):
    """Return the codes that a division, a scale in float64 and arithmetic in float64 give in place of the library's."""
    largest = weight.abs().max()
    divided = weight / (largest / 127.5)
    by_float = weight * (127.5 / float(largest))
    in_float64 = weight.double() * 127.5 / largest.double()
    return [torch.round(steps).clamp(-128, 127).to(torch.int8) for steps in (divided, by_float, in_float64)]


def near_ties(generator, shape):
    """Return a weight half a step from two codes at each entry, whose last bits tell how it was rounded.

    The largest magnitude is positive, and clamped whatever happens.
    """
    while True:
        largest = torch.tensor(generator.uniform(0.1, 2), dtype=torch.float32)
        halves = torch.tensor(generator.integers(-120, 120, shape) + 0.5, dtype=torch.float32)
        weight = halves * (largest / 127.5)
        weight[0, 0] = largest
        codes = library_codes(weight)[0]
        if all((other != codes).sum() >= 2 for other in codes_otherwise(weight)):
            return weight


def exact_ties(generator, shape):
    """Return a weight of scale 2**-k that lies on ties exactly; some even codes are the lower, some the upper."""
    scale = 2.0 ** -int(generator.integers(5, 11))
    weight = torch.tensor((generator.integers(-100, 100, shape) + 0.5) * scale, dtype=torch.float32)
    weight[0, :3] = torch.tensor([127.5, 4.5, -7.5]) * scale
    return weight


def most_negative_extreme(generator, shape):
    """Return a weight of scale 2**-k whose largest magnitude is -127.5 steps exactly, a tie that goes to code -128."""
    scale = 2.0 ** -int(generator.integers(7, 11))
    weight = off_the_ties(generator, generator.integers(-120, 121, shape), scale)
    weight[tuple(int(generator.integers(size)) for size in shape)] = -127.5 * scale
    return weight


def fresh_weights(generator):
    least = float(np.finfo(np.float32).eps)
    one_signed = off_the_ties(generator, generator.integers(5, 120, (6, 5)), 0.01)
    one_signed[0, 0] = 1.275
    return [
        Case("codes", settled_weight(generator, "digits_mlp")),
        Case("codes", settled_weight(generator, "digits_residual")),
        Case("scale", settled_weight(generator, "digits_lstm")),
        Case("scale", -settled_weight(generator, "digits_mlp")),
        Case("ties", near_ties(generator, (6, 7))),
        Case("ties", near_ties(generator, (3, 21))),
        Case("ties", exact_ties(generator, (4, 5))),
        Case("zero-point", one_signed),
        Case("extreme", most_negative_extreme(generator, (5, 7))),
        Case("extreme", most_negative_extreme(generator, (3, 40))),
        Case("least-scale", off_the_ties(generator, generator.integers(-9, 10, (4, 6)), least)),
        Case("least-scale", torch.zeros(5, 3)),
    ]


ON_TIES = torch.tensor([[127.5, 0.5, 2.5], [-0.5, -2.5, 3.5]]) / 64
FEW_WEIGHTS = torch.tensor([[0.51, -0.26, 0.0], [0.009, -0.011, 0.303]])
TINY_WEIGHTS = torch.tensor([[3.1, -1.8, 0.2], [0.0, 1.2, -2.9]]) * torch.finfo(torch.float32).eps

NUMBERS = ("codes", "ties", "scale", "extreme")
"""Beside which a zero point counts, which is 0 whatever the weight."""

EXERCISE = ExerciseSpec(
    title="The codes by hand",
    response="function",
    setup=EAGER_SETUP,
    hints=(
        "The range −128 … 127 is 255 steps wide, and the grid is symmetric: the largest magnitude is 127.5 steps.",
        "`scale = (weight.abs().max() / 127.5).clamp(min=…)` is a float32 tensor, and so is `1 / scale`; "
        "`float(scale)` comes last.",
        "`torch.round` sends ties to the even code, as the library does; −127.5 goes to −128, and 127.5 is clamped.",
        "`torch.finfo(torch.float32).eps` is the least scale; without it a layer of zeros would be divided by zero.",
        "Compare with `eager.quantize_dynamic(nn.Sequential(layer), {nn.Linear})[0].weight().int_repr()`.",
    ),
    criteria=(
        exactly("codes", "The codes are the nearest, as int8", dtype=True, part=0),
        exactly("ties", "Ties and near ties are rounded as the library rounds them", part=0),
        matching("scale", "The scale is the largest magnitude over 127.5", rtol=1e-6, atol=0, part=1),
        exactly("zero-point", "The zero point is 0, also for weights of one sign", part=2, beside=NUMBERS),
        exactly("extreme", "The most negative code is used", part=0),
        matching("least-scale", "The scale is at least float32's eps", rtol=1e-6, atol=0),
        unchanged("keeps-weight", "Leaves the weight as given"),
    ),
    reference=library_codes,
    public=(
        Case("codes", FEW_WEIGHTS),
        Case("ties", ON_TIES),
        Case("ties", near_ties(np.random.default_rng(0), (3, 5))),
        Case("scale", FEW_WEIGHTS),
        Case("scale", -FEW_WEIGHTS),
        Case("zero-point", torch.tensor([[0.2, 1.275], [0.613, 0.907]])),
        Case("extreme", torch.tensor([[-1.9921875, 0.509], [0.243, 1.0]])),
        Case("least-scale", torch.zeros(2, 3)),
        Case("least-scale", TINY_WEIGHTS),
    ),
    private=fresh_weights,
)
