"""Facts about a model against the one that was given: what changed, how many zeros were asked for, how it computes."""

from __future__ import annotations

from typing import Any

import numpy as np

from quizlib.evidence.build import build
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Array, Plain, TorchModel, ZooModel
from quizlib.judging.facts.arrays import numbers, original, original_names, real, stored
from quizlib.judging.facts.registry import FactContext, FactError, fact


@fact()
def changed_weights(model: Plain, context: FactContext, *, origin: str | None = None) -> int:
    """Return how many arrays of the original hold other numbers now, or are gone; 0 says that nothing was done."""
    given = context.zoo_model(origin)
    table = stored(model)
    before = original(given, original_names(given))
    return sum(name not in table or not np.array_equal(real(table[name]), old) for name, old in before.items())


@fact()
def zeros_off(
    model: Plain,
    context: FactContext,
    *,
    weights: list[str],
    argument: int = 1,
    sparsity: float | None = None,
) -> int:
    """Return by how many zeros the worst of `weights` misses round(sparsity * size).

    The sparsity is the one given, or else the case's argument at the position `argument`.
    """
    wanted = _number(context.case, argument) if sparsity is None else sparsity
    arrays = numbers(model, weights).values()
    return max(abs(int((array == 0).sum()) - round(wanted * array.size)) for array in arrays)


def _number(case: ProbeCase | None, position: int) -> float:
    value = case.arguments[position] if case is not None and position < len(case.arguments) else None
    if not isinstance(value, int | float):
        raise FactError(f"the case has no number as argument {position}")
    return float(value)


@fact(self_reported=True)
def inputs_changed(model: Plain, context: FactContext) -> bool:
    """Return whether the call changed what it was given, as the kernel saw it."""
    if context.got is None:
        raise FactError("only a response that is called can change what it is given")
    return context.got.inputs_changed


@fact()
def error_of_stored(model: Plain, context: FactContext, *, origin: str | None = None) -> float:
    """Return the largest difference between a model's own output on a case and that of its stored weights.

    The original's architecture is rebuilt with the real values of the weights and called on the case's input.
    Rounding of float32 sums keeps the difference near 1e-6; quantized activations show as 1e-3 and more.
    """
    output = None if context.got is None else context.got.output
    if context.case is None or not isinstance(output, Array) or not isinstance(model, TorchModel):
        raise FactError("expected a torch model that was called on a case")
    expected = _run(context.zoo_model(origin), model, build(context.case.arguments[0]))
    if output.values.shape != expected.shape:
        raise FactError(f"expected outputs of shape {expected.shape}, found {output.values.shape}")
    return float(np.abs(output.values.astype(np.float64) - expected).max())


def _run(origin: ZooModel, model: TorchModel, x: Any) -> np.ndarray:  # noqa: ANN401  a torch tensor
    """Return the logits, shape (rows, classes), of the original's architecture with the model's real weights."""
    import torch

    from quizlib import zoo

    arrays = {name: array.astype(np.float32) for name, array in numbers(model, original_names(origin)).items()}
    rebuilt: Any = zoo.rebuild(origin.name, arrays)
    with torch.no_grad():
        logits: np.ndarray = rebuilt.eval()(x).numpy()
    return logits
