"""Short words for the criteria of an exercise, and for the facts that they and its symptoms rest on.

What holds of the given object too, such as a size or an accuracy that was kept, stands `beside=("…",)` what shows work.
"""

from __future__ import annotations

from typing import Any

from quizlib.items.exercise import Condition, Criterion, Matches, Measured, Raises, Scalar, Unchanged

Beside = tuple[str, ...]
"""Ids of criteria that show the work; one that stands beside them counts only if one of them is met."""


def matching(id: str, text: str, *, points: int = 1, beside: Beside = (), **rule: Any) -> Criterion:  # noqa: ANN401  fields of Matches
    """Return the criterion that outputs equal the reference's, within a tolerance and part by part: see `Matches`.

    >>> matching("scales", "One scale a row", points=2, part="scales", rtol=1e-3).requirement.part
    'scales'
    """
    return Criterion(id=id, text=text, points=points, requirement=Matches(**rule), beside=beside)


def exactly(id: str, text: str, *, points: int = 1, beside: Beside = (), **rule: Any) -> Criterion:  # noqa: ANN401  fields of Matches
    """Return the criterion that outputs equal the reference's to the last bit.

    >>> exactly("codes", "The codes are int8", dtype=True).requirement.atol
    0.0
    """
    return matching(id, text, points=points, beside=beside, rtol=0, atol=0, **rule)


def measured(id: str, text: str, *conditions: Condition, points: int = 1, beside: Beside = ()) -> Criterion:
    """Return the criterion that facts keep their bounds, measured on the response or on each output.

    >>> measured("sparse", "Half of it is zero", fact("sparsity", weight="hidden1.weight", at_least=0.5)).points
    1
    """
    return Criterion(id=id, text=text, points=points, requirement=Measured(conditions=conditions), beside=beside)


def raising(
    id: str, text: str, *types: str, mentions: tuple[str, ...] = (), points: int = 1, beside: Beside = ()
) -> Criterion:
    """Return the criterion that each of its cases raises one of `types`, with a message that names `mentions`.

    >>> raising("refuses", "Refuses a width of 1", "ValueError").requirement.types
    ('ValueError',)
    """
    return Criterion(id=id, text=text, points=points, requirement=Raises(types=types, mentions=mentions), beside=beside)


def unchanged(id: str, text: str, *, points: int = 1, beside: Beside = ()) -> Criterion:
    """Return the criterion that no call changes what it was given.

    >>> unchanged("keeps-input", "Leaves `x` as given").requirement.kind
    'unchanged'
    """
    return Criterion(id=id, text=text, points=points, requirement=Unchanged(), beside=beside)


def fact(
    name: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    equals: Scalar | None = None,
    differs: Scalar | None = None,
    **args: Any,  # noqa: ANN401  arguments of the fact
) -> Condition:
    """Return the condition that a fact keeps its bounds; what else is given are arguments of the fact.

    >>> fact("sparsity", weight="hidden1.weight", at_least=0.49, at_most=0.51).bounds
    'from 0.49 to 0.51'
    """
    return Condition(fact=name, args=args, at_least=at_least, at_most=at_most, equals=equals, differs=differs)
