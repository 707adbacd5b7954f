import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged

from ..common import EAGER_SETUP

TOLERANCE = {"rtol": 0, "atol": 1e-3, "dtype": True}  # a code off by one moves an output by 0.01 and more


def by_hand(x, codes, scale, bias, bits):
    """Return what a layer gives whose inputs are rounded to `bits` bits, computed in float64."""
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return bias.expand(len(x), -1).clone()
    step = (high - low) / (2**bits - 1)
    zero_point = round(-low / step)
    q = torch.clamp(torch.round(x.double() / step) + zero_point, 0, 2**bits - 1)
    sums = (q - zero_point) @ codes.double().T
    return (sums * step * scale + bias.double()).float()


def is_settled(x, bits):
    """Say whether no input and no zero point lies so near a tie that the last bit decides."""
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    steps = torch.cat([x.double().flatten(), torch.tensor([-low]).double()]) * (2**bits - 1) / (high - low)
    return bool(((steps - steps.floor() - 0.5).abs() > 1e-3).all())


def drawn(generator, shape, outputs, bits, *, low=-1.0, high=3.0):
    """Return the arguments of a call: inputs between the two ends, and a layer of so many outputs."""
    while True:
        ends = np.array([low, high]) * generator.uniform(0.9, 1.1, 2)
        x = torch.tensor(generator.uniform(*ends, shape)).float()
        x[0, 0], x[-1, -1] = float(ends[0]), float(ends[1])  # not both in one row, where there are several
        if is_settled(x, bits):
            break
    codes = torch.tensor(generator.integers(-128, 128, (outputs, shape[1])), dtype=torch.int8)
    scale = float(np.float32(generator.uniform(0.002, 0.01)))
    bias = torch.tensor(generator.uniform(-2, 2, outputs)).float()
    return x, codes, scale, bias, bits


def drawn_cases(generator):
    idle = drawn(generator, (3, 5), 4, 7)
    return [
        Case("seven-bits", *drawn(generator, (5, 9), 7, 7)),
        Case("seven-bits", *drawn(generator, (1, 12), 3, 7, low=-2.3, high=0.7)),
        Case("other-widths", *drawn(generator, (4, 7), 5, 8)),
        Case("other-widths", *drawn(generator, (3, 10), 2, 5)),
        Case("holds-zero", *drawn(generator, (4, 6), 3, 7, low=1.1, high=4.0)),
        Case("holds-zero", *drawn(generator, (3, 8), 5, 7, low=-4.0, high=-1.3)),
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
        matching("seven-bits", "The outputs are those of a layer with 7-bit inputs", points=2, **TOLERANCE),
        matching("other-widths", "`bits` says how many codes the inputs have", **TOLERANCE),
        matching("holds-zero", "Inputs of one sign have a grid that holds 0", **TOLERANCE),
        matching("idle", "Inputs of zeros give the bias", **TOLERANCE),
        unchanged("keeps-input", "Leaves its arguments as given"),
    ),
    reference=by_hand,
    public=(
        Case("seven-bits", *shown(1, (3, 5), 4, 7)),
        Case("seven-bits", *shown(2, (1, 6), 3, 7, low=-2.0, high=0.5)),
        Case("other-widths", *shown(3, (4, 3), 2, 8)),
        Case("other-widths", *shown(4, (2, 7), 3, 4)),
        Case("holds-zero", *shown(5, (3, 4), 2, 7, low=1.0, high=4.0)),
        Case("holds-zero", *shown(6, (2, 5), 3, 7, low=-4.0, high=-1.2)),
        Case("idle", torch.zeros(2, 3), *shown(7, (2, 3), 3, 7)[1:]),
    ),
    private=drawn_cases,
)
