import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, exactly, matching, unchanged

from ..common import EAGER_SETUP, one_of

TOLERANCE = {"rtol": 0, "atol": 1e-3, "dtype": True}  # a code off by one moves an output by 0.01 and more


def by_hand(x, codes, scale, bias, bits):
    """Return the codes of the inputs, and what a layer gives that rounds them so, computed in float64."""
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return torch.zeros(x.shape, dtype=torch.uint8), bias.expand(len(x), -1).clone()
    step = (high - low) / (2**bits - 1)
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.double().T
    return q.to(torch.uint8), (sums * step * scale + bias.double()).float()


def is_settled(x, bits):
    """Say whether no input and no zero point lies so near a tie that the last bit decides."""
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    steps = torch.cat([x.double().flatten(), torch.tensor([-low]).double()]) * (2**bits - 1) / (high - low)
    return bool(((steps - steps.floor() - 0.5).abs() > 1e-3).all())


def layer(generator, inputs, outputs):
    """Return codes, scale and bias of a linear layer."""
    codes = torch.tensor(generator.integers(-128, 128, (outputs, inputs)), dtype=torch.int8)
    scale = float(np.float32(generator.uniform(0.002, 0.01)))
    return codes, scale, torch.tensor(generator.uniform(-2, 2, outputs)).float()


def drawn(generator, shape, outputs, bits, *, low=-1.0, high=3.0):
    """Return the arguments of a call: inputs between the two ends, and a layer of so many outputs."""
    while True:
        ends = np.array([low, high]) * generator.uniform(0.9, 1.1, 2)
        x = torch.tensor(generator.uniform(*ends, shape)).float()
        x[0, 0], x[-1, -1] = float(ends[0]), float(ends[1])  # not both in one row, where there are several
        if is_settled(x, bits):
            return x, *layer(generator, shape[1], outputs), bits


def on_ties(generator, shape, outputs, bits, low):
    """Return inputs on ties of a grid whose step is a power of two; `low` steps below 0, with a half, it begins.

    The zero point lies on a tie, too, so that it is even: at an odd one it would matter whether a tie is rounded before
    the zero point is added or after, and both are right.
    """
    top, step = 2**bits - 1, 2.0 ** -int(generator.integers(3, 8))
    steps = generator.integers(1 - int(low), top - int(low) - 1, shape) + 0.5
    steps[0, :3] = -low, top - low, 2.5
    return torch.tensor(steps * step).float(), *layer(generator, shape[1], outputs), bits


def constant(generator, shape, outputs, bits, value):
    """Return inputs that are one number, which is not 0."""
    x = torch.full(shape, value * float(generator.uniform(0.9, 1.1)))
    return x, *layer(generator, shape[1], outputs), bits


def drawn_cases(generator):
    idle = drawn(generator, (3, 5), 4, 7)
    return [
        Case("codes", *drawn(generator, (5, 9), 7, 7)),
        Case("codes", *drawn(generator, (3, 11), 2, 7, low=-2.6, high=0.9)),
        Case("outputs", *drawn(generator, (5, 9), 7, 7)),
        Case("outputs", *drawn(generator, (2, 12), 3, 7, low=-2.3, high=0.7)),
        Case("other-widths", *drawn(generator, (4, 7), 5, 8)),
        Case("other-widths", *drawn(generator, (3, 10), 2, 5)),
        Case("ties", *on_ties(generator, (3, 7), 4, 7, 62.5)),
        Case("ties", *on_ties(generator, (2, 9), 3, 7, 63.5)),
        Case("ties", *on_ties(generator, (4, 5), 3, 6, 20.5)),
        Case("holds-zero", *drawn(generator, (4, 6), 3, 7, low=1.1, high=4.0)),
        Case("holds-zero", *drawn(generator, (3, 8), 5, 7, low=-4.0, high=-1.3)),
        Case("holds-zero", *constant(generator, (2, 4), 3, 7, one_of(generator, -2.3, 1.7))),
        Case("holds-zero", *constant(generator, (1, 1), 2, 6, 0.8)),
        Case("idle", torch.zeros(3, 5), *idle[1:]),
    ]


def shown(seed, *arguments, **ends):
    return drawn(np.random.default_rng(seed), *arguments, **ends)


EXERCISE = ExerciseSpec(
    title="A dynamic layer by hand",
    response="function",
    setup=EAGER_SETUP,
    hints=(
        "The range of the inputs is `min(x.min(), 0)` to `max(x.max(), 0)`, one for all rows.",
        "It is spread over `2**bits - 1` steps; the zero point is the code of 0.0, `round(-low / step)`.",
        "`(q - zero_point) @ codes.T` is a sum of whole numbers: take float64 or int32, not int8. One product of two "
        "steps makes real numbers of it.",
    ),
    criteria=(
        exactly("codes", "The inputs' codes are unsigned, of 7 bits, with one grid for all rows", dtype=True, part=0),
        matching("outputs", "The outputs are those of a layer with such inputs", points=2, part=1, **TOLERANCE),
        matching("other-widths", "`bits` says how many codes the inputs have", **TOLERANCE),
        matching("ties", "Ties go to even, and codes stay within 0 … 2**bits − 1", **TOLERANCE),
        matching("holds-zero", "Inputs of one sign have a grid that holds 0", **TOLERANCE),
        matching("idle", "Inputs of zeros have codes 0 and give the bias", **TOLERANCE),
        unchanged("keeps-input", "Leaves its arguments as given"),
    ),
    reference=by_hand,
    public=(
        Case("codes", *shown(1, (3, 5), 4, 7)),
        Case("codes", *shown(8, (2, 7), 1, 7, low=-2.6, high=0.9)),
        Case("outputs", *shown(2, (2, 6), 3, 7, low=-2.0, high=0.5)),
        Case("other-widths", *shown(3, (4, 3), 2, 8)),
        Case("other-widths", *shown(4, (2, 7), 3, 4)),
        Case("ties", *on_ties(np.random.default_rng(9), (2, 4), 2, 7, 62.5)),
        Case("ties", *on_ties(np.random.default_rng(10), (3, 5), 2, 7, 63.5)),
        Case("ties", *on_ties(np.random.default_rng(11), (2, 6), 3, 5, 10.5)),
        Case("holds-zero", *shown(5, (3, 4), 2, 7, low=1.0, high=4.0)),
        Case("holds-zero", *shown(6, (2, 5), 3, 7, low=-4.0, high=-1.2)),
        Case("holds-zero", *constant(np.random.default_rng(13), (2, 3), 2, 7, 1.6)),
        Case("holds-zero", *constant(np.random.default_rng(14), (1, 1), 2, 6, -0.7)),
        Case("idle", torch.zeros(2, 3), *shown(7, (2, 3), 3, 7)[1:]),
    ),
    private=drawn_cases,
)
