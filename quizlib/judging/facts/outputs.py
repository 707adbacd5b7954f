"""Facts about outputs that are plain values, and about the call that they came of.

`part` names the entry of an output that is measured, by key or position; without it, it is the output itself.
"""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.errors import FactError, KindError
from quizlib.evidence.values import KINDS, Array, Plain, QuantizedArray, Unreadable
from quizlib.items.exercise import Condition
from quizlib.judging.compare import part_of
from quizlib.judging.describing import ORDINALS, kind_of
from quizlib.judging.facts.registry import FactContext, fact, place_of
from quizlib.judging.places import at, is_and_expected, worst

RESTATED = "not in its numbers, but in its mode, in its modules or in what of it is trained"
"""How a model differs from what it was whose numbers do not."""

NUMBERS = (bool, int, float, list, tuple, Array)
"""What numbers may come as; a list or tuple must hold nothing else."""


@fact(
    unit="unit of the output",
    of=NUMBERS,
    sentence="the largest number of {where} is {value}, where {asked}",
)
def largest(output: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return the largest number of the output.

    Args:
        part: The entry to measure.

    Raises:
        FactError: there is no such entry, or it holds no numbers.

    >>> largest({"codes": [3, -8]}, FactContext(), part="codes")
    3.0
    """
    return float(_numbers(entry(output, part)).max())


@fact(
    unit="unit of the output",
    of=NUMBERS,
    sentence="the smallest number of {where} is {value}, where {asked}",
)
def smallest(output: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return the smallest number of the output.

    Args:
        part: The entry to measure.

    Raises:
        FactError: there is no such entry, or it holds no numbers.

    >>> smallest([3, -8], FactContext())
    -8.0
    """
    return float(_numbers(entry(output, part)).min())


@fact(
    unit="unit of the output",
    of=NUMBERS,
    sentence="{where} is off what is expected by up to {value}, where {asked}{place}",
)
def largest_error(output: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return the largest absolute difference from the expected output, max(|got - expected|).

    Args:
        part: The entry to measure, in both outputs.

    Raises:
        FactError: one of the two has no such entry or holds no numbers, or their shapes differ.
        SpecError: the exercise has no reference.

    >>> largest_error([1.0, 2.5], FactContext(expected=[1.0, 2.0]))
    0.5
    """
    return distance(entry(context.answer(), part), entry(output, part))


@place_of(largest_error)
def _worst_entry(output: Plain, context: FactContext, condition: Condition) -> str:
    part = condition.args.get("part")
    return farthest(entry(context.answer(), part), entry(output, part))


@fact(
    unit="dtype",
    of=KINDS,
    sentence="{where} has dtype {value}, where {asked}",
)
def output_dtype(output: Plain, context: FactContext, *, part: str | int | None = None) -> str:
    """Return the dtype of an output array or of its codes, or the Python type of a plain number.

    Args:
        part: The entry to look at.

    Raises:
        FactError: there is no such entry.

    >>> output_dtype(Array(np.zeros(2, np.int8), "int8"), FactContext()), output_dtype(0.5, FactContext())
    ('int8', 'float')
    """
    value = entry(output, part)
    return value.dtype if isinstance(value, Array | QuantizedArray) else type(value).__name__


@fact(
    unit="kind in words",
    of=KINDS,
    sentence="{where} is {value}, where {asked}",
)
def output_kind(output: Plain, context: FactContext, *, part: str | int | None = None) -> str:
    """Return what kind of value the output is, such as `a torch tensor`.

    Args:
        part: The entry to look at.

    Raises:
        FactError: there is no such entry.

    >>> output_kind((1, 2), FactContext()), output_kind((1, 2), FactContext(), part=0)
    ('a tuple', 'a whole number')
    """
    return kind_of(entry(output, part))


@fact(
    unit="true or false",
    of=KINDS,
    self_reported=True,
    sentence="the call {value:left what it was given as it was/changed what it was given}{place}",
)
def inputs_changed(output: Plain, context: FactContext) -> bool:
    """Return whether the call changed what it was given, as the kernel saw it.

    Raises:
        FactError: the response was not called.
    """
    if context.got is None:
        raise FactError("only a response that is called can change what it is given")
    return context.got.inputs_changed


@fact(
    unit="true or false",
    of=KINDS,
    self_reported=True,
    sentence="the call {value:left the numbers of what it was given/changed numbers of what it was given}{place}",
)
def input_numbers_changed(output: Plain, context: FactContext) -> bool:
    """Return whether the call changed numbers of what it was given, and not only the mode of a model, say.

    Raises:
        FactError: the response was not called.
    """
    if context.got is None:
        raise FactError("only a response that is called can change what it is given")
    return bool(set(context.got.changed) - set(context.got.restated))


@place_of(inputs_changed, input_numbers_changed)
def _changed_arguments(output: Plain, context: FactContext, condition: Condition) -> str:
    places = context.got.changed if context.got is not None else ()
    restated = context.got.restated if context.got is not None else ()
    keywords = list((context.case.keywords or {}) if context.case else ())
    count = len(context.case.arguments) if context.case else 0
    names = [f"{ORDINALS.get(at, f'{at + 1}th')} argument" for at in range(count)]
    names += [f"argument {name}" for name in keywords]
    told = {at: f"its {names[at]}" for at in places if at < len(names)}
    return " and ".join(f"{name}, {RESTATED}" if at in restated else name for at, name in told.items())


@fact(
    unit="variables",
    of=KINDS,
    self_reported=True,
    sentence="{value:variable} of the setup changed{place}",
)
def given_changed(output: Plain, context: FactContext, *, numbers: bool = False) -> int:
    """Return how many variables of the setup, of those that a response is to leave alone, are no longer as they were.

    An exercise names them as `keeps`; a model that is worked on in place of a copy is one.

    Args:
        numbers: Whether only those count that hold other numbers, not a model that is in another mode.

    >>> given_changed(None, FactContext(given_changed=("mlp",)))
    1
    """
    return len([name for name in context.given_changed if not numbers or name not in context.given_restated])


@place_of(given_changed)
def _changed_variables(output: Plain, context: FactContext, condition: Condition) -> str:
    restated = context.given_restated
    return " and ".join(f"{name}, {RESTATED}" if name in restated else name for name in context.given_changed)


def distance(expected: Plain, got: Plain) -> float:
    """Return the largest absolute difference of two outputs.

    Raises:
        FactError: one of the two holds no numbers, or their shapes differ.
    """
    return measures.max_abs_error(*_alike(expected, got))


def farthest(expected: Plain, got: Plain) -> str:
    """Return in words where two outputs are farthest from each other.

    Raises:
        FactError: one of the two holds no numbers, or their shapes differ.

    >>> farthest([1.0, 2.0], [1.0, 2.5])
    'in entry 1 it is 2.5, expected 2'
    """
    one, other = _alike(expected, got)
    index = worst(np.abs(other - one))
    return f"{at(index)} it {is_and_expected(other[index], one[index])}"


def _alike(expected: Plain, got: Plain) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of two outputs, of one shape."""
    one, other = _numbers(expected), _numbers(got)
    if one.shape != other.shape:
        raise FactError(f"expected shape {one.shape}, found {other.shape}")
    return one, other


def entry(output: Plain, part: str | int | None) -> Plain:
    """Return the entry that is to be measured.

    Raises:
        FactError: there is none, or it cannot be read.
    """
    found = part_of(output, part)
    if isinstance(found, Unreadable):
        raise FactError(f"the output is or holds {found.told}")
    return found


def _numbers(value: Plain) -> np.ndarray:
    """Return the numbers of an output, float64, at least one."""
    if isinstance(value, list | tuple) and all(isinstance(item, bool | int | float) for item in value):
        numbers = np.asarray(value, np.float64)
    elif isinstance(value, Array):
        numbers = value.values.astype(np.float64)
    elif isinstance(value, bool | int | float):
        numbers = np.asarray(float(value))
    else:
        raise KindError(f"expected numbers, but it is {kind_of(value)}")
    if numbers.size == 0:
        raise FactError("expected numbers, but it holds none")
    return numbers
