"""Facts about a layer of the learner's own that stores its weight as buffers, `<layer>.codes` and `<layer>.scale`.

codes have shape (out, in); scale one entry a row, or one for all: weight_hat = codes * scale.
`origin` names the original in the zoo, where no case has one among its arguments.
"""

from __future__ import annotations

import numpy as np

from quizlib.errors import FactError
from quizlib.evidence.values import Plain, TorchModel
from quizlib.items.exercise import Condition
from quizlib.judging.facts.arrays import find, numbers, original_names, original_weight, real
from quizlib.judging.facts.rebuilt import output_error, worst_output
from quizlib.judging.facts.registry import FactContext, fact, place_of
from quizlib.judging.places import at, is_and_expected, pair, worst

HALF_A_STEP = 0.51
"""Rounding to nearest keeps to 0.5; the rest is for float32 arithmetic."""


@fact(
    unit="steps",
    of=(TorchModel,),
    sentence="a code of {layer} is {value:step} off the weight that it stands for, where {asked}{place}",
)
def buffer_error_in_steps(model: Plain, context: FactContext, *, layer: str, origin: str | None = None) -> float:
    """Return the largest |codes * scale - weight| / scale of a layer with buffers `codes` and `scale`.

    Args:
        layer: Name of the layer; its `weight` in the original is what the codes stand for.
        origin: The original, in real numbers.

    Raises:
        FactError: it is no model, or lacks the buffers, in shapes that fit and scales above zero.
        SpecError: there is no original.

    >>> from quizlib.judging.facts.example import model
    >>> weight = original_weight(FactContext(), "digits_mlp", "output.weight")
    >>> own = model(**{"output.codes": np.round(weight / 0.01), "output.scale": 0.01})
    >>> buffer_error_in_steps(own, FactContext(), layer="output", origin="digits_mlp") <= HALF_A_STEP
    True
    """
    return float(np.abs(_code_errors(model, layer, context, origin)).max())


@fact(
    unit="fraction 0–1",
    of=(TorchModel,),
    sentence="of the codes of {layer} that are over half a step off, {value:%} are right but for a multiple of "
    "256, where {asked:%}{place}",
)
def wrapped_share(model: Plain, context: FactContext, *, layer: str, origin: str | None = None) -> float:
    """Return the share, of the codes over half a step off, that are right but for a multiple of 256; 0.0 if none is.

    A cast to int8 takes 128 to -128, and a weight of 130 steps to code -126.

    Args:
        layer: Name of the layer.
        origin: The original, in real numbers.

    Raises:
        FactError: it is no model, or lacks the buffers, in shapes that fit and scales above zero.
        SpecError: there is no original.

    >>> from quizlib.judging.facts.example import model
    >>> weight = original_weight(FactContext(), "digits_mlp", "output.weight")
    >>> scale = np.abs(weight).max() / 150  # too small: codes run from -150 to 150
    >>> cast = np.round(weight / scale).astype(np.int64).astype(np.int8)
    >>> wrapped_share(model(**{"output.codes": cast, "output.scale": scale}), FactContext(), layer="output",
    ...               origin="digits_mlp")
    1.0
    """
    error = _code_errors(model, layer, context, origin)
    off = error[np.abs(error) > HALF_A_STEP]
    with np.errstate(invalid="ignore"):  # which is infinite where a scale is next to nothing
        wrapped = np.abs(off - 256 * np.round(off / 256)) <= HALF_A_STEP
    return float(wrapped.mean()) if off.size else 0.0


@place_of(buffer_error_in_steps, wrapped_share)
def _worst_code(model: Plain, context: FactContext, condition: Condition) -> str:
    layer, origin = condition.args["layer"], condition.args.get("origin")
    index = worst(np.abs(_code_errors(model, layer, context, origin)))
    codes, steps = _buffers(model, layer)
    weight = original_weight(context, origin, f"{layer}.weight")
    real_value, before = pair(float((codes * steps)[index]), float(weight[index]))
    return f"{at(index)} code {codes[index]:.0f} stands for {real_value}, and the weight is {before}"


@fact(
    unit="fraction",
    of=(TorchModel,),
    sentence="a scale of {layer} is {value:%} off the one that brings the largest magnitude of its row to "
    "{quant_max}, where {asked:%}{place}",
)
def buffer_scale_off(
    model: Plain,
    context: FactContext,
    *,
    layer: str,
    quant_max: float,
    is_signed: bool = False,
    is_by_column: bool = False,
    origin: str | None = None,
) -> float:
    """Return the largest |scale / expected - 1| of a layer, where a row's largest magnitude lands on `quant_max`.

    Args:
        layer: Name of the layer.
        quant_max: The code of a row's largest magnitude, such as 127.
        is_signed: Whether a row's largest number counts instead, as if the negative ones did not.
        is_by_column: Whether the columns count in place of the rows, in a weight with as many of both.
        origin: The original, in real numbers.

    Raises:
        FactError: it is no model, or lacks the buffers, in shapes that fit and scales above zero.
        SpecError: there is no original.

    >>> from quizlib.judging.facts.example import model
    >>> weight = original_weight(FactContext(), "digits_mlp", "output.weight")
    >>> own = model(**{"output.codes": weight * 0, "output.scale": np.abs(weight).max(axis=1) / 127 * 1.5})
    >>> round(buffer_scale_off(own, FactContext(), layer="output", quant_max=127, origin="digits_mlp"), 3)
    0.5
    """
    magnitudes = _magnitudes(model, context, layer=layer, is_signed=is_signed, is_by_column=is_by_column, origin=origin)
    return float(_off(_buffers(model, layer)[1], magnitudes / quant_max).max())


def _magnitudes(
    model: Plain, context: FactContext, *, layer: str, is_signed: bool, is_by_column: bool, origin: str | None
) -> np.ndarray:
    """Return the largest magnitude of each row of a layer's weight in the original, shape (out, 1)."""
    before = original_weight(context, origin, f"{layer}.weight").astype(np.float64)
    before = before.T if is_by_column else before
    scales = _buffers(model, layer)[1].size
    if scales not in (1, len(before)):
        raise FactError(f"{layer}.scale should have {len(before)} entries, but it has {scales}")
    largest: np.ndarray = (before if is_signed else np.abs(before)).max(axis=1, keepdims=True)
    return largest


def _off(steps: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return |scale / expected - 1| of each row, shape (out, 1)."""
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        off: np.ndarray = np.abs(steps / expected - 1)
    return off


@place_of(buffer_scale_off)
def _worst_scale(model: Plain, context: FactContext, condition: Condition) -> str:
    asked = {"is_signed": False, "is_by_column": False, "origin": None, **condition.args}
    steps, quant_max = _buffers(model, asked["layer"])[1], asked.pop("quant_max")
    expected = _magnitudes(model, context, **asked) / quant_max
    row = worst(_off(steps, expected))[0]
    return f"that of row {row} {is_and_expected(steps[min(row, len(steps) - 1), 0], expected[row, 0])}"


@fact(
    unit="unit of the output",
    of=(TorchModel,),
    sentence="the output is off what the stored codes and scales give by up to {value}, where {asked}{place}",
)
def error_of_buffers(model: Plain, context: FactContext, *, layers: list[str], origin: str | None = None) -> float:
    """Return the largest difference between a model's output on a case and that of its stored codes and scales.

    The original's architecture is rebuilt with codes * scale as the weight of each of `layers`; all else is as stored.

    Args:
        layers: Names of the layers with buffers.
        origin: The original, whose architecture is rebuilt.

    Raises:
        FactError: it is no model, lacks the buffers or a weight of the original, or was not called on a case.
        SpecError: there is no original.
    """
    return output_error(context, context.zoo_model(origin), _real_weights(model, context, layers, origin))


def _real_weights(model: Plain, context: FactContext, layers: list[str], origin: str | None) -> dict[str, np.ndarray]:
    """Return codes * scale of each of `layers`, and all else as it is stored, by name."""
    with np.errstate(over="ignore"):
        weights = {f"{layer}.weight": np.multiply(*_buffers(model, layer)) for layer in layers}
    kept = [name for name in original_names(context.zoo_model(origin)) if name not in weights]
    return {**numbers(model, kept), **weights}


@place_of(error_of_buffers)
def _worst_output(model: Plain, context: FactContext, condition: Condition) -> str:
    origin = condition.args.get("origin")
    arrays = _real_weights(model, context, condition.args["layers"], origin)
    return worst_output(context, context.zoo_model(origin), arrays)


@fact(
    unit="cosine, 0 to 1",
    of=(TorchModel,),
    sentence="the rows of {layer} are like those of the original weight with a cosine of {value}, where {asked}",
)
def buffer_row_likeness(model: Plain, context: FactContext, *, layer: str, origin: str | None = None) -> float:
    """Return how much the rows codes * scale of a layer are like any row or column of the original's weight.

    It is the mean, over rows that are not zero, of the largest |cosine|: near 1 for rows that were clamped, permuted or
    transposed, well below for numbers that have nothing to do with the weight; 0 where all rows are zero.

    Args:
        layer: Name of the layer.
        origin: The original, in real numbers, with as many rows as columns or rows as long as the layer's.

    Raises:
        FactError: it is no model, or lacks the buffers, in shapes that fit and scales above zero.
        SpecError: there is no original.

    >>> from quizlib.judging.facts.example import model
    >>> weight = original_weight(FactContext(), "digits_residual", "stem.weight")
    >>> own = model(**{"stem.codes": np.round(weight.T / 0.01), "stem.scale": 0.01})
    >>> buffer_row_likeness(own, FactContext(), layer="stem", origin="digits_residual") > 0.99
    True
    """
    before = original_weight(context, origin, f"{layer}.weight").astype(np.float64)
    codes, steps = _buffers(model, layer)
    rows = codes * np.minimum(steps, 1.0)  # a scale of a kernel may be as large as it likes; a cosine knows none
    if codes.shape[1] != before.shape[1]:
        raise FactError(f"{layer}.codes should have rows of {before.shape[1]}, but they have {codes.shape[1]}")
    known = [_unit(before), *([_unit(before.T)] if before.shape[0] == before.shape[1] else [])]
    cosines = np.abs(_unit(rows) @ np.concatenate(known).T).max(axis=1)
    is_idle = ~rows.any(axis=1)
    return 0.0 if is_idle.all() else float(cosines[~is_idle].mean())


def _unit(rows: np.ndarray) -> np.ndarray:
    """Return rows of length 1; rows of zeros stay."""
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    unit: np.ndarray = rows / np.where(length > 0, length, 1)
    return unit


def _code_errors(model: Plain, layer: str, context: FactContext, origin: str | None) -> np.ndarray:
    """Return code - weight / scale of each weight of a layer with buffers, shape (out, in)."""
    before = original_weight(context, origin, f"{layer}.weight")
    codes, steps = _buffers(model, layer)
    if codes.shape != before.shape:
        raise FactError(f"{layer}.codes should have shape {before.shape}, but it has shape {codes.shape}")
    with np.errstate(over="ignore"):  # a scale of a kernel may be as small as it likes
        error: np.ndarray = codes - before / steps
    return error


def _buffers(model: Plain, layer: str) -> tuple[np.ndarray, np.ndarray]:
    """Return codes (out, in) and scales (out, 1), or (1, 1) where one scale serves all."""
    codes, scale = real(find(model, f"{layer}.codes")), real(find(model, f"{layer}.scale"))
    if codes.ndim != 2 or codes.size == 0 or scale.size not in (1, len(codes)):
        raise FactError(f"{layer} has codes of shape {codes.shape}, which a scale of shape {scale.shape} does not fit")
    if not (scale > 0).all():
        raise FactError(f"{layer}.scale holds a number that is not above zero")
    return codes.astype(np.float64), scale.astype(np.float64).reshape(-1, 1)
