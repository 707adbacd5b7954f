"""Facts about the grids of activations that a statically quantized torch model holds.

Nothing here asks for names or for an order of modules, which learners choose: grids are matched by value.
A module has an activation grid when it holds one scale and one zero point, as settings or as tensors.
Where an output is more than the model, `part` says which of its entries the model is, by key or position.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from quizlib.errors import FactError
from quizlib.evidence.values import Array, Plain, TorchModel, TorchModule
from quizlib.items.exercise import Condition
from quizlib.judging.compare import part_of
from quizlib.judging.facts.arrays import listed, torch_modules
from quizlib.judging.facts.registry import FactContext, fact, place_of

Grid = tuple[float, float]
"""Scale and zero point."""

Part = str | int | None
"""The entry of an output that is the model; None where the output is the model itself."""

IDLE: Grid = (1.0, 0.0)
"""What `convert` leaves of a grid that saw no data."""

LARGEST_CODE = 255
"""Of a quint8 activation."""


@fact(
    unit="grids",
    of=(TorchModel,),
    sentence="the model has {value:activation grid}, where {asked:grid}{place}",
)
def activation_grids(model: Plain, context: FactContext, *, part: Part = None) -> int:
    """Return how many modules have an activation grid; a layer that is converted dynamically carries an idle one.

    Raises:
        FactError: it is no torch model.

    >>> from quizlib.judging.facts.example import model
    >>> activation_grids(model(settings={"scale": 0.5, "zero_point": 3}), FactContext())
    1
    """
    return len(grids_in(part_of(model, part)))


@fact(
    unit="grids",
    of=(TorchModel,),
    sentence="the model has {value:activation grid} that saw no data, still of scale 1 and zero point 0, where "
    "{asked:grid}{place}",
)
def default_grids(model: Plain, context: FactContext, *, part: Part = None) -> int:
    """Return how many activation grids are still scale 1 and zero point 0, as `convert` leaves what saw no data.

    Raises:
        FactError: it is no torch model.

    >>> from quizlib.judging.facts.example import model
    >>> default_grids(model(settings={"scale": 1.0, "zero_point": 0}), FactContext())
    1
    """
    return grids_in(part_of(model, part)).count(IDLE)


@fact(
    unit="grids",
    of=(TorchModel,),
    sentence="the model has {value:activation grid} with codes for negative numbers, of a zero point above 0, "
    "where {asked:grid}{place}",
)
def signed_grids(model: Plain, context: FactContext, *, part: Part = None, of_layers: bool = False) -> int:
    """Return how many activation grids have codes for negative numbers: those of a zero point above 0.

    Args:
        part: The entry of the output that is the model.
        of_layers: Whether those of layers with a weight count alone, not that of the input or of a sum.

    Raises:
        FactError: it is no torch model.

    >>> from quizlib.judging.facts.example import model
    >>> signed_grids(model(scale=[0.5], zero_point=[3]), FactContext())
    1
    """
    modules = torch_modules(part_of(model, part))
    found = [grid_of(module) for module in modules if not of_layers or "weight" in module.tensors]
    return sum(grid is not None and grid[1] > 0 for grid in found)


@place_of(activation_grids, default_grids, signed_grids)
def _modules_with_grids(model: Plain, context: FactContext, condition: Condition) -> str:
    kept: dict[str, Callable[[Grid], bool]] = {
        "activation_grids": lambda grid: True,
        "default_grids": lambda grid: grid == IDLE,
        "signed_grids": lambda grid: grid[1] > 0,
    }
    named = _named_grids(part_of(model, condition.args.get("part"))).items()
    names = [name for name, grid in named if kept[condition.fact](grid)]
    return f"{'that' if len(names) == 1 else 'those'} of {listed(names)}" if names else ""


@fact(
    unit="modules",
    of=(TorchModel,),
    self_reported=True,
    sentence="the model has {value:FloatFunctional} that saw data, where {asked:sum}",
)
def observed_sums(model: Plain, context: FactContext, *, part: Part = None) -> int:
    """Return how many converted FloatFunctionals saw data: one that `forward` never used keeps the idle grid.

    Raises:
        FactError: it is no torch model.

    >>> from quizlib.judging.facts.example import model
    >>> observed_sums(model("nn.quantized.QFunctional", {"scale": 0.5, "zero_point": 3}), FactContext())
    1
    """
    modules = torch_modules(part_of(model, part))
    return sum(grid_of(each) not in (None, IDLE) for each in modules if each.class_name.endswith("QFunctional"))


@fact(
    unit="fraction",
    of=(TorchModel,),
    sentence="an activation grid is {value:%} off the expected one, where {asked:%}{place}",
)
def grids_off_expected(model: Plain, context: FactContext, *, part: Part = None) -> float:
    """Return how far the activation grids are from the expected model's, the worst of them.

    For each expected grid the nearest one counts: max(|scale - expected| / expected, |zero point - expected| / 255).

    Raises:
        FactError: it is no torch model, or has more or fewer grids. SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import model
    >>> expected = FactContext(expected=model(settings={"scale": 0.5, "zero_point": 3}))
    >>> grids_off_expected(model(settings={"scale": 0.75, "zero_point": 3}), expected)
    0.5
    """
    expected, found = (grids_in(part_of(output, part)) for output in (context.answer(), model))
    if len(found) != len(expected):
        raise FactError(f"the model has {len(found)} activation grids, where {len(expected)} are asked for")
    return max((min(grid_distance(grid, other) for other in found) for grid in expected), default=0.0)


@place_of(grids_off_expected)
def _worst_grid(model: Plain, context: FactContext, condition: Condition) -> str:
    """Return the expected grid that no grid of the model comes near, and the nearest one with its module."""
    part = condition.args.get("part")
    expected, found = grids_in(part_of(context.answer(), part)), _named_grids(part_of(model, part))
    if not found or not expected:
        return ""
    wanted = max(expected, key=lambda grid: min(grid_distance(grid, other) for other in found.values()))
    name, (scale, zero_point) = min(found.items(), key=lambda item: grid_distance(wanted, item[1]))
    return (
        f"the nearest, of {name}, has scale {scale:.4g} and zero point {zero_point:g}, "
        f"expected {wanted[0]:.4g} and {wanted[1]:g}"
    )


@fact(
    unit="ratio",
    of=(TorchModel,),
    sentence="an activation scale is {value} times the expected one, the least of all, where {asked}",
)
def least_grid_ratio(model: Plain, context: FactContext, *, part: Part = None) -> float:
    """Return the least ratio of an activation scale to the expected model's; both are taken in the order of their size.

    Codes from 0 to 255 where 0 to 127 are expected make all ratios 0.498.

    Raises:
        FactError: it is no torch model, or has more or fewer grids. SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import model
    >>> expected = FactContext(expected=model(settings={"scale": 0.5, "zero_point": 3}))
    >>> least_grid_ratio(model(settings={"scale": 0.25, "zero_point": 3}), expected)
    0.5
    """
    return float(_scale_ratios(model, context, part).min())


@fact(
    unit="ratio",
    of=(TorchModel,),
    sentence="the scales of the activations are off by factors that differ by {value} times, where {asked}",
)
def grid_ratio_spread(model: Plain, context: FactContext, *, part: Part = None) -> float:
    """Return the largest ratio of an activation scale to the expected model's over the least; see `least_grid_ratio`.

    It is 1 where all scales are off by one factor, as with codes of another width.

    Raises:
        FactError: it is no torch model, has more or fewer grids, or a scale of 0. SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import model
    >>> expected = FactContext(expected=model(settings={"scale": 0.5, "zero_point": 3}))
    >>> grid_ratio_spread(model(settings={"scale": 0.25, "zero_point": 3}), expected)
    1.0
    """
    ratios = _scale_ratios(model, context, part)
    if ratios.min() <= 0:
        raise FactError("the model has a scale that is not above zero")
    return float(ratios.max() / ratios.min())


def _scale_ratios(model: Plain, context: FactContext, part: Part) -> np.ndarray:
    expected, found = (grids_in(part_of(output, part)) for output in (context.answer(), model))
    if len(found) != len(expected) or not expected:
        raise FactError(f"the model has {len(found)} activation grids, where {len(expected)} are asked for")
    wanted, scales = (np.sort([scale for scale, _ in grids]) for grids in (expected, found))
    if wanted[0] <= 0:
        raise FactError("the expected model has a scale that is not above zero")
    ratios: np.ndarray = scales / wanted
    return ratios


def grid_of(module: TorchModule) -> Grid | None:
    """Return the activation grid of a module, or None where it has none.

    >>> from quizlib.judging.facts.example import model
    >>> grid_of(model(settings={"scale": 0.5, "zero_point": 3}).modules[0])
    (0.5, 3.0)
    """
    scale, zero_point = (_single(module, key) for key in ("scale", "zero_point"))
    return None if scale is None or zero_point is None else (scale, zero_point)


def grids_in(model: Plain) -> list[Grid]:
    """Return the activation grids of a model.

    >>> from quizlib.judging.facts.example import model
    >>> grids_in(model(settings={"scale": 0.5, "zero_point": 3}))
    [(0.5, 3.0)]
    """
    return list(_named_grids(model).values())


def _named_grids(model: Plain) -> dict[str, Grid]:
    """Return the grids by the names of their modules."""
    found = ((module.name or "the model", grid_of(module)) for module in torch_modules(model))
    return {name: grid for name, grid in found if grid is not None}


def _single(module: TorchModule, key: str) -> float | None:
    """Return the one number that a module holds under `key`, be it a setting or a tensor of one entry."""
    value = module.settings.get(key, module.tensors.get(key))
    if isinstance(value, Array):
        return float(value.values.item()) if value.values.size == 1 else None
    return float(value) if isinstance(value, int | float) else None


def grid_distance(expected: Grid, found: Grid) -> float:
    """Return max(|scale - expected| / expected, |zero point - expected| / 255).

    >>> grid_distance((0.5, 3.0), (0.75, 3.0))
    0.5
    """
    return max(abs(found[0] - expected[0]) / (abs(expected[0]) or 1.0), abs(found[1] - expected[1]) / LARGEST_CODE)
