"""What a task names beside the cases that probe it: parameters, parts of the answer, exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from quizlib.authoring.course import read_lesson
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence, Failure
from quizlib.items.exercise import Criterion, Matches, Raises
from quizlib.items.released import ExerciseSheet
from quizlib.mutants import mutants_of, parameters_of
from quizlib.verify.arguments import python_of
from quizlib.verify.depth import secret
from quizlib.verify.exercises import Subject
from quizlib.verify.mutants import solution_of
from quizlib.verify.selection import chosen_lessons, require_items
from quizlib.verify.subjects import subjects

NAMES = re.compile(r"\b[A-Z]\w*Error\b")
"""Exceptions as a task names them."""

FEWEST_VALUES = 2
"""Values that a parameter should take at least; of one that takes fewer, nobody sees whether it is used."""


@dataclass(frozen=True)
class Probed:
    """One thing that a task or its criteria name, and how often cases look at it, in practice and in grading.

    Of a parameter are counted its different values; of an exception, and of a part of the answer, its cases.
    """

    kind: Literal["parameter", "part", "exception"]
    name: str
    public: int
    graded: int
    is_stated: bool


def probes_of(solutions: Path, lessons: Sequence[str] = (), only: Sequence[str] = ()) -> dict[str, list[Probed]]:
    """Return, by exercise of some lessons, what its task names; nothing is run but references.

    Raises:
        SpecError: there is no such lesson or exercise, or a file of the course breaks the rules.
    """
    read = [subjects(read_lesson(solutions, lesson)) for lesson in chosen_lessons(solutions, lessons)]
    found = {item: subject for lesson in read for item, subject in lesson.items()}
    require_items(only, found)
    return {item: probed(subject) for item, subject in found.items() if item in only or not only}


def probed(subject: Subject) -> list[Probed]:
    """Return what an exercise names, with the cases of practice, and those of a grading under one secret.

    Raises:
        SpecError: the spec breaks a rule.
    """
    public, graded = subject.spec.public_sheet(), subject.spec.grading_sheet(secret(0))
    return [*_parameters(subject, public, graded), *_parts(subject, public, graded), *_errors(subject, public, graded)]


def probe_problems(subject: Subject) -> list[str]:
    """Return a sentence for each thing that is stated and hardly probed, or probed and not stated.

    A parameter may keep one value in practice where the mutant that freezes it is listed, with the reason.
    """
    fixed = _listed_as_fixed(subject)
    problems = []
    for one in probed(subject):
        if not one.is_stated:
            problems.append(f"its cases look at the {one.kind} {one.name}, which its task does not name.")
        elif one.kind != "parameter":
            if not one.public or not one.graded:
                where = "public cases look" if not one.public else "cases look"
                problems.append(f"its task names the {one.kind} {one.name}, but no {where} at it.")
        elif one.graded < FEWEST_VALUES:
            problems.append(f"the parameter {one.name} takes one value in all cases; vary it.")
        elif one.public < FEWEST_VALUES and one.name not in fixed:
            problems.append(
                f"the parameter {one.name} takes one value in the public cases; vary it, or list the mutant that "
                "fixes it as one for grading alone."
            )
    return problems


def _parameters(subject: Subject, public: ExerciseSheet, graded: ExerciseSheet) -> Iterator[Probed]:
    defaults = parameters_of(solution_of(subject.spec, subject.solution))
    for name, default in defaults.items():
        position = list(defaults).index(name)
        seen, asked = (
            {_value(case, name, position) or default for case in sheet.probe.cases} for sheet in (public, graded)
        )
        yield Probed("parameter", name, len(seen), len(asked), True)


def _value(case: ProbeCase, name: str, position: int) -> str | None:
    """Return what a case gives for a parameter, as Python; None where it leaves it out."""
    if position < len(case.arguments):
        return python_of(case.arguments[position])
    keywords = case.keywords or {}
    return python_of(keywords[name]) if name in keywords else None


def _parts(subject: Subject, public: ExerciseSheet, graded: ExerciseSheet) -> Iterator[Probed]:
    """Yield the parts by name that criteria compare one by one, and the entries of expected dicts."""
    named = [rule.part for rule in _rules(subject.spec.criteria) if isinstance(rule.part, str)]
    outputs = [answer.output for answer in graded.answers.values()]
    keys = [key for output in outputs if isinstance(output, dict) for key in output if isinstance(key, str)]
    is_fixed = all(set(output) == set(keys) for output in outputs if isinstance(output, dict))
    for part in dict.fromkeys([*named, *(keys if is_fixed else ())]):
        shown, asked = (sum(_has_part(one, part) for one in sheet.answers.values()) for sheet in (public, graded))
        yield Probed("part", part, shown, asked, part in _text(subject))


def _rules(criteria: Sequence[Criterion]) -> list[Matches]:
    return [one.requirement for one in criteria if isinstance(one.requirement, Matches)]


def _has_part(answer: CaseEvidence, part: str) -> bool:
    return isinstance(answer.output, dict) and part in answer.output


def _errors(subject: Subject, public: ExerciseSheet, graded: ExerciseSheet) -> Iterator[Probed]:
    """Yield the exceptions that the task tells to raise, and those that criteria ask for."""
    told = [name for sentence in _sentences(subject) if "rais" in sentence for name in NAMES.findall(sentence)]
    asked = [one.requirement.types for one in subject.spec.criteria if isinstance(one.requirement, Raises)]
    for types in dict.fromkeys([*asked, *((name,) for name in told if not any(name in group for group in asked))]):
        shown, asking = (
            sum(_raises(answer.failure, types) for answer in sheet.answers.values()) for sheet in (public, graded)
        )
        yield Probed("exception", " or ".join(types), shown, asking, any(name in _text(subject) for name in types))


def _raises(failure: Failure | None, types: Sequence[str]) -> bool:
    return failure is not None and bool(set(types) & set(failure.ancestors))


def _sentences(subject: Subject) -> list[str]:
    return re.split(r"(?<=[.:;])\s", _text(subject))


def _text(subject: Subject) -> str:
    """Return what a learner reads of an exercise: its task and the stub."""
    return f"{subject.task}\n{subject.stub}"


def _listed_as_fixed(subject: Subject) -> set[str]:
    """Return the parameters of which a mutant that fixes them is listed, with its reason."""
    listed = {one.diff for one in subject.accepted}
    if not listed:
        return set()
    made = mutants_of(solution_of(subject.spec, subject.solution))
    found = [mutant for mutant in made if mutant.kind == "b" and mutant.diff in listed]
    return {mutant.label.partition(": ")[2].partition(" fixed ")[0] for mutant in found}
