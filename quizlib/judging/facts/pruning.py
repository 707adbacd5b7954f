"""Facts about the zeros of a pruned model: how many, where, and what became of the rest.

A weight goes by its name: `hidden1.weight` in torch, `hidden1/kernel` in tf_keras, without a wrapper's prefix.
`origin` names the original in the zoo, where no case has one among its arguments.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from quizlib import measures
from quizlib.errors import FactError, SpecError
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Plain
from quizlib.items.exercise import Condition
from quizlib.judging.facts.arrays import (
    MODELS,
    find,
    numbers,
    original,
    original_weight,
    real,
    require_same_shape,
)
from quizlib.judging.facts.registry import FactContext, fact, place_of
from quizlib.judging.places import at, first, pair, worst


@fact(
    unit="fraction 0–1",
    of=MODELS,
    sentence="{value:%} of {weight} is zero, where {asked:%}",
)
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


@fact(
    unit="fraction 0–1",
    of=MODELS,
    sentence="{value:%} of {weights} together is zero, where {asked:%}",
)
def global_sparsity(model: Plain, context: FactContext, *, weights: list[str]) -> float:
    """Return the fraction of exact zeros in several weights together, each of their entries counted once.

    Raises:
        FactError: it is no model, or lacks one of the weights. ShapeError: a weight is empty.

    >>> from quizlib.judging.facts.example import model
    >>> global_sparsity(model(first=[0.0], second=[1.0, 0.0, 2.0]), FactContext(), weights=["first", "second"])
    0.5
    """
    return measures.global_sparsity(numbers(model, weights))


@fact(
    unit="fraction 0–1",
    of=MODELS,
    sentence="{value:%} of the least sparse weight is zero, where {asked:%}{place}",
)
def smallest_layer_sparsity(model: Plain, context: FactContext, *, weights: list[str]) -> float:
    """Return the least sparsity among several weights.

    Raises:
        FactError: it is no model, or lacks one of the weights. ShapeError: a weight is empty.

    >>> from quizlib.judging.facts.example import model
    >>> smallest_layer_sparsity(model(first=[0.0], second=[1.0, 0.0]), FactContext(), weights=["first", "second"])
    0.5
    """
    return min(measures.layer_sparsity(numbers(model, weights)).values())


@place_of(smallest_layer_sparsity)
def _least_sparse(model: Plain, context: FactContext, condition: Condition) -> str:
    found = measures.layer_sparsity(numbers(model, condition.args["weights"]))
    return f"that is {min(found, key=lambda name: found[name])}"


@fact(
    unit="zeros",
    of=MODELS,
    sentence="a weight has not as many zeros as it should have, but {value:zero} more or less{place}",
)
def zeros_off(
    model: Plain,
    context: FactContext,
    *,
    weights: list[str],
    argument: int = 1,
    sparsity: float | None = None,
    together: bool = False,
    count: str = "nearest",
) -> int:
    """Return by how many zeros the worst of `weights` misses round(sparsity * size), ties to even.

    Args:
        weights: Names of the weights that were pruned.
        argument: Position of the sparsity among the case's arguments.
        sparsity: The sparsity, 0 to 1, where it is no argument of the case.
        together: Whether all `weights` are counted as one.
        count: What they are held against: one of COUNTS, "nearest" as asked, the others as mistakes would give them.

    Raises:
        FactError: it is no model, lacks one of the weights, or the case has no number there. SpecError: no such count.

    >>> from quizlib.judging.facts.example import model
    >>> zeros_off(model(weight=[0.0, 0.5, 0.7]), FactContext(), weights=["weight"], sparsity=0.6)
    1
    """
    if count not in COUNTS:
        raise SpecError(f"zeros_off: count should be one of {', '.join(COUNTS)}, found {count!r}.")
    wanted = _number(context.case, argument) if sparsity is None else sparsity
    counts = _zeros(model, weights, wanted)
    if together:
        found, size = (sum(each[at] for each in counts.values()) for at in (0, 2))
        return abs(found - COUNTS[count](wanted, size))
    return max(abs(found - COUNTS[count](wanted, size)) for found, _, size in counts.values())


COUNTS: dict[str, Callable[[float, int], int]] = {
    "nearest": lambda sparsity, size: round(sparsity * size),
    "down": lambda sparsity, size: math.floor(sparsity * size),
    "up": lambda sparsity, size: math.ceil(sparsity * size),
    "below-quantile": lambda sparsity, size: math.ceil(sparsity * (size - 1)),
    "kept": lambda sparsity, size: round((1 - sparsity) * size),
}
"""How many zeros a weight gets: as asked, cut off, rounded up, all below the quantile, as many as were to be kept."""


def _zeros(model: Plain, weights: list[str], wanted: float) -> dict[str, tuple[int, int, int]]:
    """Return how many zeros each weight has, how many it should have, and its size."""
    arrays = numbers(model, weights).items()
    return {name: (int((array == 0).sum()), round(wanted * array.size), int(array.size)) for name, array in arrays}


@place_of(zeros_off)
def _worst_zeros(model: Plain, context: FactContext, condition: Condition) -> str:
    asked = condition.args.get("sparsity")
    wanted = _number(context.case, condition.args.get("argument", 1)) if asked is None else asked
    counts = _zeros(model, condition.args["weights"], wanted)
    if condition.args.get("together"):
        found, size = (sum(count[at] for count in counts.values()) for at in (0, 2))
        return f"together they have {found:,}, expected {round(wanted * size):,}"
    name = max(counts, key=lambda name: abs(counts[name][0] - counts[name][1]))
    return f"{name} has {counts[name][0]:,}, expected {counts[name][1]:,}"


def _number(case: ProbeCase | None, position: int) -> float:
    value = case.arguments[position] if case is not None and position < len(case.arguments) else None
    if not isinstance(value, int | float):
        raise FactError(f"the case has no number as argument {position}")
    return float(value)


@fact(
    unit="zeros",
    of=MODELS,
    sentence="the weight with the most zeros has {value} more than the one with the fewest, where {asked}",
)
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


@fact(
    unit="variance of random zeros",
    of=MODELS,
    sentence="the zeros of {weight} lie {value} times as unevenly over its rows as random ones, where {asked}",
)
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


@fact(
    unit="fraction 0–1",
    of=MODELS,
    sentence="{value:%} of what was removed from {weight} was above zero, where {asked:%}",
)
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


@fact(
    unit="fraction 0–1",
    of=MODELS,
    sentence="{value:%} of what was kept of {weight} are the largest by {order}, where {asked:%}",
)
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


@fact(
    unit="fraction 0–1",
    of=MODELS,
    sentence="{value:%} of the zeros of {weight} are still zero, where {asked:%}{place}",
)
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


@place_of(zeros_kept)
def _first_zero_lost(model: Plain, context: FactContext, condition: Condition) -> str:
    weight = condition.args["weight"]
    before, after = real(find(context.answer(), weight)), real(find(model, weight))
    index = first((before == 0) & (after != 0))
    return "" if index is None else f"the first that is not, {at(index)}, is {after[index]:.4g}"


@fact(
    unit="fraction 0–1",
    of=MODELS,
    sentence="{value:%} of the weights that were kept are among the largest of the original, where {asked:%}{place}",
)
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


@place_of(kept_are_largest)
def _kept_and_dropped(model: Plain, context: FactContext, condition: Condition) -> str:
    """Return the smallest weight that was kept beside the largest that was not, both as they were."""
    names = condition.args["weights"]
    before, after = original(context.zoo_model(condition.args.get("origin")), names), numbers(model, names)
    kept = {name: np.where(after[name] != 0, -np.abs(before[name]), -np.inf) for name in names}
    dropped = {name: np.where(after[name] == 0, np.abs(before[name]), -np.inf) for name in names}
    (least, one), (most, other) = _top(kept), _top(dropped)
    if np.isinf(kept[least][one]) or np.isinf(dropped[most][other]):
        return ""
    low, high = pair(float(before[least][one]), float(before[most][other]))
    return f"{low}, {at(one)} of {least}, was kept, and {high}, {at(other)} of {most}, was not"


def _top(arrays: dict[str, np.ndarray]) -> tuple[str, tuple[int, ...]]:
    """Return the name of the array that holds the largest number of all, and its place there."""
    name = max(arrays, key=lambda name: arrays[name].max())
    return name, worst(arrays[name])


@fact(
    unit="unit of the weights",
    of=MODELS,
    sentence="a weight that was kept has changed by {value}, where {asked}{place}",
)
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


@place_of(change_of_kept)
def _worst_kept(model: Plain, context: FactContext, condition: Condition) -> str:
    names = condition.args["weights"]
    before, after = original(context.zoo_model(condition.args.get("origin")), names), numbers(model, names)
    changes = {name: np.where(after[name] == 0, 0, np.abs(after[name] - before[name])) for name in names}
    name, index = _top(changes)
    found, was = pair(float(after[name][index]), float(before[name][index]))
    return f"{at(index)} of {name} it was {was} and is {found}"


def _change_of_kept(before: np.ndarray, after: np.ndarray, weight: str) -> float:
    require_same_shape(weight, before, after)
    return measures.max_abs_error(np.where(after == 0, 0, before), after)
