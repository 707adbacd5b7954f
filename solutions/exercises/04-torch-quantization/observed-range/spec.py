import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching
from quizlib.zoo import eager

from ..common import EAGER_SETUP, one_of


def observed(batches, quant_min, quant_max, averaging_constant=None):
    grid = {"dtype": torch.quint8 if quant_min >= 0 else torch.qint8, "quant_min": quant_min, "quant_max": quant_max}
    if averaging_constant is None:
        observer = eager.MinMaxObserver(**grid)
    else:
        observer = eager.MovingAverageMinMaxObserver(averaging_constant=averaging_constant, **grid)
    for batch in batches:
        observer(batch)
    return observer


def library_range(*given):
    scale, zero_point = observed(*given).calculate_qparams()
    return float(scale), int(zero_point)


def clear_batches(generator, low, high, *grid):
    """Draw batches whose zero point does not hang on the last bit: a small shift of all numbers keeps it.

    Where low < 0 < high it is rounded away from `quant_min`, so that cutting the fraction off shows.
    """
    while True:
        batches = [torch.tensor(generator.uniform(low, high, size), dtype=torch.float32) for size in (5, 8, 3, 6)]
        if low < 0 < high and not all(batch.min() < 0 < batch.max() for batch in batches):
            continue
        # The extremes come early, so that the last batch alone does not tell them.
        wide = [float(batch.max() - batch.min()) for batch in batches]
        if hangs_on_the_last_bit(batches, *grid) or max(wide[:-1]) <= 1.1 * wide[-1]:
            continue
        if not low < 0 < high or is_rounded_up(batches, *grid):
            return batches


def hangs_on_the_last_bit(batches, *grid):
    shifted = [[batch + shift for batch in batches] for shift in (-5e-4, 0.0, 5e-4)]
    return len({library_range(moved, *grid)[1] for moved in shifted}) > 1


def is_rounded_up(batches, quant_min, quant_max, *averaging_constant):
    """Say whether the zero point lies further from `quant_min` than before it was rounded."""
    observer = observed(batches, quant_min, quant_max, *averaging_constant)
    scale, zero_point = observer.calculate_qparams()
    return int(zero_point) - quant_min > max(0.0, -float(observer.min_val)) / float(scale)


def one_signed_at_times(generator, *grid):
    """Draw batches that lie on both sides of 0, above it, and on both sides again."""
    while True:
        batches = [torch.tensor(generator.uniform(low, 1.0, 5), dtype=torch.float32) for low in (-1.5, 0.4, 0.7, -1)]
        if batches[0].min() < -0.8 and not hangs_on_the_last_bit(batches, *grid):
            return batches


def on_a_tie(generator, zero_point, quant_min, quant_max):
    """Draw batches of which low / scale is half a step above -zero_point exactly, the scale being a power of two."""
    scale, steps = 2.0 ** -int(generator.integers(3, 8)), quant_max - quant_min
    low, high = -(zero_point - 0.5) * scale, (steps - zero_point + 0.5) * scale
    inner = generator.uniform(0.9 * low, 0.9 * high, (3, 4))
    batches = [torch.tensor(values, dtype=torch.float32) for values in inner]
    batches[0][1], batches[1][2] = low, high
    return batches


def of_shapes(generator, high):
    """Draw batches of three, two and no dimensions."""
    while True:
        batches = [
            torch.tensor(generator.uniform(-1, high, shape), dtype=torch.float32) for shape in ((2, 1, 3), (4, 2), ())
        ]
        hangs = any(hangs_on_the_last_bit(batches[:count], *grid) for count in (1, 3) for grid in OF_SHAPES)
        if not hangs and all(batch.min() < -0.4 and batch.max() > 0.4 for batch in batches[:2]):
            return batches


OF_SHAPES = ((0, 255), (-128, 127, 0.2), (0, 127))


def nearly_idle(generator):
    """Return batches so near 0 that the least scale decides, some steps of it below 0, and some above."""
    eps = float(np.finfo(np.float32).eps)
    low, high = -(int(generator.integers(2, 9)) + generator.uniform(0.1, 0.4)) * eps, generator.uniform(8, 9) * eps
    return [torch.tensor([low, 0.2 * high]), torch.tensor([0.5 * low, high])]


def fresh_batches(generator):
    def case(behaviour, low, high, *grid):
        return Case(behaviour, clear_batches(generator, low, high, *grid), *grid)

    low, high = float(generator.uniform(-3, -1)), float(generator.uniform(1, 3))
    return [
        case("min-max", low, high, 0, 255),
        case("min-max", 0.3 * low, high, 0, 255),
        case("range", low, high, -128, 127),
        *(
            Case("range", on_a_tie(generator, 2 * int(generator.integers(20, 60)) + odd, *grid), *grid)
            for odd, grid in ((0, (0, 255)), (1, (-128, 127)), (0, (-127, 127)))
        ),
        case("range", low, high, *one_of(generator, (-8, 7), (-64, 63))),
        case("holds-zero", 0.5 * high, high, 0, 255),
        case("holds-zero", low, 0.5 * low, 0, int(one_of(generator, 127, 255))),
        case("holds-zero", low, 0.5 * low, -128, 127),
        case("holds-zero", 0.5 * high, high, -128, 127),
        case("moving-average", low, high, 0, 255, float(one_of(generator, 0.1, 0.2, 0.3))),
        case("moving-average", low, high, 0, 255, 0.01),
        case("moving-average", low, high, 0, 255, 0.0),
        Case("moving-average", one_signed_at_times(generator, 0, 255, 0.3), 0, 255, 0.3),
        case("moving-average", low, high, 0, 255, 1.0),
        Case("min-max", of_shapes(generator, 1.0), 0, 255),
        Case("moving-average", of_shapes(generator, 1.0), -128, 127, 0.2),
        Case("min-max", of_shapes(generator, 1.0)[:1], 0, 127),
        Case("idle", [torch.zeros(4)] * 2, 0, int(generator.integers(100, 256))),
        Case("idle", [torch.zeros(3)], -int(generator.integers(40, 129)), 127),
        Case("idle", nearly_idle(generator), -100, 127),
    ]


ROUNDED_UP = [torch.tensor([-0.7, 1.5]), torch.tensor([-0.9, 0.4]), torch.tensor([-0.1, 0.85])]
HIGHEST_LATER = [torch.tensor([0.2, 0.7]), torch.tensor([-0.9, 1.9, 0.1]), torch.tensor([-0.3, 0.4])]
THREE_BATCHES = [torch.tensor([-0.4, 2.0]), torch.tensor([-1.1, 0.3, 0.8]), torch.tensor([0.1, 1.2])]

EXERCISE = ExerciseSpec(
    title="What an observer remembers",
    response="function",
    setup=EAGER_SETUP,
    hints=(
        "Keep two numbers from batch to batch: the least and the largest value seen.",
        "Moving average: the first batch sets both; from then on `low = low + c * (batch.min() - low)`.",
        "`if averaging_constant:` takes 0 for None.",
        "Real 0 must have a code: take `min(low, 0)` and `max(high, 0)` before the scale.",
        "The zero point is `quant_min - round(low / scale)`.",
    ),
    criteria=(
        matching("min-max", "Keeps the extremes of all batches, of whatever shape", rtol=1e-5, atol=0),
        matching("range", "Places the zero point in any range of codes", rtol=1e-5, atol=0),
        matching("holds-zero", "Values of one sign: the grid reaches to 0", rtol=1e-5, atol=0),
        matching("moving-average", "Moves the extremes by `averaging_constant` a batch", points=2, rtol=1e-5, atol=0),
        matching(
            "idle", "Zeros, or nearly: the scale is float32's eps, and the zero point follows it", rtol=1e-5, atol=0
        ),
    ),
    reference=library_range,
    public=(
        Case("min-max", THREE_BATCHES, 0, 255),
        Case("min-max", ROUNDED_UP, 0, 255),
        Case("min-max", HIGHEST_LATER, 0, 255),
        Case("range", THREE_BATCHES, -128, 127),
        Case("range", on_a_tie(np.random.default_rng(0), 40, 0, 255), 0, 255),
        Case("range", on_a_tie(np.random.default_rng(1), 41, -128, 127), -128, 127),
        Case("range", on_a_tie(np.random.default_rng(6), 40, -127, 127), -127, 127),
        Case("range", THREE_BATCHES, -8, 7),
        Case("range", ROUNDED_UP, -64, 63),
        Case("holds-zero", [torch.tensor([2.0, 4.0]), torch.tensor([1.0, 3.0])], 0, 255),
        Case("holds-zero", [torch.tensor([-3.0, -1.0]), torch.tensor([-2.0])], 0, 127),
        Case("holds-zero", [torch.tensor([-3.0, -1.0]), torch.tensor([-2.0])], -128, 127),
        Case("holds-zero", [torch.tensor([2.0, 4.0]), torch.tensor([1.0, 3.0])], -128, 127),
        Case("moving-average", THREE_BATCHES, 0, 255, 0.1),
        Case("moving-average", ROUNDED_UP, 0, 255, 0.3),
        Case("moving-average", ROUNDED_UP, 0, 255, 0.0),
        Case("moving-average", ROUNDED_UP, 0, 255, 1.0),
        Case("min-max", of_shapes(np.random.default_rng(2), 1.0), 0, 255),
        Case("moving-average", of_shapes(np.random.default_rng(3), 1.0), -128, 127, 0.2),
        Case("min-max", of_shapes(np.random.default_rng(4), 1.0)[:1], 0, 127),
        Case("idle", [torch.zeros(3), torch.zeros(2)], 0, 255),
        Case("idle", [torch.zeros(2)], -128, 127),
        Case("idle", nearly_idle(np.random.default_rng(5)), -100, 127),
    ),
    private=fresh_batches,
)
