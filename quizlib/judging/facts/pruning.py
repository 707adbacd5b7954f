"""Facts about the zeros of a pruned model: how many, where, and what became of the rest.

A weight goes by its name: `hidden1.weight` in torch, `hidden1/kernel` in tf_keras, without a wrapper's prefix.
`origin` names the original in the zoo, where no case has one among its arguments.
"""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.errors import FactError
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Plain
from quizlib.judging.facts.arrays import MODELS, find, numbers, original, real, require_same_shape
from quizlib.judging.facts.registry import FactContext, fact


@fact(unit="fraction 0–1", of=MODELS)
def sparsity(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the fraction of exact zeros in one weight, zeros / size.

    Raises:
        FactError: it is no model, or has no such weight. ShapeError: the weight is empty.

    Source: Hoefler et al. 2021, "Sparsity in Deep Learning", section 1.

    >>> from quizlib.judging.facts.example import model
    >>> sparsity(model(weight=[[0.0, 0.5, 0.0, -1.0]]), FactContext(), weight="weight")
    0.5
    """
    return measures.sparsity(real(find(model, weight)))


@fact(unit="fraction 0–1", of=MODELS)
def global_sparsity(model: Plain, context: FactContext, *, weights: list[str]) -> float:
    """Return the fraction of exact zeros in several weights together, each of their entries counted once.

    Raises:
        FactError: it is no model, or lacks one of the weights. ShapeError: a weight is empty.

    >>> from quizlib.judging.facts.example import model
    >>> global_sparsity(model(first=[0.0], second=[1.0, 0.0, 2.0]), FactContext(), weights=["first", "second"])
    0.5
    """
    return measures.global_sparsity(numbers(model, weights))


@fact(unit="fraction 0–1", of=MODELS)
def smallest_layer_sparsity(model: Plain, context: FactContext, *, weights: list[str]) -> float:
    """Return the least sparsity among several weights.

    Raises:
        FactError: it is no model, or lacks one of the weights. ShapeError: a weight is empty.

    >>> from quizlib.judging.facts.example import model
    >>> smallest_layer_sparsity(model(first=[0.0], second=[1.0, 0.0]), FactContext(), weights=["first", "second"])
    0.5
    """
    return min(measures.layer_sparsity(numbers(model, weights)).values())


@fact(unit="zeros", of=MODELS)
def zeros_off(
    model: Plain,
    context: FactContext,
    *,
    weights: list[str],
    argument: int = 1,
    sparsity: float | None = None,
) -> int:
    """Return by how many zeros the worst of `weights` misses round(sparsity * size), ties to even.

    Args:
        weights: Names of the weights that were pruned.
        argument: Position of the sparsity among the case's arguments.
        sparsity: The sparsity, 0 to 1, where it is no argument of the case.

    Raises:
        FactError: it is no model, lacks one of the weights, or the case has no number there.

    >>> from quizlib.judging.facts.example import model
    >>> zeros_off(model(weight=[0.0, 0.5, 0.7]), FactContext(), weights=["weight"], sparsity=0.6)
    1
    """
    wanted = _number(context.case, argument) if sparsity is None else sparsity
    arrays = numbers(model, weights).values()
    return max(abs(int((array == 0).sum()) - round(wanted * array.size)) for array in arrays)


def _number(case: ProbeCase | None, position: int) -> float:
    value = case.arguments[position] if case is not None and position < len(case.arguments) else None
    if not isinstance(value, int | float):
        raise FactError(f"the case has no number as argument {position}")
    return float(value)


@fact(unit="fraction 0–1", of=MODELS)
def zeros_kept(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the fraction of a weight's expected zeros that are zero; the expected output is the pruned model.

    It is 1.0 where the mask held, and where there was no zero to keep.

    Raises:
        FactError: it is no model, has no such weight, or one of another shape. SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import model
    >>> zeros_kept(model(weight=[0.1, 0.0, 2.0]), FactContext(expected=model(weight=[0.0, 0.0, 2.0])), weight="weight")
    0.5
    """
    before, after = real(find(context.answer(), weight)), real(find(model, weight))
    require_same_shape(weight, before, after)
    zeros = int((before == 0).sum())
    return 1.0 - measures.mask_violations(after, before) / zeros if zeros else 1.0


@fact(unit="fraction 0–1", of=MODELS)
def kept_are_largest(model: Plain, context: FactContext, *, weights: list[str], origin: str | None = None) -> float:
    """Return the fraction of kept entries that are among the largest of the original, all `weights` ranked together.

    Args:
        weights: Names of the weights that were pruned; one alone for pruning within a layer.
        origin: The original, before it was pruned.

    Raises:
        FactError: it is no model, or lacks one of the weights.
        ShapeError: a weight has another shape than the original's. SpecError: there is no original.

    Source: Han et al. 2015, "Learning both Weights and Connections for Efficient Neural Networks", section 3.

    >>> from quizlib import zoo
    >>> from quizlib.evidence.encode import encode
    >>> kept_are_largest(encode(zoo.build("digits_mlp")), FactContext(), weights=["output.weight"], origin="digits_mlp")
    1.0
    """
    before = original(context.zoo_model(origin), weights)
    return measures.global_magnitude_agreement(before, numbers(model, weights))


@fact(unit="unit of the weights", of=MODELS)
def change_of_kept(model: Plain, context: FactContext, *, weights: list[str], origin: str | None = None) -> float:
    """Return the largest absolute change of an entry that is not zero now.

    Args:
        weights: Names of the weights that were pruned.
        origin: The original, before it was pruned.

    Raises:
        FactError: it is no model, lacks one of the weights, or has it in another shape.
        SpecError: there is no original.

    >>> from quizlib import zoo
    >>> from quizlib.evidence.encode import encode
    >>> change_of_kept(encode(zoo.build("digits_mlp")), FactContext(), weights=["output.weight"], origin="digits_mlp")
    0.0
    """
    before = original(context.zoo_model(origin), weights)
    after = numbers(model, weights)
    return max(_change_of_kept(before[weight], after[weight], weight) for weight in weights)


def _change_of_kept(before: np.ndarray, after: np.ndarray, weight: str) -> float:
    require_same_shape(weight, before, after)
    return measures.max_abs_error(np.where(after == 0, 0, before), after)
