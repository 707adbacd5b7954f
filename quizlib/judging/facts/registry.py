"""The table of facts, and the context in which one is measured.

A new fact is a function in the module of its subject, under `@fact(unit=…, of=…)`; `quizlib facts` lists it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from quizlib.errors import QuizError, SpecError
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence, Plain, ZooModel
from quizlib.items.exercise import Condition, Scalar
from quizlib.items.fact import Fact
from quizlib.judging.facts.holes import unfilled_holes

if TYPE_CHECKING:
    from quizlib.zoo.digits import Digits


@dataclass(frozen=True, eq=False)
class FactContext:
    """What surrounds the measured value, where there is any: the case's inputs, the expected output, all that came out.

    `got` is of use where the measured value is the response itself, a model, and not its output on the case;
    `own` are the facts that the course brings itself, beside those of the library;
    `expected_called` is what the reference's model did when it was called in its turn;
    `unseen` is the seed of the digits on which a grading measures accuracy, empty in practice;
    `given_changed` are the variables of the setup that the response used up, `given_restated` those of them that hold
    the numbers they held.
    """

    case: ProbeCase | None = None
    expected: Plain = None
    got: CaseEvidence | None = None
    own: Mapping[str, Fact] = field(default_factory=dict)
    expected_called: CaseEvidence | None = None
    unseen: str = ""
    given_changed: tuple[str, ...] = ()
    given_restated: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        case: ProbeCase | None,
        answer: CaseEvidence | None,
        got: CaseEvidence,
        own: Mapping[str, Fact],
        unseen: str = "",
        given_changed: tuple[str, ...] = (),
        given_restated: tuple[str, ...] = (),
    ) -> FactContext:
        """Return what surrounds what came out of a case, beside what the reference gave on it."""
        if answer is None:
            return cls(case, None, got, own, None, unseen, given_changed, given_restated)
        return cls(case, answer.output, got, own, answer.called, unseen, given_changed, given_restated)

    def digits(self) -> Digits:
        """Return the digits: in practice those of the zoo, in a grading with other images in the part "test"."""
        from quizlib.judging.unseen import unseen_digits
        from quizlib.zoo.digits import load_digits

        return unseen_digits(self.unseen) if self.unseen else load_digits()

    def zoo_model(self, name: str | None = None) -> ZooModel:
        """Return the model that the response started from: the case's first zoo model, else the one named.

        Raises:
            SpecError: there is neither.
        """
        arguments = (*self.case.arguments, *(self.case.keywords or {}).values()) if self.case else ()
        for argument in arguments:
            if isinstance(argument, ZooModel):
                return argument
        if name is None:
            raise SpecError("a fact needs the original model: pass it as origin=…, or give the case a ZooModel.")
        return ZooModel(name)

    def answer(self) -> Plain:
        """Return the expected output.

        Raises:
            SpecError: the exercise has no reference.
        """
        if self.expected is None:
            raise SpecError("a fact compares with the expected output: give the exercise a reference.")
        return self.expected


FACTS: dict[str, Fact] = {}
"""The facts of the library by name."""

_tables: list[dict[str, Fact]] = [FACTS]
"""Where facts are registered, the table in use last."""

Function = TypeVar("Function", bound=Callable[..., Scalar])
Place = TypeVar("Place", bound=Callable[..., str])


def fact(
    *,
    unit: str,
    of: tuple[type, ...],
    self_reported: bool = False,
    on_digits: bool = False,
    sentence: str = "",
) -> Callable[[Function], Function]:
    """Register a function as a fact under its own name.

    Args:
        unit: Unit of what it returns, such as `"bytes"`; of a text or truth value, what it is.
        of: Classes of plain values that it is measured on; for every other the function raises a FactError.
        self_reported: Whether only the kernel's word stands for it, as for hooks left over.
        on_digits: Whether it is measured on `context.digits()`, which are other ones in a grading.
        sentence: What a card says where it does not keep its bounds, such as `"{weight} is stored as {value}, where
            {asked}{place}"`; its holes are told in `quizlib.judging.facts.telling`.

    Raises:
        SpecError: the name is taken, the function has no docstring, its sentence has a hole that nothing fills, or it
            is declared elsewhere than in this package or in a course's folder `facts/`.
    """

    def register(function: Function) -> Function:
        made = Fact(function, unit, of, self_reported, on_digits, sentence)
        table = _tables[-1]
        if table is FACTS and not function.__module__.startswith(f"{__package__}."):
            raise SpecError(f"the fact {made.name} is declared outside of a folder facts/; move it there.")
        if made.name in FACTS or made.name in table:
            raise SpecError(f"there is a fact called {made.name} already; give this one another name.")
        if not made.summary:
            raise SpecError(f"the fact {made.name} has no docstring; its first line should say what it returns.")
        unfilled = unfilled_holes(made)
        if unfilled:
            raise SpecError(
                f"the sentence of the fact {made.name} has holes that nothing fills: {', '.join(unfilled)}."
            )
        table[made.name] = made
        return function

    return register


def place_of(*functions: Callable[..., Scalar]) -> Callable[[Place], Place]:
    """Say where facts show: the decorated function fills the hole `{place}` of their sentences.

    It takes the value that the facts are measured on, the context and the condition, and returns words such as
    `"in row 0, column 3 of fc1.weight code 12 stands for 0.3, expected 0.1"`, or an empty text.

    Raises:
        SpecError: one of `functions` is no fact, or its sentence has no such hole.
    """

    def register(place: Place) -> Place:
        table = _tables[-1]
        for function in functions:
            made = table.get(function.__name__)
            if made is None or made.function is not function or "{place}" not in made.sentence:
                raise SpecError(f"{function.__name__} is no fact with a hole {{place}} in its sentence; give it one.")
            table[made.name] = replace(made, place=place)
        return place

    return register


@contextlib.contextmanager
def own_facts() -> Iterator[dict[str, Fact]]:
    """Let facts go into a table of their own while the modules of a course are imported; yield the table."""
    table: dict[str, Fact] = {}
    _tables.append(table)
    try:
        yield table
    finally:
        _tables.pop()


def find_fact(name: str, own: Mapping[str, Fact]) -> Fact | None:
    """Return the fact of a name, of the library or of the course's own."""
    return FACTS.get(name) or own.get(name)


def flaw_of(condition: Condition, *, has_origin: bool, own: Mapping[str, Fact]) -> str | None:
    """Return why a condition can never be measured, or never hold, whatever the response; None if it can.

    Args:
        condition: What a criterion or a symptom asks.
        has_origin: Whether each case has a model of the zoo among its arguments.
        own: The facts that the course brings itself.

    >>> flaw_of(Condition(fact="sparsity", args={"wieght": "w"}, at_least=0.5), has_origin=True, own={})
    "sparsity: missing a required argument: 'weight'"
    """
    found = find_fact(condition.fact, own)
    if found is None:
        return f"no fact is called {condition.fact!r}; there are {', '.join(sorted({*FACTS, *own}))}"
    try:
        found.signature.bind(None, FactContext(), **condition.args)
    except TypeError as error:
        return f"{condition.fact}: {error}"
    if "origin" in found.signature.parameters and not has_origin and condition.args.get("origin") is None:
        return f"{condition.fact}: no case has a model of the zoo, so name the original as origin"
    has_range = condition.at_least is not None or condition.at_most is not None
    texts = [isinstance(bound, str) for bound in (condition.equals, condition.differs) if bound is not None]
    if (found.is_text and has_range) or any(text != found.is_text for text in texts):
        is_text = found.is_text
        return f"{condition.fact} is {'a text' if is_text else 'no text'}, its bounds are {'not' if is_text else 'one'}"
    return None


_measured: ContextVar[dict[object, tuple[Scalar | QuizError, object]] | None] = ContextVar("_measured", default=None)


@contextlib.contextmanager
def measured_once() -> Iterator[None]:
    """Measure a fact once, whatever asks for it: criteria and symptoms of an exercise ask for many of them again."""
    token = _measured.set({})
    try:
        yield
    finally:
        _measured.reset(token)


def measure(condition: Condition, subject: Plain, context: FactContext) -> Scalar:
    """Return the fact that `condition` names, measured on `subject`.

    Raises:
        SpecError: no fact has this name, or it does not take these arguments; or a fact of the course's own fails.
        FactError: `subject` lacks what is measured.
    """
    known = _measured.get()
    if known is None:
        return _measure(condition, subject, context)
    parts = (subject, context.case, context.expected, context.got, context.expected_called)
    asked = find_fact(condition.fact, context.own)
    unseen = context.unseen if asked is None or asked.is_on_digits else ""
    rest = (unseen, context.given_changed, context.given_restated)
    key = (condition.fact, repr(sorted(condition.args.items())), *map(id, parts), rest)
    if key not in known:
        try:
            found: Scalar | QuizError = _measure(condition, subject, context)
        except QuizError as error:
            found = error
        known[key] = found, parts  # which are held, so that nothing else gets their ids meanwhile
    value, _ = known[key]
    if isinstance(value, QuizError):
        raise value
    return value


def _measure(condition: Condition, subject: Plain, context: FactContext) -> Scalar:
    if condition.fact in FACTS:
        return FACTS[condition.fact].function(subject, context, **condition.args)
    if condition.fact not in context.own:
        raise SpecError(f"no fact is called {condition.fact!r}; there are {', '.join(sorted({*FACTS, *context.own}))}.")
    try:
        return context.own[condition.fact].function(subject, context, **condition.args)
    except QuizError:
        raise
    except Exception as error:  # an instructor's own code may raise anything
        raise SpecError(
            f"the fact {condition.fact} fails ({type(error).__name__}: {error}); where evidence lacks what it "
            "measures, let it raise a FactError that says so."
        ) from error


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
