"""Facts about outputs that are plain values."""

from __future__ import annotations

import numpy as np

from quizlib import measures
from quizlib.evidence.values import Array, Plain, Unreadable
from quizlib.judging.compare import part_of
from quizlib.judging.describing import kind_of
from quizlib.judging.facts.registry import FactContext, FactError, fact


def _entry(output: Plain, part: str | int | None) -> Plain:
    """Return the entry that is to be measured."""
    found = part_of(output, part)
    if isinstance(found, Unreadable):
        raise FactError(f"the output is or holds {found.told}")
    return found


def _numbers(value: Plain) -> np.ndarray:
    """Return the numbers of an output, at least one."""
    if isinstance(value, list | tuple) and all(isinstance(item, bool | int | float) for item in value):
        numbers = np.asarray(value, np.float64)
    elif isinstance(value, Array):
        numbers = value.values.astype(np.float64)
    elif isinstance(value, bool | int | float):
        numbers = np.asarray(float(value))
    else:
        raise FactError(f"expected numbers, but it is {kind_of(value)}")
    if numbers.size == 0:
        raise FactError("expected numbers, but it holds none")
    return numbers


@fact()
def largest(output: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return the largest number of the output."""
    return float(_numbers(_entry(output, part)).max())


@fact()
def smallest(output: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return the smallest number of the output."""
    return float(_numbers(_entry(output, part)).min())


@fact()
def largest_error(output: Plain, context: FactContext, *, part: str | int | None = None) -> float:
    """Return the largest absolute difference from the expected output."""
    got, expected = _numbers(_entry(output, part)), _numbers(_entry(context.answer(), part))
    if got.shape != expected.shape:
        raise FactError(f"expected shape {expected.shape}, found {got.shape}")
    return measures.max_abs_error(expected, got)


@fact()
def output_dtype(output: Plain, context: FactContext, *, part: str | int | None = None) -> str:
    """Return the dtype of an output array, or the Python type of a plain number."""
    value = _entry(output, part)
    return value.dtype if isinstance(value, Array) else type(value).__name__


@fact()
def output_kind(output: Plain, context: FactContext, *, part: str | int | None = None) -> str:
    """Return what kind of value the output is, such as `a torch tensor`."""
    return kind_of(_entry(output, part))
