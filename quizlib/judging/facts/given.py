"""Facts about a model against the one that was given: what changed, how many zeros were asked for, how it computes."""

from __future__ import annotations

from typing import Any

import numpy as np

from quizlib.evidence.build import build
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Array, Plain, ZooModel
from quizlib.judging.facts.arrays import numbers, original, original_names, real, stored
from quizlib.judging.facts.registry import FactContext, FactError, fact
from quizlib.judging.facts.torch_models import narrowed


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
    given = context.zoo_model(origin)
    return output_error(context, given, numbers(model, original_names(given)))


def output_error(context: FactContext, given: ZooModel, arrays: dict[str, np.ndarray]) -> float:
    """Return the largest difference between the output on a case and that of `given`'s architecture holding `arrays`.

    Raises:
        FactError: the response was not called on a case, or its output has another shape.
    """
    output = None if context.got is None else context.got.output
    if context.case is None or not isinstance(output, Array):
        raise FactError("expected a torch model that was called on a case")
    expected = _run(given, arrays, build(context.case.arguments[0]))
    if output.values.shape != expected.shape:
        raise FactError(f"expected outputs of shape {expected.shape}, found {output.values.shape}")
    return float(np.abs(output.values.astype(np.float64) - expected).max())


def _run(given: ZooModel, arrays: dict[str, np.ndarray], x: Any) -> np.ndarray:  # noqa: ANN401  a torch tensor
    """Return the logits, shape (rows, classes), of an architecture of the zoo that holds `arrays`."""
    import torch

    from quizlib import zoo

    rebuilt = zoo.rebuild(given.name, {name: narrowed(name, array) for name, array in arrays.items()})
    if not isinstance(rebuilt, torch.nn.Module):
        raise FactError(f"{given.name} is no torch model")
    with torch.no_grad():
        logits: np.ndarray = rebuilt.eval()(x).numpy()
    return logits
