"""Facts about the weights of a pruned model."""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.evidence.values import Plain
from quizlib.judging.facts.arrays import find, original, original_stored, real, same_shape, stored
from quizlib.judging.facts.registry import FactContext, FactError, fact


@fact()
def sparsity(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the fraction of exact zeros in one weight."""
    return measures.sparsity(real(find(model, weight)))


@fact()
def global_sparsity(model: Plain, context: FactContext, *, weights: list[str]) -> float:
    """Return the fraction of exact zeros in several weights together."""
    return measures.sparsity(np.concatenate([real(find(model, weight)).ravel() for weight in weights]))


@fact()
def smallest_layer_sparsity(model: Plain, context: FactContext, *, weights: list[str]) -> float:
    """Return the least sparsity among several weights."""
    return min(measures.sparsity(real(find(model, weight))) for weight in weights)


@fact()
def kept_are_largest(model: Plain, context: FactContext, *, weights: list[str], origin: str | None = None) -> float:
    """Return the fraction of kept entries that are among the largest of the original, all `weights` ranked together."""
    zoo = context.zoo_model(origin)
    pairs = [(original(zoo, weight), real(find(model, weight))) for weight in weights]
    for weight, (before, after) in zip(weights, pairs, strict=True):
        same_shape(after, before, weight)
    before, after = (np.concatenate([side.ravel() for side in sides]) for sides in zip(*pairs, strict=True))
    return measures.magnitude_agreement(before, after)


@fact()
def change_of_kept(model: Plain, context: FactContext, *, weights: list[str], origin: str | None = None) -> float:
    """Return the largest absolute change of an entry that is not zero now."""
    zoo = context.zoo_model(origin)
    changes = [_change_of_kept(real(find(model, weight)), original(zoo, weight), weight) for weight in weights]
    return max(changes)


def _change_of_kept(after: np.ndarray, before: np.ndarray, weight: str) -> float:
    same_shape(after, before, weight)
    kept = after != 0
    return float(np.abs(after - before)[kept].max()) if kept.any() else 0.0


@fact()
def change_of_weight(model: Plain, context: FactContext, *, weight: str, origin: str | None = None) -> float:
    """Return the largest absolute difference between a weight and the original one."""
    before, after = original(context.zoo_model(origin), weight), real(find(model, weight))
    same_shape(after, before, weight)
    return float(np.abs(after - before).max())


@fact()
def zeros_kept(model: Plain, context: FactContext, *, weight: str, codes_of: str | None = None) -> float:
    """Return the fraction of a weight's expected zeros that are zero; the expected output is the pruned model."""
    before, after = real(find(context.expected, weight)), real(find(model, weight))
    same_shape(after, before, weight)
    zeros = before == 0
    return float((after[zeros] == 0).mean()) if zeros.any() else 1.0


@fact()
def missing_weights(model: Plain, context: FactContext, *, origin: str | None = None) -> int:
    """Return how many weights of the original the model no longer has under their names."""
    table = stored(model)
    return sum(name not in table for name in original_stored(context.zoo_model(origin)))


@fact()
def weight_dtype(model: Plain, context: FactContext, *, weight: str) -> str:
    """Return the dtype in which a weight is stored, such as `float32` or `qint8`."""
    value = find(model, weight)
    return getattr(value, "dtype", "sparse")


@fact()
def weight_bytes(model: Plain, context: FactContext) -> int:
    """Return the bytes of all that the model stores: weights, codes, scales, zero points, masks, buffers."""
    total = 0
    for value in stored(model).values():
        parts = [getattr(value, name, None) for name in ("values", "codes", "scales", "zero_points")]
        parts += list(getattr(value, "parts", {}).values())
        total += sum(part.nbytes for part in parts if isinstance(part, np.ndarray))
    if total == 0:
        raise FactError("the model stores no weights")
    return total
