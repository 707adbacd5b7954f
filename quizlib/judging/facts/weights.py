"""Facts about the weights of a pruned model."""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.evidence.values import Plain
from quizlib.judging.facts.arrays import find, numbers, original, original_names, real, stored
from quizlib.judging.facts.registry import FactContext, FactError, fact


@fact()
def sparsity(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the fraction of exact zeros in one weight."""
    return measures.sparsity(real(find(model, weight)))


@fact()
def global_sparsity(model: Plain, context: FactContext, *, weights: list[str]) -> float:
    """Return the fraction of exact zeros in several weights together."""
    return measures.global_sparsity(numbers(model, weights))


@fact()
def smallest_layer_sparsity(model: Plain, context: FactContext, *, weights: list[str]) -> float:
    """Return the least sparsity among several weights."""
    return min(measures.layer_sparsity(numbers(model, weights)).values())


@fact()
def kept_are_largest(model: Plain, context: FactContext, *, weights: list[str], origin: str | None = None) -> float:
    """Return the fraction of kept entries that are among the largest of the original, all `weights` ranked together."""
    before = original(context.zoo_model(origin), weights)
    return measures.global_magnitude_agreement(before, numbers(model, weights))


@fact()
def change_of_kept(model: Plain, context: FactContext, *, weights: list[str], origin: str | None = None) -> float:
    """Return the largest absolute change of an entry that is not zero now."""
    before = original(context.zoo_model(origin), weights)
    after = numbers(model, weights)
    return max(_change_of_kept(before[weight], after[weight], weight) for weight in weights)


def _change_of_kept(before: np.ndarray, after: np.ndarray, weight: str) -> float:
    _same_shape(before, after, weight)
    return measures.max_abs_error(np.where(after == 0, 0, before), after)


@fact()
def change_of_weight(model: Plain, context: FactContext, *, weight: str, origin: str | None = None) -> float:
    """Return the largest absolute difference between a weight and the original one."""
    before = original(context.zoo_model(origin), [weight])[weight]
    return measures.max_abs_error(before, real(find(model, weight)))


@fact()
def zeros_kept(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the fraction of a weight's expected zeros that are zero; the expected output is the pruned model."""
    before, after = real(find(context.answer(), weight)), real(find(model, weight))
    _same_shape(before, after, weight)
    zeros = int((before == 0).sum())
    return 1.0 - measures.mask_violations(after, before) / zeros if zeros else 1.0


def _same_shape(before: np.ndarray, after: np.ndarray, weight: str) -> None:
    if before.shape != after.shape:
        raise FactError(f"{weight} should have shape {before.shape}, but it has shape {after.shape}")


@fact()
def missing_weights(model: Plain, context: FactContext, *, origin: str | None = None) -> int:
    """Return how many weights of the original the model no longer has under their names."""
    table = stored(model)
    return sum(name not in table for name in original_names(context.zoo_model(origin)))


@fact()
def weight_dtype(model: Plain, context: FactContext, *, weight: str) -> str:
    """Return the dtype in which a weight is stored, such as `float32` or `qint8`."""
    value = find(model, weight)
    return getattr(value, "dtype", "sparse")


@fact()
def weight_bytes(model: Plain, context: FactContext) -> int:
    """Return the bytes of all that the model stores: weights, codes, scales, zero points, masks, buffers."""
    arrays: dict[str, np.ndarray] = {}
    for name, value in stored(model).items():
        parts = {key: getattr(value, key, None) for key in ("values", "codes", "scales", "zero_points")}
        parts |= getattr(value, "parts", {})
        arrays |= {f"{name} {key}": part for key, part in parts.items() if isinstance(part, np.ndarray)}
    if not arrays:
        raise FactError("the model stores no weights")
    return measures.named_size_bytes(arrays)
