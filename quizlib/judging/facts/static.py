"""What a statically quantized torch model computes, layer by layer, from its codes and its activation grids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from quizlib import measures
from quizlib.errors import FactError
from quizlib.evidence.values import Array, Plain, QuantizedArray, TorchModel, TorchModule, ZooModel
from quizlib.judging.facts.arrays import real, torch_modules
from quizlib.judging.facts.grids import LARGEST_CODE, Grid, grid_of
from quizlib.judging.facts.rebuilt import narrowed
from quizlib.judging.facts.registry import FactContext, fact

if TYPE_CHECKING:
    import torch

    from quizlib.zoo.digits import Digits

SAFE_CODE = 129
"""The largest activation code that every processor multiplies rightly.

Without instructions for sums of int8 products (VNNI), kernels add two products in an int16, which ends at 32,767; that
is 2 * 129 * 127 and one more.
"""


@fact(
    unit="fraction 0–1",
    of=(TorchModel,),
    on_digits=True,
    sentence="{value:%} of the digits are recognised with the codes and the grids of the model, where {asked:%}",
)
def static_accuracy(model: Plain, context: FactContext, *, origin: str | None = None, split: str = "test") -> float:
    """Return the accuracy, 0 to 1, on the digits of a converted model whose batch norms are folded.

    The original's layers are computed in turn with the real values of the codes; the input and each layer's output are
    rounded to the grid that the model holds for them, as the integer kernels do:
    x_hat = (clamp(round(x / scale) + zero_point, 0, 255) - zero_point) * scale, ties to even.

    Args:
        origin: The original, a plain sequence of layers, of which no two that hold weights have one shape.
        split: Which digits: `"train"`, `"val"` or `"test"`, for which a grading takes images that no kernel holds.

    Raises:
        FactError: it is no torch model, or lacks codes, a folded bias or a grid that a layer needs.
        SpecError: there is no original.

    Source: Jacob et al. 2018, "Quantization and Training of Neural Networks", section 2.
    """
    digits = context.digits()
    labels: np.ndarray = getattr(digits, f"y_{split}")
    return measures.accuracy(_static_logits(model, context.zoo_model(origin), digits, split), labels)


def _static_logits(model: Plain, origin: ZooModel, digits: Digits, split: str) -> np.ndarray:
    """Return logits, shape (digits, 10), of a zoo model that is a plain sequence of layers."""
    import torch

    from quizlib import zoo
    from quizlib.zoo.torch_models import digits_inputs

    architecture = zoo.build(origin.name)
    if not isinstance(architecture, torch.nn.Sequential):
        raise FactError(f"{origin.name} is no torch.nn.Sequential, whose layers can be computed in turn")
    x = digits_inputs(origin.name, digits, split)
    return sequence_logits(architecture, model, x, Rounding(), is_folded=True)


@dataclass(frozen=True)
class Rounding:
    """Rounds values to one grid after the other, and remembers which rows have codes above `SAFE_CODE` on them."""

    above: list[torch.Tensor] = field(default_factory=list)

    def __call__(self, x: torch.Tensor, grid: Grid) -> torch.Tensor:
        """Return `x` rounded to a quint8 grid.

        That is (clamp(round(x / scale) + zero_point, 0, 255) - zero_point) * scale, ties to even.

        Raises:
            FactError: the scale is not above zero.
        """
        scale, zero_point = grid
        if scale <= 0:
            raise FactError(f"an activation grid has a scale of {scale:g}")
        codes = (x / scale).round_().add_(zero_point).clamp_(0, LARGEST_CODE)
        self.above.append((codes.flatten(1) > SAFE_CODE).any(dim=1))
        return (codes - zero_point) * scale

    def unsure(self) -> np.ndarray:
        """Return which rows a processor may have added up wrongly; shape (rows,), bool.

        Codes of the last grid are the result: nothing is multiplied with them.
        """
        rows = self.above[0].clone()
        for layer in self.above[1:-1]:
            rows |= layer
        found: np.ndarray = rows.numpy()
        return found


def sequence_logits(
    architecture: torch.nn.Sequential, model: Plain, x: torch.Tensor, rounding: Rounding, *, is_folded: bool = False
) -> np.ndarray:
    """Return what the integers of a converted sequence of layers give for an input, shape (rows, 10).

    Args:
        architecture: The layers in float32.
        model: Evidence of the converted model.
        x: The input.
        rounding: Rounds to the grids, from the input's on.
        is_folded: Whether each layer is to have a bias, with the batch norm folded in.

    Raises:
        FactError: the model lacks codes, a folded bias or a grid that a layer needs.
    """
    import torch

    x = rounding(x, input_grid(model))
    with torch.no_grad():
        for layer in architecture:
            if isinstance(layer, torch.nn.Conv2d | torch.nn.Linear):
                x = _converted_layer(layer, model, x, rounding, is_folded=is_folded)
            elif isinstance(layer, torch.nn.BatchNorm2d):
                x = _normalised(model, x, rounding)
            else:
                x = layer(x)
    logits: np.ndarray = x.numpy()
    return logits


def input_grid(model: Plain, *, beside: str = "") -> Grid:
    """Return the grid of the one module that has a grid and no weight, but for those of a class that ends so.

    Raises:
        FactError: there is no such module, or more than one.
    """
    modules = [module for module in torch_modules(model) if "weight" not in module.tensors]
    grids = [grid_of(module) for module in modules if not (beside and module.class_name.endswith(beside))]
    found = [grid for grid in grids if grid is not None]
    if len(found) != 1:
        raise FactError(
            f"the model has {len(found)} grids beside those of its layers, where one for the input is asked for"
        )
    return found[0]


def _normalised(model: Plain, x: torch.Tensor, rounding: Rounding) -> torch.Tensor:
    """Return `x` as the model's own batch norm of so many channels leaves it; unchanged where that is folded."""
    import torch

    for module in torch_modules(model):
        tensors, grid = module.tensors, grid_of(module)
        norm = [tensors.get(key) for key in ("running_mean", "running_var", "weight", "bias")]
        arrays = [narrowed(f"{module.name}.{key}", real(one)) for key, one in enumerate(norm) if isinstance(one, Array)]
        if grid is None or len(arrays) != len(norm) or any(array.shape != x.shape[1:2] for array in arrays):
            continue
        mean, var, weight, bias = (torch.from_numpy(array).float() for array in arrays)
        return rounding(torch.nn.functional.batch_norm(x, mean, var, weight, bias), grid)
    return x


def _converted_layer(
    layer: Any,  # noqa: ANN401  Conv2d or Linear
    model: Plain,
    x: torch.Tensor,
    rounding: Rounding,
    *,
    is_folded: bool,
) -> torch.Tensor:
    import torch

    module, weight = with_weight(model, tuple(layer.weight.shape))
    bias, grid = module.tensors.get("bias"), grid_of(module)
    rows = weight.codes.shape[:1]
    added = np.zeros(rows) if bias is None and not is_folded else bias.values if isinstance(bias, Array) else None
    if grid is None or added is None or added.shape != rows:
        raise FactError(f"{module.name} lacks the grid of its output, or a bias with the batch norm folded in")
    kernel, shift = torch.from_numpy(weight.dequantize()), torch.from_numpy(narrowed("a bias", added)).float()
    if isinstance(layer, torch.nn.Linear):
        return rounding(torch.nn.functional.linear(x, kernel, shift), grid)
    return rounding(torch.nn.functional.conv2d(x, kernel, shift, layer.stride, layer.padding), grid)


def with_weight(model: Plain, shape: tuple[int, ...]) -> tuple[TorchModule, QuantizedArray]:
    """Return the module whose weight has this shape, and the weight; layers of one shape would be taken for another.

    Raises:
        FactError: there is none.
    """
    for module in torch_modules(model):
        weight = module.tensors.get("weight")
        if isinstance(weight, QuantizedArray) and weight.codes.shape == shape:
            return module, weight
    raise FactError(f"no weight of shape {shape} is stored as integer codes")
