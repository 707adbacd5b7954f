"""Facts about the zeros of a pruned model: how many, where, and what became of the rest.

A weight goes by its name: `hidden1.weight` in torch, `hidden1/kernel` in tf_keras, without a wrapper's prefix.
`origin` names the original in the zoo, where no case has one among its arguments.
"""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.errors import FactError, SpecError
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Plain
from quizlib.judging.facts.arrays import (
    MODELS,
    find,
    numbers,
    original,
    original_weight,
    real,
    require_same_shape,
)
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
    together: bool = False,
) -> int:
    """Return by how many zeros the worst of `weights` misses round(sparsity * size), ties to even.

    Args:
        weights: Names of the weights that were pruned.
        argument: Position of the sparsity among the case's arguments.
        sparsity: The sparsity, 0 to 1, where it is no argument of the case.
        together: Whether all `weights` are counted as one.

    Raises:
        FactError: it is no model, lacks one of the weights, or the case has no number there.

    >>> from quizlib.judging.facts.example import model
    >>> zeros_off(model(weight=[0.0, 0.5, 0.7]), FactContext(), weights=["weight"], sparsity=0.6)
    1
    """
    wanted = _number(context.case, argument) if sparsity is None else sparsity
    is_zero = [array.ravel() == 0 for array in numbers(model, weights).values()]
    counted = [np.concatenate(is_zero)] if together else is_zero
    return max(abs(int(zeros.sum()) - round(wanted * zeros.size)) for zeros in counted)


def _number(case: ProbeCase | None, position: int) -> float:
    value = case.arguments[position] if case is not None and position < len(case.arguments) else None
    if not isinstance(value, int | float):
        raise FactError(f"the case has no number as argument {position}")
    return float(value)


@fact(unit="zeros", of=MODELS)
def zero_count_spread(model: Plain, context: FactContext, *, weights: list[str]) -> int:
    """Return how many zeros the weight with the most has more than the one with the fewest.

    It is 0 where each lost the same count, whatever its size.

    Raises:
        FactError: it is no model, or lacks one of the weights.

    >>> from quizlib.judging.facts.example import model
    >>> zero_count_spread(model(first=[0.0, 1.0], second=[0.0, 0.0, 2.0]), FactContext(), weights=["first", "second"])
    1
    """
    counts = [int((array == 0).sum()) for array in numbers(model, weights).values()]
    return max(counts) - min(counts)


@fact(unit="variance of random zeros", of=MODELS)
def zeros_unevenness(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return how unevenly zeros lie over the rows of a weight: 1 at random, 0 in equal rows, far above 1 in whole rows.

    It is the variance of the zeros in a row over n * p * (1 - p), that of n independent entries of which a share p is
    zero.

    Raises:
        FactError: it is no model, has no such weight, one without rows, or one of all or no zeros.

    >>> from quizlib.judging.facts.example import model
    >>> zeros_unevenness(model(weight=[[0.0, 0.0], [1.0, 2.0]]), FactContext(), weight="weight")
    2.0
    """
    is_zero = real(find(model, weight)) == 0
    share = float(is_zero.mean()) if is_zero.size else 0.0
    if is_zero.ndim != 2 or not 0 < share < 1:
        raise FactError(f"{weight} has no rows of which some entries are zero and some are not")
    return float(is_zero.sum(axis=1).var() / (is_zero.shape[1] * share * (1 - share)))


@fact(unit="fraction 0–1", of=MODELS)
def removed_positive(model: Plain, context: FactContext, *, weight: str, origin: str | None = None) -> float:
    """Return the fraction of a weight's zeros that stand where the original is above zero.

    Raises:
        FactError: it is no model, has no such weight, one of another shape, or one without zeros.
        SpecError: there is no original.

    >>> from quizlib.judging.facts.example import model
    >>> weight = original_weight(FactContext(), "digits_mlp", "output.weight")
    >>> cut = model(**{"output.weight": np.maximum(weight, 0)})
    >>> removed_positive(cut, FactContext(), weight="output.weight", origin="digits_mlp")
    0.0
    """
    before, after = original_weight(context, origin, weight), real(find(model, weight))
    require_same_shape(weight, before, after)
    removed = before[after == 0]
    if removed.size == 0:
        raise FactError(f"{weight} has no zeros")
    return float((removed > 0).mean())


ORDERS = ("value", "row")
"""What `kept_by_order` may rank by: the number with its sign, or the magnitude within each row."""


@fact(unit="fraction 0–1", of=MODELS)
def kept_by_order(model: Plain, context: FactContext, *, weight: str, order: str, origin: str | None = None) -> float:
    """Return the fraction of kept entries that a ranking other than by magnitude would keep.

    Args:
        weight: Name of the weight that was pruned.
        order: `"value"`, the largest numbers of the original, sign included; or `"row"`, in each row the largest
            magnitudes, as many as the row kept.
        origin: The original, before it was pruned.

    Raises:
        FactError: it is no model, has no such weight, one of another shape, without rows, or of zeros alone.
        SpecError: there is no original, or no such order.

    >>> from quizlib.judging.facts.example import model
    >>> weight = original_weight(FactContext(), "digits_mlp", "output.weight")
    >>> cut = model(**{"output.weight": np.maximum(weight, 0)})
    >>> kept_by_order(cut, FactContext(), weight="output.weight", order="value", origin="digits_mlp")
    1.0
    """
    if order not in ORDERS:
        raise SpecError(f"kept_by_order: order should be one of {', '.join(ORDERS)}, found {order!r}.")
    before, after = original_weight(context, origin, weight), real(find(model, weight))
    require_same_shape(weight, before, after)
    kept = after != 0
    if before.ndim != 2 or not kept.any():
        raise FactError(f"{weight} has no rows of which some entries are kept")
    score, is_kept = (before.reshape(1, -1), kept.reshape(1, -1)) if order == "value" else (np.abs(before), kept)
    ranked = np.sort(score, axis=1)[:, ::-1]
    counts = is_kept.sum(axis=1)
    least = np.where(counts > 0, ranked[np.arange(len(ranked)), np.maximum(counts, 1) - 1], np.inf)
    return float((is_kept & (score >= least[:, None])).sum() / is_kept.sum())


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
