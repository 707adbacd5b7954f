"""Facts about the arrays that a model stores: their number, shape, dtype and bytes, and what became of the original's.

A weight goes by its name: `hidden1.weight` in torch, `hidden1/kernel` in tf_keras, without a wrapper's prefix.
`origin` names the original in the zoo, where no case has one among its arguments.
"""

from __future__ import annotations

from typing import assert_never

import numpy as np

from quizlib import measures
from quizlib.errors import FactError
from quizlib.evidence.values import Array, Plain, QuantizedArray, SparseArray, Stored, ZooModel
from quizlib.items.exercise import Condition
from quizlib.judging.compare import part_of
from quizlib.judging.facts.arrays import (
    MODELS,
    find,
    listed,
    original,
    original_names,
    original_weight,
    real,
    require_same_shape,
    stored,
)
from quizlib.judging.facts.registry import FactContext, fact, place_of
from quizlib.judging.places import at, is_and_expected, worst


@fact(
    unit="dtype",
    of=MODELS,
    sentence="{weight} is stored as {value}, where {asked}",
)
def weight_dtype(model: Plain, context: FactContext, *, weight: str) -> str:
    """Return the dtype in which a weight is stored, such as `float32` or `qint8`; `sparse` for a sparse one.

    Raises:
        FactError: it is no model, or has no such weight.

    >>> from quizlib.judging.facts.example import coded, model
    >>> weight_dtype(model(weight=coded([[3]], [[0.5]])), FactContext(), weight="weight")
    'qint8'
    """
    value = find(model, weight)
    match value:
        case Array() | QuantizedArray():
            return value.dtype
        case SparseArray():
            return "sparse"
        case _:
            assert_never(value)


@fact(
    unit="unit of the weight",
    of=MODELS,
    sentence="the largest change of {weight} from the original is {value}, where {asked}",
)
def change_under_any_name(model: Plain, context: FactContext, *, weight: str, origin: str | None = None) -> float:
    """Return the largest absolute change of one of the original's weights, wherever the model now keeps it.

    Of all arrays of its shape the nearest is taken for it: a wrapper, or a class of one's own, renames layers.

    Args:
        weight: Name in the original, of a shape that no other weight of it has.
        origin: The original.

    Raises:
        FactError: it is no model, or has no array of real numbers of this shape.
        SpecError: there is no original.
    """
    before = original_weight(context, origin, weight)
    arrays = [real(value) for value in stored(model).values() if isinstance(value, Array)]
    changes = [measures.max_abs_error(before, array) for array in arrays if array.shape == before.shape]
    if not changes:
        raise FactError(f"the model has no array of shape {before.shape}, as {weight} has it")
    return min(changes)


@fact(
    unit="bytes",
    of=MODELS,
    sentence="the model stores {value:byte}, where {asked:byte}",
)
def weight_bytes(model: Plain, context: FactContext) -> int:
    """Return the bytes of all that the model stores: weights, codes, scales, zero points, masks, buffers.

    Arrays count as they crossed: a code of fewer bits takes its whole byte, a bfloat16 the four of a float32.

    Raises:
        FactError: it is no model, or stores nothing.

    >>> from quizlib.judging.facts.example import coded, model
    >>> weight_bytes(model(weight=coded([[3, -1]], [[0.5]]), bias=[0.0]), FactContext())
    11
    """
    parts = (part for value in stored(model).values() for part in _parts(value))
    arrays = {f"part {number}": part for number, part in enumerate(parts)}
    if not arrays:
        raise FactError("the model stores no weights")
    return measures.named_size_bytes(arrays)


def _parts(value: Stored) -> list[np.ndarray]:
    match value:
        case Array():
            return [value.values]
        case QuantizedArray():
            return [value.codes, value.scales, value.zero_points]
        case SparseArray():
            return list(value.parts.values())
        case _:
            assert_never(value)


@fact(
    unit="numbers",
    of=MODELS,
    sentence="{weight} holds {value:number}, where {asked:number}",
)
def entry_count(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return how many numbers one array of the model holds.

    Raises:
        FactError: it is no model, or has no such array.

    >>> from quizlib.judging.facts.example import model
    >>> entry_count(model(weight=[[1.0, 2.0, 3.0]]), FactContext(), weight="weight")
    3
    """
    return int(real(find(model, weight)).size)


@fact(
    unit="shape",
    of=MODELS,
    sentence="{weight} has shape {value}, where {asked}",
)
def array_shape(model: Plain, context: FactContext, *, weight: str) -> str:
    """Return the shape of one array of the model as Python writes it, such as `(64,)`.

    Raises:
        FactError: it is no model, or has no such array.

    >>> from quizlib.judging.facts.example import model
    >>> array_shape(model(weight=[[1.0, 2.0, 3.0]]), FactContext(), weight="weight")
    '(1, 3)'
    """
    return str(tuple(int(size) for size in real(find(model, weight)).shape))


@fact(
    unit="numbers",
    of=MODELS,
    sentence="{weight} holds {value:different number}, where {asked:number}",
)
def distinct_numbers(model: Plain, context: FactContext, *, weight: str) -> int:
    """Return how many different numbers one array of the model holds: 1 where one scale was repeated for each row.

    Raises:
        FactError: it is no model, or has no such array.

    >>> from quizlib.judging.facts.example import model
    >>> distinct_numbers(model(scale=[0.5, 0.5, 0.25]), FactContext(), weight="scale")
    2
    """
    return int(np.unique(real(find(model, weight))).size)


@fact(
    unit="arrays",
    of=MODELS,
    sentence="{value:array} of the model changed{place}",
)
def changed_weights(model: Plain, context: FactContext, *, origin: str | None = None) -> int:
    """Return how many arrays of the original hold other numbers now, or are gone; 0 says that nothing was done.

    Raises:
        FactError: it is no model. SpecError: there is no original.

    >>> from quizlib import zoo
    >>> from quizlib.evidence.encode import encode
    >>> changed_weights(encode(zoo.build("digits_mlp")), FactContext(), origin="digits_mlp")
    0
    """
    return len(_changed(model, context.zoo_model(origin)))


def _changed(model: Plain, given: ZooModel) -> list[str]:
    """Return the names of the arrays of the original that hold other numbers now, or are gone."""
    table, before = stored(model), original(given, original_names(given))
    return [name for name, old in before.items() if name not in table or not np.array_equal(real(table[name]), old)]


@place_of(changed_weights)
def _first_changed(model: Plain, context: FactContext, condition: Condition) -> str:
    changed = _changed(model, context.zoo_model(condition.args.get("origin")))
    return listed(changed) if changed else ""


@fact(
    unit="unit of the weight",
    of=MODELS,
    sentence="{weight} is off the original one by up to {value}, where {asked}{place}",
)
def change_of_weight(model: Plain, context: FactContext, *, weight: str, origin: str | None = None) -> float:
    """Return the largest absolute difference between a weight and the original one, max(|after - before|).

    Raises:
        FactError: it is no model, or has no such weight.
        ShapeError: the weight has another shape than the original's. SpecError: there is no original.

    >>> from quizlib import zoo
    >>> from quizlib.evidence.encode import encode
    >>> change_of_weight(encode(zoo.build("digits_mlp")), FactContext(), weight="output.bias", origin="digits_mlp")
    0.0
    """
    return measures.max_abs_error(original_weight(context, origin, weight), real(find(model, weight)))


@fact(
    unit="unit of the weight",
    of=MODELS,
    sentence="{weight} is off the original one in float16 by up to {value}, where {asked}",
)
def change_from_half(model: Plain, context: FactContext, *, weight: str, origin: str | None = None) -> float:
    """Return the largest absolute difference between a weight and the original one rounded to float16; 0 says which.

    Raises:
        FactError: it is no model, or has no such weight.
        ShapeError: the weight has another shape than the original's. SpecError: there is no original.

    >>> from quizlib.judging.facts.example import model
    >>> half = original_weight(FactContext(), "digits_mlp", "output.bias").astype(np.float16)
    >>> change_from_half(model(**{"output.bias": half}), FactContext(), weight="output.bias", origin="digits_mlp")
    0.0
    """
    with np.errstate(over="ignore"):
        halved = original_weight(context, origin, weight).astype(np.float16).astype(np.float64)
    return measures.max_abs_error(halved, real(find(model, weight)))


@fact(
    unit="steps",
    of=MODELS,
    sentence="{weight} is off the original one by up to {value:step} of a grid of {bits} bits a row, where {asked}",
)
def change_in_row_steps(
    model: Plain, context: FactContext, *, weight: str, origin: str | None = None, bits: int = 8
) -> float:
    """Return the largest change of a weight, in steps of the symmetric grid of its row: half a step says, rounded once.

    A step is max|row| / (2**(bits - 1) - 1/2) of the original, though never below the spacing of float32 at 1.

    Args:
        weight: Name of the weight, whose rows hold one number at least.
        origin: The original, in real numbers.
        bits: Width of the codes of that grid.

    Raises:
        FactError: it is no model, has no such weight, or one of another shape or without rows.
        SpecError: there is no original.

    >>> from quizlib.judging.facts.example import model
    >>> weight = original_weight(FactContext(), "digits_mlp", "output.weight")
    >>> step = np.abs(weight).max(axis=1, keepdims=True) / 127.5
    >>> rounded = model(**{"output.weight": np.round(weight / step) * step})
    >>> 0.49 < change_in_row_steps(rounded, FactContext(), weight="output.weight", origin="digits_mlp") < 0.51
    True
    """
    before, after = original_weight(context, origin, weight), real(find(model, weight))
    require_same_shape(weight, before, after)
    if before.ndim != 2 or before.size == 0:
        raise FactError(f"{weight} has shape {before.shape}; expected rows of one number at least")
    steps = np.abs(before.astype(np.float64)).max(axis=1, keepdims=True) / (2 ** (bits - 1) - 0.5)
    return float((np.abs(after.astype(np.float64) - before) / np.maximum(steps, np.finfo(np.float32).eps)).max())


@fact(
    unit="cosine, -1 to 1",
    of=MODELS,
    sentence="the cosine between {weight} and the original one is {value}, where {asked}",
)
def likeness(model: Plain, context: FactContext, *, weight: str, origin: str | None = None) -> float:
    """Return the cosine of the angle between a weight and the original one, sum(a * b) / (|a| * |b|).

    It is 1 for a weight that was scaled, near 1 for one that was rounded or clamped, near 0 for one drawn anew.

    Raises:
        FactError: it is no model, has no such weight, one of another shape, or one of zeros alone.
        SpecError: there is no original.

    >>> from quizlib.judging.facts.example import model
    >>> bias = original_weight(FactContext(), "digits_mlp", "output.bias")
    >>> negated = model(**{"output.bias": -2 * bias})
    >>> round(likeness(negated, FactContext(), weight="output.bias", origin="digits_mlp"), 6)
    -1.0
    """
    before, after = original_weight(context, origin, weight), real(find(model, weight))
    require_same_shape(weight, before, after)
    return _cosine(before, after, weight)


@fact(
    unit="cosine, 0 to 1",
    of=MODELS,
    sentence="{weight} is as like the expected weights as a cosine of {value} says, where {asked}",
)
def likeness_of_expected(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the largest |cosine| between a weight and any of its shape in the expected output.

    It is near 1 for a weight that was scaled or rounded, or that belongs to another layer of that shape.

    Raises:
        FactError: it is no model, has no such weight, or one of zeros alone. SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import model
    >>> expected = FactContext(expected=model(weight=[[1.0, 2.0]]))
    >>> round(likeness_of_expected(model(weight=[[-2.0, -4.0]]), expected, weight="weight"), 6)
    1.0
    """
    after = real(find(model, weight))
    alike = [array for array in map(real, stored(context.answer()).values()) if array.shape == after.shape]
    return max((abs(_cosine(before, after, weight)) for before in alike if before.any()), default=0.0)


def _cosine(before: np.ndarray, after: np.ndarray, weight: str) -> float:
    """Return sum(a * b) / (|a| * |b|) of two arrays of one shape."""
    lengths = [float(np.abs(array.astype(np.float64)).max(initial=0.0)) for array in (before, after)]
    if min(lengths) == 0:
        raise FactError(f"{weight} holds zeros alone")
    one, other = (array.astype(np.float64) / length for array, length in zip((before, after), lengths, strict=True))
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))


@fact(
    unit="unit of the weight",
    of=MODELS,
    sentence="{weight} is off the expected one by up to {value}, where {asked}{place}",
)
def change_from_expected(model: Plain, context: FactContext, *, weight: str) -> float:
    """Return the largest absolute difference between a weight and that of the expected output.

    Raises:
        FactError: it is no model, has no such weight, or one of another shape. SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import model
    >>> change_from_expected(model(bias=[1.0, 2.5]), FactContext(expected=model(bias=[1.0, 2.0])), weight="bias")
    0.5
    """
    before, after = real(find(context.answer(), weight)), real(find(model, weight))
    require_same_shape(weight, before, after)
    return measures.max_abs_error(before.astype(np.float64), after.astype(np.float64))


@place_of(change_of_weight, change_from_expected)
def _worst_change(model: Plain, context: FactContext, condition: Condition) -> str:
    weight, after = condition.args["weight"], real(find(model, condition.args["weight"]))
    if condition.fact == "change_from_expected":
        before = real(find(context.answer(), weight))
    else:
        before = original_weight(context, condition.args.get("origin"), weight)
    require_same_shape(weight, before, after)
    index = worst(np.abs(after.astype(np.float64) - before))
    return f"{at(index)} it {is_and_expected(after[index], before[index])}"


@fact(
    unit="fraction",
    of=MODELS,
    sentence="a bias or another float array is off the expected one by up to {value:%}, where {asked:%}{place}",
)
def floats_off_expected(model: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return the largest difference of a bias or other float array from the expected model's.

    It is max(|got - expected|) / max(|expected|), the worst array's. Names are the learner's: the best array of
    its shape counts. Grids and single numbers are left out.

    Args:
        part: The entry of both outputs that is the model, by key or position.

    Raises:
        FactError: it is no model, or has no array of an expected one's shape. SpecError: there is no reference.

    >>> from quizlib.judging.facts.example import model
    >>> floats_off_expected(model(shift=[1.0, 2.5]), FactContext(expected=model(bias=[1.0, 2.0])))
    0.25
    """
    found, wanted = (_float_arrays(part_of(output, part)) for output in (model, context.answer()))
    return max((_nearest(array, found)[0] for array in wanted.values()), default=0.0)


def _float_arrays(model: Plain) -> dict[str, np.ndarray]:
    """Return biases and whatever else is float, by name, without grids and single numbers."""
    named = stored(model).items()
    arrays = {name: value.values for name, value in named if isinstance(value, Array) and not name.endswith(".scale")}
    return {name: a.astype(np.float64) for name, a in arrays.items() if a.dtype.kind == "f" and a.ndim > 0}


def _nearest(expected: np.ndarray, found: dict[str, np.ndarray]) -> tuple[float, str]:
    """Return how far the best array of the expected one's shape is from it, and its name."""
    alike = {name: array for name, array in found.items() if array.shape == expected.shape}
    if not alike:
        raise FactError(f"the model has no float array of shape {expected.shape}")
    with np.errstate(over="ignore"):  # numbers of a kernel may lie further apart than float64 reaches
        gaps = {name: float(np.abs(array - expected).max(initial=0.0)) for name, array in alike.items()}
    name = min(gaps, key=lambda name: gaps[name])
    return gaps[name] / (float(np.abs(expected).max(initial=0.0)) or 1.0), name


@place_of(floats_off_expected)
def _worst_float(model: Plain, context: FactContext, condition: Condition) -> str:
    part = condition.args.get("part")
    found, wanted = (_float_arrays(part_of(output, part)) for output in (model, context.answer()))
    if not wanted:
        return ""
    expected = max(wanted.values(), key=lambda array: _nearest(array, found)[0])
    name = _nearest(expected, found)[1]
    index = worst(np.abs(found[name] - expected))
    return f"{at(index)} of {name} it {is_and_expected(found[name][index], expected[index])}"
