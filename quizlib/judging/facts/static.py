"""Facts about statically quantized torch models: grids of activations, and a model against the expected one.

Nothing here asks for names or for an order of modules, which learners choose: grids and weights are matched by value
and by shape. A module has an activation grid when it holds one scale and one zero point, as settings or as tensors.
Where an output is more than the model, `part` says which of its entries the model is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quizlib import measures
from quizlib.evidence.values import Array, Plain, QuantizedArray, TorchModel, TorchModule, ZooModel
from quizlib.judging.compare import part_of
from quizlib.judging.facts.arrays import stored
from quizlib.judging.facts.registry import FactContext, FactError, fact
from quizlib.judging.facts.torch_models import narrowed

if TYPE_CHECKING:
    import torch

Grid = tuple[float, float]
"""Scale and zero point."""

Part = str | int | None
"""The entry of an output that is the model; None where the output is the model itself."""

IDLE: Grid = (1.0, 0.0)
"""What `convert` leaves of a grid that saw no data."""

LARGEST_CODE = 255
"""Of a quint8 activation."""


@fact()
def activation_grids(model: Plain, context: FactContext, *, part: Part = None) -> int:
    """Return how many modules have an activation grid; a layer that is converted dynamically carries an idle one."""
    return len(_grids(part_of(model, part)))


@fact()
def default_grids(model: Plain, context: FactContext, *, part: Part = None) -> int:
    """Return how many activation grids are still scale 1 and zero point 0, as `convert` leaves what saw no data."""
    return _grids(part_of(model, part)).count(IDLE)


@fact()
def signed_grids(model: Plain, context: FactContext, *, part: Part = None) -> int:
    """Return how many activation grids have codes for negative numbers: those of a zero point above 0."""
    return sum(zero_point > 0 for _, zero_point in _grids(part_of(model, part)))


@fact(self_reported=True)
def observed_sums(model: Plain, context: FactContext, *, part: Part = None) -> int:
    """Return how many converted FloatFunctionals saw data: one that `forward` never used keeps the idle grid."""
    modules = _modules(part_of(model, part))
    return sum(_grid_of(each) not in (None, IDLE) for each in modules if each.class_name.endswith("QFunctional"))


@fact()
def grids_off_expected(model: Plain, context: FactContext, *, part: Part = None) -> float:
    """Return how far the activation grids are from the expected model's, the worst of them.

    For each expected grid the nearest one counts: max(|scale - expected| / expected, |zero point - expected| / 255).
    """
    expected, found = (_grids(part_of(output, part)) for output in (context.answer(), model))
    if len(found) != len(expected):
        raise FactError(f"expected {len(expected)} activation grids, found {len(found)}")
    return max((min(_distance(grid, other) for other in found) for grid in expected), default=0.0)


@fact()
def codes_off_expected(model: Plain, context: FactContext, *, steps: float = 0.01, part: Part = None) -> float:
    """Return the share of a weight's codes that differ from the expected model's, the worst weight's.

    A code differs when it stands for a number over `steps` expected steps away, so that another scale counts too.
    For each expected weight the best one of its shape counts.
    """
    expected = _expected_codes(part_of(context.answer(), part))
    found = _codes(part_of(model, part))
    return max((_share_off(weight, found, steps) for weight in expected), default=0.0)


@fact()
def floats_off_expected(model: Plain, context: FactContext) -> float:
    """Return the largest difference of a bias or other float array from the expected model's.

    It is a fraction of the largest magnitude in the expected array; the best array of its shape counts.
    """
    found = _float_arrays(model)
    return max((_float_distance(array, found) for array in _float_arrays(context.answer())), default=0.0)


@fact()
def widest_code(model: Plain, context: FactContext) -> int:
    """Return the largest |code - zero point| of all quantized weights: 1 for codes of -1, 0 and 1."""
    weights = _codes(model)
    if not weights:
        raise FactError("no weight is stored as integer codes")
    steps = [np.abs(weight.dequantize() / weight.step_sizes()).max(initial=0.0) for weight in weights]
    return round(float(max(steps)))


@fact()
def static_accuracy(model: Plain, context: FactContext, *, origin: str | None = None, split: str = "test") -> float:
    """Return the accuracy, 0 to 1, on the digits of a converted model whose batch norms are folded.

    The original's layers are computed in turn with the real values of the codes; the input and each layer's output are
    rounded to the grid that the model holds for them, as the integer kernels do.
    """
    from quizlib import zoo

    digits = zoo.load_digits()
    labels: np.ndarray = getattr(digits, f"y_{split}")
    return measures.accuracy(_static_logits(model, context.zoo_model(origin), split), labels)


def _modules(model: Plain) -> tuple[TorchModule, ...]:
    if not isinstance(model, TorchModel):
        raise FactError("expected a torch model")
    return model.modules


def _grids(model: Plain) -> list[Grid]:
    return [grid for module in _modules(model) if (grid := _grid_of(module)) is not None]


def _grid_of(module: TorchModule) -> Grid | None:
    scale, zero_point = (_single(module, key) for key in ("scale", "zero_point"))
    return None if scale is None or zero_point is None else (scale, zero_point)


def _single(module: TorchModule, key: str) -> float | None:
    """Return the one number that a module holds under `key`, be it a setting or a tensor of one entry."""
    value = module.settings.get(key, module.tensors.get(key))
    if isinstance(value, Array):
        return float(value.values.item()) if value.values.size == 1 else None
    return float(value) if isinstance(value, int | float) else None


def _distance(expected: Grid, found: Grid) -> float:
    return max(abs(found[0] - expected[0]) / (abs(expected[0]) or 1.0), abs(found[1] - expected[1]) / LARGEST_CODE)


def _codes(model: Plain) -> list[QuantizedArray]:
    return [value for value in stored(model).values() if isinstance(value, QuantizedArray)]


def _expected_codes(model: Plain) -> list[QuantizedArray]:
    weights = _codes(model)
    if not weights:
        raise FactError("the expected model holds no quantized weight")
    return weights


def _share_off(expected: QuantizedArray, found: list[QuantizedArray], steps: float) -> float:
    alike = [weight for weight in found if weight.codes.shape == expected.codes.shape]
    if not alike:
        raise FactError(f"no weight of shape {expected.codes.shape} is stored as integer codes")
    wanted, slack = expected.dequantize().astype(np.float64), steps * expected.step_sizes().astype(np.float64)
    off = [np.count_nonzero(np.abs(weight.dequantize() - wanted) > slack) for weight in alike]
    return min(off) / max(1, wanted.size)


def _float_arrays(model: Plain) -> list[np.ndarray]:
    """Return biases and whatever else is float, without grids and single numbers."""
    named = stored(model).items()
    arrays = [value.values for name, value in named if isinstance(value, Array) and not name.endswith(".scale")]
    return [array.astype(np.float64) for array in arrays if array.dtype.kind == "f" and array.ndim > 0]


def _float_distance(expected: np.ndarray, found: list[np.ndarray]) -> float:
    alike = [array for array in found if array.shape == expected.shape]
    if not alike:
        raise FactError(f"the model has no float array of shape {expected.shape}")
    with np.errstate(over="ignore"):  # numbers of a kernel may lie further apart than float64 reaches
        least = min(float(np.abs(array - expected).max(initial=0.0)) for array in alike)
    return least / (float(np.abs(expected).max(initial=0.0)) or 1.0)


def _static_logits(model: Plain, origin: ZooModel, split: str) -> np.ndarray:
    """Return logits, shape (digits, 10), of a zoo model that is a plain sequence of layers."""
    import torch

    from quizlib import zoo
    from quizlib.zoo.torch_models import digits_inputs

    architecture = zoo.build(origin.name)
    if not isinstance(architecture, torch.nn.Sequential):
        raise FactError(f"{origin.name} is no torch.nn.Sequential, whose layers can be computed in turn")
    x = _rounded(digits_inputs(origin.name, zoo.load_digits(), split), _input_grid(model))
    with torch.no_grad():
        for layer in architecture:
            if isinstance(layer, torch.nn.Conv2d | torch.nn.Linear):
                x = _converted_layer(layer, model, x)
            elif not isinstance(layer, torch.nn.BatchNorm2d):  # folded into the layer before it
                x = layer(x)
    logits: np.ndarray = x.numpy()
    return logits


def _rounded(x: torch.Tensor, grid: Grid) -> torch.Tensor:
    """Return `x` rounded to a quint8 grid: (clamp(round(x / scale) + zero_point, 0, 255) - zero_point) * scale."""
    scale, zero_point = grid
    if scale <= 0:
        raise FactError(f"an activation grid has a scale of {scale:g}")
    return ((x / scale).round_().add_(zero_point).clamp_(0, LARGEST_CODE) - zero_point) * scale


def _input_grid(model: Plain) -> Grid:
    """Return the grid of the one module that has a grid and no weight."""
    grids = [_grid_of(module) for module in _modules(model) if "weight" not in module.tensors]
    found = [grid for grid in grids if grid is not None]
    if len(found) != 1:
        raise FactError(f"expected one grid that quantizes the input, found {len(found)}")
    return found[0]


def _converted_layer(layer: Any, model: Plain, x: torch.Tensor) -> torch.Tensor:  # noqa: ANN401  Conv2d or Linear
    import torch

    module, weight = _with_weight(model, tuple(layer.weight.shape))
    bias, grid = module.tensors.get("bias"), _grid_of(module)
    if grid is None or not isinstance(bias, Array) or bias.values.shape != weight.codes.shape[:1]:
        raise FactError(f"{module.name} lacks the grid of its output, or a bias with the batch norm folded in")
    real, shift = torch.from_numpy(weight.dequantize()), torch.from_numpy(narrowed("a bias", bias.values)).float()
    if isinstance(layer, torch.nn.Linear):
        return _rounded(torch.nn.functional.linear(x, real, shift), grid)
    return _rounded(torch.nn.functional.conv2d(x, real, shift, layer.stride, layer.padding), grid)


def _with_weight(model: Plain, shape: tuple[int, ...]) -> tuple[TorchModule, QuantizedArray]:
    """Return the module whose weight has this shape, and the weight; layers of one shape would be taken for another."""
    for module in _modules(model):
        weight = module.tensors.get("weight")
        if isinstance(weight, QuantizedArray) and weight.codes.shape == shape:
            return module, weight
    raise FactError(f"no weight of shape {shape} is stored as integer codes")
