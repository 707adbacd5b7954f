"""Facts about a returned model, held against the judge's own computation from its codes, biases and grids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quizlib.errors import FactError
from quizlib.evidence.build import build
from quizlib.evidence.values import KINDS, Array, Plain, QuantizedArray, Stored, ZooModel
from quizlib.items.exercise import Condition
from quizlib.judging.facts.arrays import find, real, torch_modules
from quizlib.judging.facts.called import called_output
from quizlib.judging.facts.grids import Grid, grid_of
from quizlib.judging.facts.outputs import distance, entry, farthest
from quizlib.judging.facts.rebuilt import narrowed
from quizlib.judging.facts.registry import FactContext, fact, place_of
from quizlib.judging.facts.static import SAFE_CODE, Rounding, input_grid, sequence_logits, with_weight

if TYPE_CHECKING:
    import torch

SUM = "QFunctional"
"""End of the class of a converted FloatFunctional."""

RESIDUAL_LAYERS = ("stem", "first", "second", "output")
"""How the reference calls the layers of the residual MLP."""


@fact(
    unit="steps of the output",
    of=KINDS,
    sentence="what the returned model gives when it is called is {value:step} of its output off what its codes, "
    "biases and grids give, where {asked}{place}",
)
def called_off_integers(output: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return how far what the returned model gives is from what its codes, biases and grids give, in output steps.

    The integer layers of the case's zoo model are computed here on the same input, as `static_accuracy` does it: those
    of a plain sequence, or of the residual MLP, whose sum is rounded after its ReLU. A step is that of the last layer's
    grid. Kernels may round a tie the other way, which is a step or two. Rows are left out in which a layer multiplies
    activation codes above 129, as no more than seven bits give: what comes of them hangs on the processor, and where
    that adds two products in an int16 the library's result is off its own codes.

    Args:
        part: The entry of the output, and of the reference's, that is the model.

    Raises:
        FactError: no model was returned, it raises when it is called, or it lacks codes, a bias or a grid; or all rows
            have such codes.
        SpecError: there is no original, or no reference.
    """
    found = _given(context)
    own, step = _own_logits(output, context, part, found)
    return distance(own, found) / step


def _own_logits(output: Plain, context: FactContext, part: str | int | None, found: Plain) -> tuple[Array, float]:
    """Return what the integers of the returned model give on what it was called with, and the step of their grid.

    A row that is left out is as in `found`, what the model gave.
    """
    asked = () if context.case is None else context.case.called_with
    expected, rounding = entry(context.answer(), part), Rounding()
    logits, step = _logits(entry(output, part), context.zoo_model(), build(asked[0]), expected, rounding)
    if rounding.unsure().all():
        raise FactError(
            f"every input has activation codes above {SAFE_CODE}, which not every processor adds up rightly"
        )
    own = logits.astype(np.float64)
    if isinstance(found, Array) and found.values.shape == own.shape:
        own = np.where(rounding.unsure()[:, None], found.values, own)
    return Array(own, "float64"), step


def _given(context: FactContext) -> Plain:
    """Return what the returned model gave; of codes, what they stand for: that they are no floats is told elsewhere."""
    found = called_output(context)
    return Array(found.dequantize(), "float32") if isinstance(found, QuantizedArray) else found


@place_of(called_off_integers)
def _worst_off_integers(output: Plain, context: FactContext, condition: Condition) -> str:
    found = _given(context)
    return farthest(_own_logits(output, context, condition.args.get("part"), found)[0], found)


def _logits(
    model: Plain, given: ZooModel, x: torch.Tensor, expected: Plain, rounding: Rounding
) -> tuple[np.ndarray, float]:
    """Return the logits, shape (rows, 10), of a converted model's integers, and the step of their grid."""
    import torch

    from quizlib import zoo
    from quizlib.zoo.torch_models import ResidualMLP

    network = zoo.build(given.name)
    if isinstance(network, torch.nn.Sequential):
        last = [parameter for parameter in network.parameters() if parameter.ndim > 1][-1]
        grid = grid_of(with_weight(model, tuple(last.shape))[0])
        if grid is None:
            raise FactError("the last layer has no grid for its output")
        return sequence_logits(network, model, x, rounding), grid[0]
    if not isinstance(network, ResidualMLP):
        raise FactError(f"{given.name} is neither a sequence of layers nor the residual MLP")
    return _residual_logits(model, x, expected, rounding)


def _residual_logits(model: Plain, x: torch.Tensor, expected: Plain, rounding: Rounding) -> tuple[np.ndarray, float]:
    """Return what the integers of a converted residual MLP give; its layers are those nearest to the expected ones."""
    import torch
    from torch.nn.functional import linear, relu

    layers = {name: _nearest(model, find(expected, f"{name}.weight")) for name in RESIDUAL_LAYERS}
    sums = [grid_of(module) for module in torch_modules(model) if module.class_name.endswith(SUM)]
    if len(sums) != 1 or sums[0] is None:
        raise FactError(f"expected one sum with a grid of its own, found {len(sums)}")

    def layer(name: str, values: torch.Tensor) -> torch.Tensor:
        weight, bias, grid = layers[name]
        return rounding(linear(values, weight, bias), grid)

    with torch.no_grad():
        h = relu(layer("stem", rounding(x, input_grid(model, beside=SUM))))
        added = rounding(relu(h + layer("second", relu(layer("first", h)))), sums[0])
        logits: np.ndarray = layer("output", added).numpy()
    return logits, layers["output"][2][0]


def _nearest(model: Plain, expected: Stored) -> tuple[torch.Tensor, torch.Tensor, Grid]:
    """Return weight, bias and grid of the module whose weight is nearest to the expected one."""
    import torch

    wanted, found = real(expected), []
    for module in torch_modules(model):
        weight, bias, grid = module.tensors.get("weight"), module.tensors.get("bias"), grid_of(module)
        if not isinstance(weight, QuantizedArray) or weight.codes.shape != wanted.shape:
            continue
        if grid is None or not isinstance(bias, Array) or bias.values.shape != wanted.shape[:1]:
            raise FactError(f"{module.name} lacks the grid of its output, or its bias")
        values = weight.dequantize()
        found.append((float(np.abs(values - wanted).mean()), values, narrowed("a bias", bias.values), grid))
    if not found:
        raise FactError(f"no weight of shape {wanted.shape} is stored as integer codes")
    _, values, shift, grid = min(found, key=lambda one: one[0])
    return torch.from_numpy(values), torch.from_numpy(shift).float(), grid
