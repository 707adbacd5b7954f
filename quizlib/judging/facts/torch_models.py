"""Facts about torch models, rebuilt from their evidence."""

from __future__ import annotations

from typing import Any

import numpy as np

from quizlib import measures
from quizlib.evidence.values import Plain, TorchModel, ZooModel
from quizlib.judging.facts.arrays import numbers, original, original_names, stored
from quizlib.judging.facts.registry import FactContext, FactError, fact


@fact(self_reported=True)
def pruning_leftovers(model: Plain, context: FactContext) -> int:
    """Return how many traces of pruning are left: hooks, a `…_orig` beside its `…_mask`, parametrizations."""
    if not isinstance(model, TorchModel):
        raise FactError("expected a torch model")
    hooks = sum("prune" in hook for module in model.modules for hook in module.hooks)
    return hooks + len(measures.leftover_wrappers(list(stored(model))))


@fact(self_reported=True)
def is_training(model: Plain, context: FactContext) -> bool:
    """Return whether the model was left in training mode."""
    if not isinstance(model, TorchModel) or not model.modules:
        raise FactError("expected a torch model")
    return model.modules[0].is_training


@fact()
def accuracy(model: Plain, context: FactContext, *, origin: str | None = None, split: str = "test") -> float:
    """Return the accuracy, 0 to 1, of the architecture rebuilt here with the model's weights, on the digits."""
    from quizlib import zoo

    digits = zoo.load_digits()
    labels: np.ndarray = getattr(digits, f"y_{split}")
    return measures.accuracy(rebuilt_logits(model, context.zoo_model(origin), split), labels)


@fact()
def agreement(model: Plain, context: FactContext, *, origin: str | None = None, split: str = "test") -> float:
    """Return the fraction of digits on which the rebuilt model and the original predict the same class."""
    zoo_model = context.zoo_model(origin)
    before = _logits(zoo_model.name, original(zoo_model, original_names(zoo_model)), split)
    return measures.agreement(rebuilt_logits(model, zoo_model, split), before)


def rebuilt_logits(model: Plain, origin: ZooModel, split: str) -> np.ndarray:
    """Return logits, shape (digits, 10), of the original's architecture with this model's weights loaded by name."""
    names = original_names(origin)
    missing = sorted(set(names) - set(stored(model)))
    if missing:
        raise FactError(f"the model has no {', '.join(missing)}; it cannot be rebuilt")
    return _logits(origin.name, numbers(model, names), split)


def _logits(architecture: str, weights: dict[str, np.ndarray], split: str) -> np.ndarray:
    from quizlib import zoo

    network: Any = zoo.rebuild(architecture, {name: narrowed(name, array) for name, array in weights.items()})
    digits = zoo.load_digits()
    if architecture.endswith("_keras"):
        return np.asarray(network(getattr(digits, f"x_{split}"), training=False))
    import torch

    from quizlib.zoo.torch_models import digits_inputs

    with torch.no_grad():
        logits: np.ndarray = network.eval()(digits_inputs(architecture, digits, split)).numpy()
    return logits


def narrowed(name: str, array: np.ndarray) -> np.ndarray:
    """Return real numbers as float32, in which the zoo's models compute; counters stay whole."""
    if array.dtype.kind in "iu":
        return array
    with np.errstate(over="ignore"):
        narrow = array.astype(np.float32)
    if not np.isfinite(narrow).all():
        raise FactError(f"{name} holds numbers beyond the range of float32")
    return narrow
