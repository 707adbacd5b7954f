"""Facts about codes that a learner's own layer stores as buffers, and about a model against the expected one."""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.evidence.values import Plain, TorchModel, TorchModule, ZooModel
from quizlib.judging.facts.arrays import find, numbers, original, original_names, real
from quizlib.judging.facts.given import output_error
from quizlib.judging.facts.quantized import quantized_weight
from quizlib.judging.facts.registry import FactContext, FactError, fact

HALF_A_STEP = 0.51
"""Rounding to nearest keeps to 0.5; the rest is for float32 arithmetic."""


@fact()
def code_bits(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return the bits of the narrowest signed integer that holds every code of a weight: -2 to 1 need 2."""
    codes = quantized_weight(model, weight).codes
    if codes.size == 0:
        raise FactError(f"{weight} has no codes")
    magnitudes = int(codes.max()), -1 - int(codes.min())  # of two's complement: -128 is as wide as 127
    return max(0, *magnitudes).bit_length() + 1


@fact()
def entry_count(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return how many numbers one array of the model holds."""
    return int(real(find(model, weight)).size)


@fact()
def array_shape(model: Plain, context: FactContext, *, weight: str) -> str:
    """Return the shape of one array of the model as Python writes it, such as `(64,)`."""
    return str(tuple(int(size) for size in real(find(model, weight)).shape))


@fact()
def distinct_numbers(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return how many different numbers one array of the model holds: 1 where one scale was repeated for each row."""
    return int(np.unique(real(find(model, weight))).size)


@fact(self_reported=True)
def unsaved_tensors(model: Plain, context: FactContext) -> int:
    """Return how many tensors a file of the state dict lacks: plain attributes, and buffers that do not persist."""
    unsaved = (module.settings.get("unsaved", []) for module in _modules(model))
    return sum(len(names) for names in unsaved if isinstance(names, list))


@fact(self_reported=True)
def tensors_not_buffers(model: Plain, context: FactContext, *, names: list[str]) -> int:
    """Return how many tensors under one of these names, in whatever module, are parameters or plain attributes."""
    count = 0
    for module in _modules(model):
        buffers = module.settings.get("buffers", [])
        known = buffers if isinstance(buffers, list) else []
        count += sum(name in module.tensors and name not in known for name in names)
    return count


def _modules(model: Plain) -> tuple[TorchModule, ...]:
    if not isinstance(model, TorchModel):
        raise FactError("expected a torch model")
    return model.modules


@fact()
def buffer_error_in_steps(model: Plain, context: FactContext, *, layer: str, origin: str | None = None) -> float:
    """Return the largest |codes * scale - weight| / scale of a layer with buffers `codes` and `scale`."""
    return float(np.abs(_code_errors(model, layer, context.zoo_model(origin))).max())


@fact()
def wrapped_share(model: Plain, context: FactContext, *, layer: str, origin: str | None = None) -> float:
    """Return the share, of the codes over half a step off, that are right but for a multiple of 256; 0.0 if none is.

    A cast to int8 takes 128 to -128, and a weight of 130 steps to code -126.
    """
    error = _code_errors(model, layer, context.zoo_model(origin))
    off = error[np.abs(error) > HALF_A_STEP]
    with np.errstate(invalid="ignore"):  # which is infinite where a scale is next to nothing
        wrapped = np.abs(off - 256 * np.round(off / 256)) <= HALF_A_STEP
    return float(wrapped.mean()) if off.size else 0.0


@fact()
def buffer_scale_off(
    model: Plain,
    context: FactContext,
    *,
    layer: str,
    quant_max: float,
    is_signed: bool = False,
    origin: str | None = None,
) -> float:
    """Return the largest |scale / expected - 1| of a layer, where a row's largest magnitude lands on `quant_max`.

    Where `is_signed`, it is the row's largest number, as if the negative ones did not count.
    """
    before = _original_weight(context.zoo_model(origin), layer).astype(np.float64)
    _, steps = _buffers(model, layer)
    expected = (before if is_signed else np.abs(before)).max(axis=1, keepdims=True) / quant_max
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return float(np.abs(steps / expected - 1).max())


@fact()
def scale_trend(
    model: Plain, context: FactContext, *, weight: str, strengths: list[int], origin: str | None = None
) -> float:
    """Return how far the row scales of a weight follow units that were made 2**strength times as strong.

    It is the slope of log2(scale / largest magnitude of the original row) over the strengths, which repeat along the
    rows: 1.0 where each scale grew with its unit, 0.0 where they are those of the original's equal units.
    """
    before = original(context.zoo_model(origin), [weight])[weight]
    scales = quantized_weight(model, weight).scales.astype(np.float64).ravel()
    largest = np.abs(before).max(axis=1).astype(np.float64)
    if scales.size != largest.size:
        raise FactError(f"{weight} has {scales.size} scales; expected one for each of {largest.size} rows")
    if not (scales > 0).all():
        raise FactError(f"{weight} has a scale that is not above zero")
    powers = np.resize(strengths, scales.size)
    slope, _ = np.polyfit(powers, np.log2(scales / largest), 1)
    return float(slope)


@fact()
def error_of_buffers(model: Plain, context: FactContext, *, layers: list[str], origin: str | None = None) -> float:
    """Return the largest difference between a model's output on a case and that of its stored codes and scales.

    The original's architecture is rebuilt with codes * scale as the weight of each of `layers`; all else is as stored.
    """
    given = context.zoo_model(origin)
    with np.errstate(over="ignore"):
        weights = {f"{layer}.weight": np.multiply(*_buffers(model, layer)) for layer in layers}
    kept = numbers(model, [name for name in original_names(given) if name not in weights])
    return output_error(context, given, {**kept, **weights})


@fact()
def change_from_expected(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the largest absolute difference between a weight and that of the expected output."""
    return measures.max_abs_error(*_pair(model, context, weight))


@fact()
def row_drift_in_steps(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return how far the error of a weight varies within a row, in steps, against the expected output's weight.

    Rounding keeps it at 1; a whole row that is shifted, as by a zero point that was forgotten, adds nothing to it.
    """
    before, after = _pair(model, context, weight)
    if before.ndim != 2 or before.size == 0:
        raise FactError(f"{weight} has shape {before.shape}; expected rows of one number at least")
    with np.errstate(over="ignore"):
        error = (after - before) / quantized_weight(model, weight).step_sizes()
    return float(np.ptp(error, axis=1).max())


def _pair(model: Plain, context: FactContext, weight: str) -> tuple[np.ndarray, np.ndarray]:
    before, after = real(find(context.answer(), weight)), real(find(model, weight))
    if before.shape != after.shape:
        raise FactError(f"{weight} should have shape {before.shape}, but it has shape {after.shape}")
    return before.astype(np.float64), after.astype(np.float64)


def _original_weight(origin: ZooModel, layer: str) -> np.ndarray:
    name = f"{layer}.weight"
    return original(origin, [name])[name]


def _code_errors(model: Plain, layer: str, origin: ZooModel) -> np.ndarray:
    """Return code - weight / scale of each weight of a layer with buffers, shape (out, in)."""
    before = _original_weight(origin, layer)
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
