"""The table of facts, and the context in which one is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quizlib.errors import QuizError, SpecError
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Plain, ZooModel
from quizlib.items.exercise import Condition, Scalar


class FactError(QuizError):
    """The evidence lacks what a fact is measured on, such as a weight of that name."""


@dataclass(frozen=True, eq=False)
class FactContext:
    """What surrounds the measured value: the case's inputs and the expected output, where there are any."""

    case: ProbeCase | None = None
    expected: Plain = None

    def zoo_model(self, name: str | None = None) -> ZooModel:
        """Return the model that the response started from: the case's first zoo model, else the one named."""
        arguments = (*self.case.arguments, *(self.case.keywords or {}).values()) if self.case else ()
        for argument in arguments:
            if isinstance(argument, ZooModel):
                return argument
        if name is None:
            raise SpecError("a fact needs the original model: pass args {'model': name} or give the case a ZooModel.")
        return ZooModel(name)


Fact = Callable[..., Scalar]
FACTS: dict[str, Fact] = {}
_SELF_REPORTED: set[str] = set()


def fact(*, self_reported: bool = False) -> Callable[[Fact], Fact]:
    """Register a function as a fact under its own name.

    A fact is `self_reported` when only the kernel's word stands for it, such as hooks left over.
    """

    def register(function: Fact) -> Fact:
        FACTS[function.__name__] = function
        if self_reported:
            _SELF_REPORTED.add(function.__name__)
        return function

    return register


def is_self_reported(name: str) -> bool:
    """Say whether the fact of this name rests on the kernel's word alone."""
    return name in _SELF_REPORTED


def measure(condition: Condition, subject: Plain, context: FactContext) -> Scalar:
    """Return the fact that `condition` names, measured on `subject`.

    Raises:
        SpecError: no fact has this name, or it does not take these arguments.
        FactError: `subject` lacks what is measured.
    """
    function = FACTS.get(condition.fact)
    if function is None:
        raise SpecError(f"no fact is called {condition.fact!r}; there are {', '.join(sorted(FACTS))}.")
    return function(subject, context, **condition.args)


def holds(condition: Condition, value: Scalar) -> bool:
    """Say whether a measured value keeps the bounds of its condition.

    >>> holds(Condition(fact="sparsity", at_least=0.5), 0.49)
    False
    """
    if condition.equals is not None and value != condition.equals:
        return False
    if condition.differs is not None and value == condition.differs:
        return False
    return _is_between(condition.at_least, value, condition.at_most)


def _is_between(low: float | None, value: Any, high: float | None) -> bool:  # noqa: ANN401  a scalar of any type
    if low is None and high is None:
        return True
    if isinstance(value, str):
        return False
    return (low is None or value >= low) and (high is None or value <= high)
