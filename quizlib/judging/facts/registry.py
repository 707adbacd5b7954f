"""The table of facts, and the context in which one is measured."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quizlib.errors import QuizError, SpecError
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence, Plain, ZooModel
from quizlib.items.exercise import Condition, Scalar


class FactError(QuizError):
    """The evidence lacks what a fact is measured on, such as a weight of that name."""


@dataclass(frozen=True, eq=False)
class FactContext:
    """What surrounds the measured value, where there is any: the case's inputs, the expected output, all that came out.

    `got` is of use where the measured value is the response itself, a model, and not its output on the case.
    """

    case: ProbeCase | None = None
    expected: Plain = None
    got: CaseEvidence | None = None

    def zoo_model(self, name: str | None = None) -> ZooModel:
        """Return the model that the response started from: the case's first zoo model, else the one named."""
        arguments = (*self.case.arguments, *(self.case.keywords or {}).values()) if self.case else ()
        for argument in arguments:
            if isinstance(argument, ZooModel):
                return argument
        if name is None:
            raise SpecError("a fact needs the original model: pass it as origin=…, or give the case a ZooModel.")
        return ZooModel(name)

    def answer(self) -> Plain:
        """Return the expected output."""
        if self.expected is None:
            raise SpecError("a fact compares with the expected output: give the exercise a reference.")
        return self.expected


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


def flaw_of(condition: Condition, *, has_origin: bool) -> str | None:
    """Return why a condition can never be measured, or never hold, whatever the response; None if it can.

    Args:
        condition: What a criterion or a symptom asks.
        has_origin: Whether each case has a model of the zoo among its arguments.

    >>> flaw_of(Condition(fact="sparsity", args={"wieght": "w"}, at_least=0.5), has_origin=True)
    "sparsity: missing a required argument: 'weight'"
    """
    function = FACTS.get(condition.fact)
    if function is None:
        return f"no fact is called {condition.fact!r}; there are {', '.join(sorted(FACTS))}"
    signature = inspect.signature(function)
    try:
        signature.bind(None, FactContext(), **condition.args)
    except TypeError as error:
        return f"{condition.fact}: {error}"
    if "origin" in signature.parameters and not has_origin and condition.args.get("origin") is None:
        return f"{condition.fact}: no case has a model of the zoo, so name the original as origin"
    is_text = signature.return_annotation == "str"
    has_range = condition.at_least is not None or condition.at_most is not None
    texts = [isinstance(bound, str) for bound in (condition.equals, condition.differs) if bound is not None]
    if (is_text and has_range) or any(text != is_text for text in texts):
        return f"{condition.fact} is {'a text' if is_text else 'no text'}, its bounds are {'not' if is_text else 'one'}"
    return None


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
