"""Facts about what the observers of a statically quantized torch model saw, found by doing it again in float32.

Observers change no number, so that each grid follows from the float model's numbers at one place. Places are named as
`observed_numbers` names them; a list of places, such as `"input bn1|relu1"`, has one for each grid, and alternatives
between bars. Grids are those of the extremes, with 0 among them, on codes 0 … 127.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from quizlib.errors import FactError
from quizlib.evidence.build import build
from quizlib.evidence.values import Array, Plain, TorchModel, ZooModel
from quizlib.judging.facts.grids import Grid, Part, grid_distance, grids_in
from quizlib.judging.facts.outputs import entry
from quizlib.judging.facts.registry import FactContext, fact
from quizlib.judging.facts.static import input_grid

if TYPE_CHECKING:
    import torch

TOP = 127
"""The largest code of an activation."""

SAME = 1e-4
"""Grids that are off by less are those of the same numbers: float32 sums them in another order."""


@fact(
    unit="fraction",
    of=(TorchModel,),
    sentence="an activation grid is {value:%} off those that {places} give, where {asked:%}",
)
def grids_off_places(
    model: Plain,
    context: FactContext,
    *,
    places: str,
    part: Part = None,
    argument: int = 1,
    summand: str = "stem_relu",
    histogram: bool = False,
) -> float:
    """Return how far the activation grids are from those of what observers at `places` see, the worst of them.

    Of alternatives the nearest count. Distances are those of `grids_off_expected`.

    Args:
        places: Where observers stand, one word a grid.
        part: The entry of the output that is the model.
        argument: Which of the case's arguments is the calibration, from 0.
        summand: What the residual MLP adds to its branch; alternatives stand between bars.
        histogram: Whether the observers are HistogramObservers, on 0 … 127 or 0 … 255, in place of keeping extremes.

    Raises:
        FactError: it is no torch model, or has more or fewer grids. SpecError: no case has a model of the zoo.
    """
    found, x = grids_in(entry(model, part)), _examples(context, argument)
    observers = (_seen_by_histogram(127), _seen_by_histogram(255)) if histogram else (_seen_by_extremes,)
    return min(
        _off([observe(numbers[place]) for place in chosen], found)
        for numbers in (observed_numbers(context.zoo_model(), x, each) for each in summand.split("|"))
        for chosen in _choices(places)
        for observe in observers
    )


@fact(
    unit="fraction",
    of=(TorchModel,),
    sentence="the activation grids are those of {value:%} of the examples, where {asked:%}",
)
def share_behind_grids(
    model: Plain, context: FactContext, *, places: str, part: Part = None, argument: int = 1
) -> float:
    """Return which share of the examples gives just the grids of the model; 0 where no slice of them does.

    Slices are looked at, `[a:b]` and `[a::step]`, and the largest counts: 1 where the grids are those of all.

    Args:
        places: Where observers stand, one word a grid, without alternatives.
        part: The entry of the output that is the model.
        argument: Which of the case's arguments is the calibration, from 0.

    Raises:
        FactError: it is no torch model, or has more or fewer grids. SpecError: no case has a model of the zoo.
    """
    found, x = grids_in(entry(model, part)), _examples(context, argument)
    numbers = observed_numbers(context.zoo_model(), x)
    ends = [_ends(numbers[place]) for place in places.split()]
    _require_as_many(found, ends)
    scales = np.array([scale for scale, _ in found])
    for rows in _slices(len(x)):
        grids = []
        for low, high in ends:
            grids.append(_grid(float(low[rows].min()), float(high[rows].max())))
            if np.abs(scales / grids[-1][0] - 1).min(initial=0.0) > SAME:
                break  # no grid found is this one; most slices end at their first place
        else:
            if _off(grids, found) <= SAME:
                return len(range(*rows.indices(len(x)))) / len(x)
    return 0.0


@fact(
    unit="fraction",
    of=(TorchModel,),
    sentence="the grid of the input is {value:%} off that of the examples, where {asked:%}",
)
def input_grid_off(model: Plain, context: FactContext, *, part: Part = None, argument: int = 1) -> float:
    """Return how far the grid of the input is from that of the examples' extremes; see `grids_off_expected`.

    Of grids of 4 to 8 bits the nearest counts, so that codes of another width are no other numbers.

    Args:
        part: The entry of the output that is the model.
        argument: Which of the case's arguments is the calibration, from 0.

    Raises:
        FactError: it is no torch model, or has no grid for the input, or more than one beside those of sums.
    """
    x, found = _examples(context, argument), input_grid(entry(model, part), beside="QFunctional")
    return min(grid_distance(_grid(float(x.min()), float(x.max()), 2**bits - 1), found) for bits in range(4, 9))


def observed_numbers(given: ZooModel, x: torch.Tensor, summand: str = "stem_relu") -> dict[str, torch.Tensor]:
    """Return the numbers at each place of a float model of the zoo, by the names of its layers; `input` is `x` itself.

    Of the residual MLP they are stem, stem_relu, first, first_relu, second, sum, sum_relu and output; `summand` is the
    place that is added to second.

    Raises:
        FactError: it is neither a plain sequence nor the residual MLP, or `x` does not fit it.
    """
    import torch

    from quizlib.zoo.torch_models import ResidualMLP

    network = build(given).eval()
    with torch.no_grad():
        if isinstance(network, ResidualMLP):
            return _of_residual(network, x, summand)
        if not isinstance(network, torch.nn.Sequential):
            raise FactError(f"{given.name} is neither a sequence of layers nor the residual MLP")
        numbers = {"input": x}
        for name, layer in network.named_children():
            x = numbers[name] = layer(x)
    return numbers


def _of_residual(network: torch.nn.Module, x: torch.Tensor, summand: str) -> dict[str, torch.Tensor]:
    from torch import relu

    layer = network.get_submodule
    numbers = {"input": x, "stem": layer("stem")(x)}
    numbers["stem_relu"] = relu(numbers["stem"])
    numbers["first"] = layer("block.first")(numbers["stem_relu"])
    numbers["first_relu"] = relu(numbers["first"])
    numbers["second"] = layer("block.second")(numbers["first_relu"])
    numbers["sum"] = numbers[summand] + numbers["second"]
    numbers["sum_relu"] = relu(numbers["sum"])
    numbers["output"] = layer("output")(numbers["sum_relu"])
    return numbers


def _examples(context: FactContext, argument: int) -> torch.Tensor:
    arguments = () if context.case is None else context.case.arguments
    if argument >= len(arguments):
        raise FactError(f"the case has no argument {argument} to calibrate on")
    given = arguments[argument]
    if not isinstance(given, Array) or given.library != "torch":
        raise FactError(f"argument {argument} of the case is no tensor to calibrate on")
    x: torch.Tensor = build(given)
    return x


def _choices(places: str) -> Iterator[tuple[str, ...]]:
    return product(*(place.split("|") for place in places.split()))


def _slices(count: int) -> Iterator[slice]:
    """Yield slices of so many rows, the largest first."""
    runs = [slice(first, last) for first in range(count) for last in range(first + 1, count + 1)]
    strides = [slice(first, None, step) for step in range(2, count // 2 + 1) for first in range(step)]
    yield from sorted(runs + strides, key=lambda rows: -len(range(*rows.indices(count))))


def _ends(numbers: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the largest number of each row."""
    rows = numbers.flatten(1)
    return rows.amin(1).numpy(), rows.amax(1).numpy()


def _seen_by_extremes(numbers: torch.Tensor) -> Grid:
    return _grid(float(numbers.min()), float(numbers.max()))


def _grid(low: float, high: float, top: int = TOP) -> Grid:
    """Return scale and zero point of a range on 0 … `top`."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / top, float(np.finfo(np.float32).eps))
    return scale, float(-round(low / scale))


def _seen_by_histogram(top: int) -> Callable[[torch.Tensor], Grid]:
    """Return what tells the grid of a HistogramObserver on 0 … `top`."""

    def grid(numbers: torch.Tensor) -> Grid:
        import torch

        from quizlib.zoo import eager

        observer = eager.HistogramObserver(dtype=torch.quint8, quant_min=0, quant_max=top)
        observer(numbers)
        scale, zero_point = observer.calculate_qparams()
        return float(scale), float(zero_point)

    return grid


def _off(expected: list[Grid], found: list[Grid]) -> float:
    """Return how far grids are from expected ones, the worst of them; for each expected one the nearest counts."""
    _require_as_many(found, expected)
    return max(min(grid_distance(grid, other) for other in found) for grid in expected)


def _require_as_many(found: Sequence[object], expected: Sequence[object]) -> None:
    if len(found) != len(expected):
        raise FactError(f"the model has {len(found)} activation grids, where {len(expected)} are asked for")
