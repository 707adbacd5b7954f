"""Facts about torch models, rebuilt from their evidence."""

from __future__ import annotations

from typing import Any

import numpy as np

from quizlib import measures
from quizlib.evidence.values import Plain, TorchModel, ZooModel
from quizlib.judging.facts.arrays import original_stored, real, stored
from quizlib.judging.facts.registry import FactContext, FactError, fact


@fact(self_reported=True)
def pruning_leftovers(model: Plain, context: FactContext) -> int:
    """Return how many traces of pruning are left: hooks, `…_orig` parameters and `…_mask` buffers."""
    if not isinstance(model, TorchModel):
        raise FactError("expected a torch model")
    hooks = sum("prune" in hook for module in model.modules for hook in module.hooks)
    names = [name for name in stored(model) if name.endswith(("_orig", "_mask"))]
    return hooks + len(names)


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
    weights = {name: real(value) for name, value in original_stored(zoo_model).items()}
    before = _logits(zoo_model.name, weights, split)
    return measures.agreement(rebuilt_logits(model, zoo_model, split), before)


def rebuilt_logits(model: Plain, origin: ZooModel, split: str) -> np.ndarray:
    """Return logits, shape (digits, 10), of the original's architecture with this model's weights loaded by name."""
    table = stored(model)
    missing = [name for name in original_stored(origin) if name not in table]
    if missing:
        raise FactError(f"the model has no {', '.join(missing)}; it cannot be rebuilt")
    return _logits(origin.name, {name: real(table[name]) for name in original_stored(origin)}, split)


def _logits(architecture: str, weights: dict[str, np.ndarray], split: str) -> np.ndarray:
    from quizlib import zoo

    arrays = {name: array if array.dtype.kind in "iu" else array.astype(np.float32) for name, array in weights.items()}
    model: Any = zoo.rebuild(architecture, arrays)
    digits = zoo.load_digits()
    if architecture.endswith("_keras"):
        return np.asarray(model(getattr(digits, f"x_{split}"), training=False))
    import torch

    x = getattr(digits, f"x_{split}") if "mlp" in architecture else digits.images(split)
    with torch.no_grad():
        logits: np.ndarray = model.eval()(torch.from_numpy(x)).numpy()
    return logits
