"""The spec of a code exercise as its author writes it, and the sheets that are made from it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from pydantic import ValidationError

from quizlib.authoring.rules import check_hidden, check_sheet
from quizlib.authoring.setups import given_by
from quizlib.errors import SpecError
from quizlib.evidence.build import build
from quizlib.evidence.called import call_returned
from quizlib.evidence.collect import VALUE_CASE
from quizlib.evidence.encode import encode
from quizlib.evidence.failures import failure
from quizlib.evidence.probe import Probe, ProbeCase
from quizlib.evidence.responses import RESPONSES, ResponseKind
from quizlib.evidence.values import CaseEvidence, Plain, Unreadable, ZooModel, walk
from quizlib.items.exercise import Condition, Criterion, Exercise, Symptom
from quizlib.items.fact import Fact
from quizlib.items.released import ExerciseSheet

UNSEEN = "unseen-digits"
"""What the seed of the digits of a grading is drawn for; no id of an item ends without a space and its code."""


@dataclass(frozen=True, eq=False, init=False)
class Case:
    """One call of the learner's function, and the criterion whose behaviour it shows.

    Arguments are live values as a learner would pass them (numbers, lists, NumPy arrays, torch tensors,
    dtypes), or a `ZooModel` where a fresh model is to be built.
    `called_with` are those with which a model that the function returns is called in its turn; facts such as
    `called_error` look at what it gives.

    >>> Case("typical", [1.0, 2.0], bits=4).keywords
    {'bits': 4}
    """

    behaviour: str
    arguments: tuple[object, ...]
    keywords: dict[str, object]
    called_with: tuple[object, ...] = ()

    def __init__(self, behaviour: str, *arguments: object, **keywords: object) -> None:
        object.__setattr__(self, "behaviour", behaviour)
        object.__setattr__(self, "arguments", arguments)
        object.__setattr__(self, "keywords", keywords)

    def probe(self, name: str) -> ProbeCase:
        """Return the case as plain data under an id."""
        keywords = {key: _plain(value) for key, value in self.keywords.items()}
        called_with = tuple(_plain(value) for value in self.called_with)
        return ProbeCase(name, tuple(_plain(value) for value in self.arguments), keywords, called_with)

    def calling(self, *arguments: object) -> Case:
        """Return the case with arguments for the model that is returned.

        >>> Case("typical", 4).calling([1.0]).called_with
        ([1.0],)
        """
        other = Case(self.behaviour, *self.arguments, **self.keywords)
        object.__setattr__(other, "called_with", arguments)
        return other


def _plain(value: object) -> Plain:
    if isinstance(value, ZooModel):
        return value
    if isinstance(value, list | tuple):
        items = [_plain(item) for item in value]
        return items if isinstance(value, list) else tuple(items)
    plain = encode(value)
    if isinstance(plain, Unreadable):
        raise SpecError(f"a case has an argument of type {plain.type_name} that {plain.reason}.")
    return plain


@dataclass(frozen=True, eq=False, kw_only=True)
class ExerciseSpec:
    """A code exercise with all that only the judge knows.

    Args:
        title, revision, hints, criteria: as released, see `Exercise`.
        response: kind of the response.
        name: the learner's function or variable; left out where it is the id with underscores.
        setup: Python source of the cell that prepares the exercise (a checkpoint and data, under a second).
        reference: oracle, called with live arguments of a case (or without any for a value); returns the
            expected output, or raises what is expected. None where criteria only measure the response.
        public: cases that are shown; private: draws fresh cases from a seeded generator, at grading only.
        varies: what of the form of private cases is another in each draw, since it is what is asked about: `"lengths"`
            of arrays, `"names"` of layers, dtypes and models; everything else of their form is the same in all draws.
        keeps: variables of the setup, such as a model, of which a copy is asked for: the fact `given_changed` counts
            those that were used up.
        symptoms: the facts by which a misconception is recognised, where outputs vary (a model that was trained).
        id, lesson, misconceptions, recognised: added when the exercise is read, from its folder and its attempts.
        facts: those that the course brings itself, by name; added likewise, from its folder `facts/`.
    """

    id: str = ""
    lesson: str = ""
    title: str
    response: ResponseKind
    name: str = ""
    criteria: Sequence[Criterion]
    setup: str = ""
    keeps: Sequence[str] = ()
    revision: int = 1
    hints: Sequence[str] = ()
    symptoms: Mapping[str, Sequence[Condition]] = field(default_factory=dict)
    misconceptions: Sequence[Symptom] = ()
    reference: Callable[..., Any] | None = None
    public: Sequence[Case] = ()
    private: Callable[[np.random.Generator], Sequence[Case]] | None = None
    varies: Sequence[Literal["lengths", "names"]] = ()
    recognised: dict[str, tuple[dict[str, CaseEvidence], ...]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """Points of all criteria together."""
        return sum(criterion.points for criterion in self.criteria)

    def public_sheet(self) -> ExerciseSheet:
        """Return the sheet of a release: public cases with their expected results.

        Raises:
            SpecError: a criterion cannot be judged or cannot fail, or visible cases alone would decide.
        """
        if RESPONSES[self.response].is_judged_by_calls and self.private is None:
            raise SpecError(f"{self.id}: a function needs private cases, else answers to the visible ones would pass.")
        return self._sheet(self._public_cases(), [])

    def grading_sheet(self, secret: bytes, code: str = "") -> ExerciseSheet:
        """Return the sheet of a grading: public and private cases, drawn from HMAC(secret, item id and code).

        The digits on which it measures accuracy are drawn from the secret alone, the same for a whole class.

        Args:
            secret: The course's.
            code: What tells one submission from another, such as a hash of its code; equal ones get equal cases.

        Raises:
            SpecError: as for `public_sheet`.
        """
        drawn = self.private(generator(secret, self.id, code)) if self.private else ()
        private = [(case.behaviour, case.probe(f"private-{i}")) for i, case in enumerate(drawn)]
        sheet = replace(self._sheet(self._public_cases(), private), unseen=_seed(secret, UNSEEN).hex())
        if RESPONSES[self.response].is_judged_by_calls:
            check_hidden(sheet)
        return sheet

    def _public_cases(self) -> list[tuple[str, ProbeCase]]:
        return [(case.behaviour, case.probe(f"public-{i}")) for i, case in enumerate(self.public)]

    def _sheet(self, public: list[tuple[str, ProbeCase]], private: list[tuple[str, ProbeCase]]) -> ExerciseSheet:
        cases = [*public, *private]
        behaviours = {case.id: behaviour for behaviour, case in cases}
        shown = frozenset(case.id for _, case in public)
        if RESPONSES[self.response].is_compared_itself:
            behaviours, shown = {VALUE_CASE: self.criteria[0].id}, frozenset([VALUE_CASE])
        given = given_by(self.setup, self.id, tuple(self.keeps))
        probe = Probe(self.id, self.revision, self.response, self.name, tuple(case for _, case in cases), given)
        exercise, answers = self._exercise(behaviours), self._answers(probe)
        sheet = ExerciseSheet(exercise, probe, answers, shown, self.recognised, facts=self.facts)
        check_sheet(sheet)
        return sheet

    def _exercise(self, behaviours: dict[str, str]) -> Exercise:
        try:
            return Exercise(
                id=self.id,
                revision=self.revision,
                lesson=self.lesson,
                points=self.points,
                hints=tuple(self.hints),
                title=self.title,
                response=self.response,
                name=self.name,
                criteria=tuple(self.criteria),
                misconceptions=tuple(self.misconceptions),
                behaviours=behaviours,
            )
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "the whole entry"
            message = first["msg"].removeprefix("Value error, ")
            raise SpecError(f"exercise {self.id}, field {field}: {message}.") from error

    def _answers(self, probe: Probe) -> dict[str, CaseEvidence]:
        if self.reference is None:
            return {}
        if RESPONSES[self.response].is_compared_itself:
            return {VALUE_CASE: answer(self.reference, ProbeCase(VALUE_CASE))}
        known = self._public_answers
        return {case.id: known.get(case.id) or answer(self.reference, case) for case in probe.cases}

    @cached_property
    def _public_answers(self) -> dict[str, CaseEvidence]:
        """The expected results of the public cases, which are the same in every draw."""
        if self.reference is None:
            return {}
        return {case.id: answer(self.reference, case) for _, case in self._public_cases()}


def answer(reference: Callable[..., Any], case: ProbeCase) -> CaseEvidence:
    """Return what the reference gives on a case: an output, or the exception it raises on purpose.

    Raises:
        SpecError: the output is not plain data.
    """
    arguments = [build(argument) for argument in case.arguments]
    keywords = {name: build(argument) for name, argument in (case.keywords or {}).items()}
    try:
        live = reference(*arguments, **keywords)
    except Exception as error:  # a reference may raise what it expects of the learner
        return CaseEvidence(case.id, None, failure(error))
    output = encode(live)
    unreadable = next((part for part in walk(output) if isinstance(part, Unreadable)), None)
    if unreadable is not None:
        raise SpecError(f"a reference returned {unreadable.told}.")
    return CaseEvidence(case.id, output, called=call_returned(case, live))


def generator(secret: bytes, item: str, code: str = "") -> np.random.Generator:
    """Return the generator of an item's private probes, the same for equal code and at every re-grade.

    Args:
        secret: The course's.
        item: Id of the item, which holds no space.
        code: What tells one submission from another.
    """
    return np.random.default_rng(int.from_bytes(_seed(secret, f"{item} {code}")[:16], "big"))


def _seed(secret: bytes, what: str) -> bytes:
    return hmac.new(secret, what.encode(), hashlib.sha256).digest()
