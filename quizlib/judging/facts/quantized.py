"""Facts about the codes and grids of a quantized model."""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.evidence.values import KerasModel, Plain, QuantizedArray, TorchModel
from quizlib.judging.compare import part_of
from quizlib.judging.facts.arrays import find, original, real, stored
from quizlib.judging.facts.registry import FactContext, FactError, fact


def quantized_weight(model: Plain, weight: str) -> QuantizedArray:
    """Return a weight that is stored as integer codes.

    Raises:
        FactError: it is stored as real numbers.
    """
    value = find(model, weight)
    if not isinstance(value, QuantizedArray):
        raise FactError(f"{weight} is stored as {getattr(value, 'dtype', 'sparse')}, not as integer codes")
    return value


@fact()
def quantized_weights(model: Plain, context: FactContext, *, part: str | int | None = None) -> int:
    """Return how many weights of a model, an output or one part of it, are stored as integer codes."""
    return sum(isinstance(value, QuantizedArray) for value in stored(part_of(model, part)).values())


@fact()
def is_quantized(model: Plain, context: FactContext, *, weight: str) -> bool:
    """Return whether a weight is stored as integer codes."""
    return isinstance(find(model, weight), QuantizedArray)


@fact()
def code_dtype(model: Plain, context: FactContext, *, weight: str) -> str:
    """Return the dtype of the codes of a weight, such as `int8`."""
    return quantized_weight(model, weight).codes.dtype.name


@fact()
def scale_count(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return how many scales a weight has: 1 per tensor, one a row per channel, one a block for groups."""
    return int(quantized_weight(model, weight).scales.size)


@fact()
def error_in_steps(model: Plain, context: FactContext, *, weight: str, origin: str | None = None) -> float:
    """Return the largest |x_hat - x| / scale of a weight; rounding to nearest keeps it at 0.5 but for saturation."""
    before = original(context.zoo_model(origin), [weight])[weight]
    return _steps(quantized_weight(model, weight), before)


@fact()
def error_in_steps_of_expected(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the largest |x_hat - x| / scale against the expected output's weight (the pruned float model)."""
    return _steps(quantized_weight(model, weight), real(find(context.answer(), weight)))


@fact()
def step_excess(model: Plain, context: FactContext, *, weight: str, origin: str | None = None, bits: int = 8) -> float:
    """Return how many times wider than needed a weight's steps are, at worst; 1 on a symmetric grid of `bits` bits.

    A block of weights up to a magnitude m needs steps of m / (2**(bits - 1) - 1/2), though none below the spacing of
    float32 at 1, where libraries stop. An error of half a step says little where a step swallows the whole weight.
    """
    before = original(context.zoo_model(origin), [weight])[weight]
    value = quantized_weight(model, weight)
    if before.shape != value.codes.shape:
        raise FactError(f"{weight} should have shape {before.shape}, but it has shape {value.codes.shape}")
    largest = _largest_of_blocks(np.abs(before.astype(np.float64)), value.scales.shape)
    is_idle = largest == 0  # any step will do for a block of zeros
    needed = np.maximum(largest / (2 ** (bits - 1) - 0.5), np.finfo(np.float32).eps)
    return float(np.max(np.where(is_idle, 0, value.scales) / np.where(is_idle, 1, needed)))


def _largest_of_blocks(values: np.ndarray, grid: tuple[int, ...]) -> np.ndarray:
    """Return the largest value of each block, shape of the grid, whose axes divide those of `values`."""
    split = [part for count, size in zip(grid, values.shape, strict=True) for part in (count, size // count)]
    largest: np.ndarray = values.reshape(split).max(axis=tuple(range(1, 2 * len(grid), 2)))
    return largest


def _steps(value: QuantizedArray, before: np.ndarray) -> float:
    return measures.max_error_steps(before, value.dequantize(), value.step_sizes())


@fact(self_reported=True)
def modules_of_class(model: Plain, context: FactContext, *, ends_with: str) -> int:
    """Return how many modules or layers have a class name that ends so."""
    match model:
        case TorchModel():
            return sum(module.class_name.endswith(ends_with) for module in model.modules)
        case KerasModel():
            return sum(layer.class_name.endswith(ends_with) for layer in model.layers)
    raise FactError("expected a model")
