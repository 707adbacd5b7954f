"""Facts about tf_keras models."""

from __future__ import annotations

from quizlib.evidence.values import KerasModel, Plain
from quizlib.judging.facts.registry import FactContext, FactError, fact


@fact(self_reported=True)
def wrappers_left(model: Plain, context: FactContext) -> int:
    """Return how many layers are still wrapped, as `prune_low_magnitude` and `quantize_annotate` leave them."""
    if not isinstance(model, KerasModel):
        raise FactError("expected a Keras model")
    return sum(bool(layer.wraps) for layer in model.layers)


@fact()
def mask_variables(model: Plain, context: FactContext) -> int:
    """Return how many mask, threshold and step variables of pruning the model still stores."""
    if not isinstance(model, KerasModel):
        raise FactError("expected a Keras model")
    names = [name for layer in model.layers for name in layer.weights]
    return sum(name.rstrip("_0123456789") in ("mask", "threshold", "pruning_step") for name in names)
