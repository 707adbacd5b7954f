"""Facts about rounding: how far the codes of a weight are from what they stand for, in steps of their grid.

`origin` names the original in the zoo, where no case has one among its arguments.
"""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.errors import FactError
from quizlib.evidence.values import Plain, QuantizedArray, TorchModel
from quizlib.items.exercise import Condition
from quizlib.judging.facts.arrays import find, original_weight, real, require_same_shape
from quizlib.judging.facts.codes import quantized_weight
from quizlib.judging.facts.registry import FactContext, fact, place_of
from quizlib.judging.places import at, pair, worst


@fact(
    unit="steps",
    of=(TorchModel,),
    sentence="a code of {weight} is {value:step} off the original weight, where {asked}{place}",
)
def error_in_steps(model: Plain, context: FactContext, *, weight: str, origin: str | None = None) -> float:
    """Return the largest |x_hat - x| / scale of a weight; rounding to nearest keeps it at 0.5 but for saturation.

    x_hat = (code - zero point) * scale; x is the original's weight.

    Raises:
        FactError: it is no model, or has no such weight in codes.
        ShapeError: the weight has another shape than the original's. SpecError: there is no original.

    Source: Jacob et al. 2018, "Quantization and Training of Neural Networks", equation 1.

    >>> from quizlib.judging.facts.example import coded, model
    >>> bias = original_weight(FactContext(), "digits_mlp", "output.bias")
    >>> rounded = model(**{"output.bias": coded(np.round(bias / 0.01), [0.01])})
    >>> error_in_steps(rounded, FactContext(), weight="output.bias", origin="digits_mlp") <= 0.501
    True
    """
    before = original_weight(context, origin, weight)
    return _steps(quantized_weight(model, weight), before)


@fact(
    unit="steps",
    of=(TorchModel,),
    sentence="a code of {weight} is {value:step} off the expected weight, where {asked}{place}",
)
def error_in_steps_of_expected(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the largest |x_hat - x| / scale against the expected output's weight (the pruned float model).

    Raises:
        FactError: it is no model, or has no such weight in codes.
        ShapeError: the weight has another shape than the expected one. SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import coded, model
    >>> expected = FactContext(expected=model(weight=[[1.5, -2.25]]))
    >>> error_in_steps_of_expected(model(weight=coded([[3, -4]], [[0.5]])), expected, weight="weight")
    0.5
    """
    return _steps(quantized_weight(model, weight), real(find(context.answer(), weight)))


@place_of(error_in_steps, error_in_steps_of_expected)
def _worst_code(model: Plain, context: FactContext, condition: Condition) -> str:
    weight, value = condition.args["weight"], quantized_weight(model, condition.args["weight"])
    is_original = condition.fact == "error_in_steps"
    origin = condition.args.get("origin")
    before = original_weight(context, origin, weight) if is_original else real(find(context.answer(), weight))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        index = worst(np.abs(value.dequantize() - before.astype(np.float64)) / value.step_sizes())
    stands_for, was = pair(float(value.dequantize()[index]), float(before[index]))
    return f"{at(index)} code {value.codes[index]} stands for {stands_for}, and the weight is {was}"


@fact(
    unit="steps",
    of=(TorchModel,),
    sentence="the error of {weight} varies by {value:step} within a row, where {asked}{place}",
)
def row_drift_in_steps(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return how far the error of a weight varies within a row, in steps, against the expected output's weight.

    It is max - min of (x_hat - x) / scale over each row, the worst row's. Rounding keeps it at 1; a whole row that is
    shifted, as by a zero point that was forgotten, adds nothing to it.

    Raises:
        FactError: it is no model, has no such weight in codes, or not rows of the expected shape.
        SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import coded, model
    >>> expected = FactContext(expected=model(weight=[[1.5, -2.25]]))
    >>> row_drift_in_steps(model(weight=coded([[5, -2]], [[0.5]])), expected, weight="weight")
    0.5
    """
    return float(_drift_of_rows(model, context, weight).max())


def _drift_of_rows(model: Plain, context: FactContext, weight: str) -> np.ndarray:
    """Return max - min of the error of each row, in steps, shape (rows,)."""
    before, after = (real(find(side, weight)) for side in (context.answer(), model))
    require_same_shape(weight, before, after)
    if before.ndim != 2 or before.size == 0:
        raise FactError(f"{weight} has shape {before.shape}; expected rows of one number at least")
    with np.errstate(over="ignore"):
        error = (after.astype(np.float64) - before) / quantized_weight(model, weight).step_sizes()
    drift: np.ndarray = np.ptp(error, axis=1)
    return drift


@place_of(row_drift_in_steps)
def _worst_row(model: Plain, context: FactContext, condition: Condition) -> str:
    return f"in row {worst(_drift_of_rows(model, context, condition.args['weight']))[0]}"


@fact(
    unit="times",
    of=(TorchModel,),
    sentence="the steps of {weight} are up to {value} times as wide as {bits} bits need, where {asked}{place}",
)
def step_excess(model: Plain, context: FactContext, *, weight: str, origin: str | None = None, bits: int = 8) -> float:
    """Return how many times wider than needed a weight's steps are, at worst; 1 on a symmetric grid of `bits` bits.

    A block of weights up to a magnitude m needs steps of m / (2**(bits - 1) - 1/2), though none below the spacing of
    float32 at 1, where libraries stop. An error of half a step says little where a step swallows the whole weight.

    Args:
        weight: Name of the weight.
        origin: The original, in real numbers.
        bits: Width of the codes that were asked for.

    Raises:
        FactError: it is no model, or has no such weight in codes, in the original's shape.
        SpecError: there is no original.

    >>> from quizlib.judging.facts.example import coded, model
    >>> bias = original_weight(FactContext(), "digits_mlp", "output.bias")
    >>> wide = model(**{"output.bias": coded(np.zeros(10), [np.abs(bias).max() / 7.5 * 3])})
    >>> round(step_excess(wide, FactContext(), weight="output.bias", origin="digits_mlp", bits=4), 3)
    3.0
    """
    scales, needed = _scales_and_needed(model, context, weight, origin, bits)
    return float(np.max(scales / needed))


def _scales_and_needed(
    model: Plain, context: FactContext, weight: str, origin: str | None, bits: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the scale of each block of a weight and the one that it needs; 0 and 1 for a block of zeros."""
    before = original_weight(context, origin, weight)
    value = quantized_weight(model, weight)
    require_same_shape(weight, before, value.codes)
    largest = _largest_of_blocks(np.abs(before.astype(np.float64)), value.scales.shape)
    is_idle = largest == 0  # any step will do for a block of zeros
    needed = np.maximum(largest / (2 ** (bits - 1) - 0.5), np.finfo(np.float32).eps)
    return np.where(is_idle, 0, value.scales), np.where(is_idle, 1, needed)


@place_of(step_excess)
def _widest_step(model: Plain, context: FactContext, condition: Condition) -> str:
    args = condition.args
    scales, needed = _scales_and_needed(model, context, args["weight"], args.get("origin"), args.get("bits", 8))
    index = worst(scales / needed)
    found, least = pair(float(scales[index]), float(needed[index]))
    return f"the scale {_whose(index, scales.shape)} is {found}, and {least} would do"


def _whose(index: tuple[int, ...], grid: tuple[int, ...]) -> str:
    """Return what a scale is for: all of a weight, a row, or a group of a row."""
    if np.prod(grid) == 1:
        return "for all"
    is_by_groups = len(grid) == 2 and grid[1] > 1
    return f"of group {index[1]} in row {index[0]}" if is_by_groups else f"of row {index[0]}"


def _largest_of_blocks(values: np.ndarray, grid: tuple[int, ...]) -> np.ndarray:
    """Return the largest value of each block, shape of the grid, whose axes divide those of `values`."""
    split = [part for count, size in zip(grid, values.shape, strict=True) for part in (count, size // count)]
    largest: np.ndarray = values.reshape(split).max(axis=tuple(range(1, 2 * len(grid), 2)))
    return largest


def _steps(value: QuantizedArray, before: np.ndarray) -> float:
    return measures.max_error_steps(before, value.dequantize(), value.step_sizes())


@fact(
    unit="slope",
    of=(TorchModel,),
    sentence="the scales of {weight} follow the strength of its units with a slope of {value:.2}, where {asked}: 1 "
    "is for scales that grow as their units do, 0 for scales that do not",
)
def scale_trend(
    model: Plain, context: FactContext, *, weight: str, strengths: list[int], origin: str | None = None
) -> float:
    """Return how far the row scales of a weight follow units that were made 2**strength times as strong.

    It is the slope of log2(scale / largest magnitude of the original row) over the strengths: 1.0 where each scale
    grew with its unit, 0.0 where they are those of the original's equal units.

    Args:
        weight: Name of a weight with one scale a row.
        strengths: Powers of two, which repeat along the rows.
        origin: The original, whose units are equally strong.

    Raises:
        FactError: it is no model, or has no such weight in codes with one scale above zero for each row.
        SpecError: there is no original.

    >>> from quizlib.judging.facts.example import coded, model
    >>> weight = original_weight(FactContext(), "digits_mlp", "output.weight")
    >>> scales = np.abs(weight).max(axis=1, keepdims=True) * np.resize([1, 2], (10, 1))
    >>> grown = model(**{"output.weight": coded(np.zeros_like(weight), scales)})
    >>> round(scale_trend(grown, FactContext(), weight="output.weight", strengths=[0, 1], origin="digits_mlp"), 3)
    1.0
    """
    before = original_weight(context, origin, weight)
    scales = quantized_weight(model, weight).scales.astype(np.float64).ravel()
    largest = np.abs(before).max(axis=1).astype(np.float64)
    if scales.size != largest.size:
        raise FactError(f"{weight} has {scales.size} scales; expected one for each of {largest.size} rows")
    if not (scales > 0).all():
        raise FactError(f"{weight} has a scale that is not above zero")
    powers = np.resize(strengths, scales.size)
    slope, _ = np.polyfit(powers, np.log2(scales / largest), 1)
    return float(slope)
