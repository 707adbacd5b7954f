"""A mutant of a reference solution, and the solution it is made from, as a maker takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["a", "b", "c", "d", "e"]
"""The five ways in which a solution is spoiled."""

KINDS: Mapping[Kind, str] = {
    "a": "syntax",
    "b": "frozen parameter",
    "c": "rounding or cast",
    "d": "part of the answer",
    "e": "nothing done",
}
"""What each kind changes, in the order in which mutants are listed."""


MODELS = ("torch_model", "keras_model")
"""Responses that are a model."""


@dataclass(frozen=True)
class Mutant:
    """One mistake put into a solution.

    `label` says in words what is changed where; `source` is code that can be run in place of the solution; `diff` is
    what changes of the solution as `ast.unparse` writes it, so that neither formatting nor a comment ever shows.
    `is_undone` marks what leaves the work itself undone: nothing is done, or no training.
    """

    kind: Kind
    label: str
    source: str
    diff: str
    is_undone: bool = False


@dataclass(frozen=True, kw_only=True)
class Solution:
    """A reference solution with what a maker has to know of its exercise.

    Args:
        source: Python source of the answer cell with the solution in it.
        name: The learner's function or variable.
        response: Kind of the response, such as "function", "value" or "torch_model".
        setup: Source of the cell that runs before.
        arguments: Positional arguments of the first public case, each as Python source; empty for what is no function.
        keywords: Its keyword arguments, likewise.
    """

    source: str
    name: str
    response: str
    setup: str = ""
    arguments: tuple[str, ...] = ()
    keywords: Mapping[str, str] = field(default_factory=dict)
