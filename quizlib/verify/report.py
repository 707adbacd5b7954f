"""What verify found: counts by lesson, whose JSON keys are a contract, and a sentence for each problem."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, Field


class QuestionCounts(BaseModel):
    """How many questions there are, proved or cited, and how many distractors were refuted."""

    total: int = 0
    proved: int = 0
    cited: int = 0
    distractors: int = 0
    refuted: int = 0


class ExerciseCounts(BaseModel):
    """How many exercises and points there are; references with full marks and stubs with none."""

    total: int = 0
    points: int = 0
    reference_full: int = 0
    stub_zero: int = 0


class AttemptCounts(BaseModel):
    """How many attempts there are, and how they fared.

    Wrong ones are `caught` as labelled, right ones `passed`, second variants `named`; decoys should not be `accused`.
    """

    wrong: int = 0
    caught: int = 0
    right: int = 0
    passed: int = 0
    second_variants: int = 0
    named: int = 0
    decoys: int = 0
    accused: int = 0


class MutantCounts(BaseModel):
    """How many mutants were made and run, and how they fared.

    They are `caught` in grading and `in_practice`, on the public cases; those listed as `equivalent` cannot be.
    """

    made: int = 0
    caught: int = 0
    in_practice: int = 0
    equivalent: int = 0

    def add(self, other: MutantCounts) -> None:
        """Add other counts to these."""
        _add(self, other)


NAMED_SHARE = 0.9
"""Share of the second variants of wrong attempts for which the learner's card names the misconception."""


class LessonReport(BaseModel):
    """One lesson's counts, the seconds of work they took, and what is wrong; `mutant_kinds` are counts by kind."""

    questions: QuestionCounts = Field(default_factory=QuestionCounts)
    exercises: ExerciseCounts = Field(default_factory=ExerciseCounts)
    attempts: AttemptCounts = Field(default_factory=AttemptCounts)
    mutants: MutantCounts = Field(default_factory=MutantCounts)
    seconds: float = 0.0
    problems: list[str] = Field(default_factory=list, exclude=True)
    mutant_kinds: dict[str, MutantCounts] = Field(default_factory=dict, exclude=True)

    def add(self, part: LessonReport) -> None:
        """Add the counts of a part to these."""
        for name in ("questions", "exercises", "attempts", "mutants"):
            _add(getattr(self, name), getattr(part, name))
        for kind, counts in part.mutant_kinds.items():
            self.mutant_kinds.setdefault(kind, MutantCounts()).add(counts)
        self.seconds = round(self.seconds + part.seconds, 3)
        self.problems += part.problems


def _add(mine: BaseModel, other: BaseModel) -> None:
    """Add the counts of one model to those of another of its class."""
    for field in type(mine).model_fields:
        setattr(mine, field, getattr(mine, field) + getattr(other, field))


class Report(BaseModel):
    """The report on all lessons."""

    lessons: dict[str, LessonReport] = Field(default_factory=dict)

    @property
    def problems(self) -> list[str]:
        """Every problem, each headed by its lesson."""
        return [f"{lesson}: {problem}" for lesson, report in self.lessons.items() for problem in report.problems]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """Return the report under the keys of the contract.

        >>> Report(lessons={"01-x": LessonReport()}).to_json()["ok"]
        True
        """
        return {"lessons": {name: report.model_dump() for name, report in self.lessons.items()}, "ok": self.ok}


def merged(parts: Iterable[tuple[str, LessonReport]]) -> Report:
    """Return one report of the parts, lesson by lesson.

    >>> a = LessonReport(questions=QuestionCounts(total=1))
    >>> merged([("01-x", a), ("01-x", a)]).lessons["01-x"].questions.total
    2
    """
    report = Report()
    for lesson, part in parts:
        report.lessons.setdefault(lesson, LessonReport()).add(part)
    return report


def unnamed(report: LessonReport) -> list[str]:
    """Return a problem if feedback names the misconception for too few of the second variants.

    >>> unnamed(LessonReport.model_validate({"attempts": {"second_variants": 10, "named": 8}}))
    ['feedback names the misconception for 8 of 10 second variants; at least 90% are asked.']
    """
    named, total = report.attempts.named, report.attempts.second_variants
    if named >= NAMED_SHARE * total:
        return []
    share = f"{NAMED_SHARE:.0%}"
    return [f"feedback names the misconception for {named} of {total} second variants; at least {share} are asked."]
