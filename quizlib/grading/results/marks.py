"""The marks of a submission as the gradebook has them: what was judged, and what a person or a due date made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbgrader.api import MissingEntry

from quizlib.coursedir.course import Course
from quizlib.coursedir.gradebook import opened
from quizlib.items.base import Model

if TYPE_CHECKING:
    from nbgrader.api import Gradebook, SubmittedAssignment


class Marks(Model):
    """What a submission's final score is made of, in points.

    `automatic` are those of cells that nobody overrode, `by_hand` those a person gave, `extra` what was added,
    `penalty` what lateness takes away; `waiting` cells are still to be looked at by a person.
    `digest` tells everything that a feedback page shows of all this, comments too.
    """

    automatic: float
    by_hand: float
    extra: float
    penalty: float
    waiting: int
    digest: str

    @property
    def final(self) -> float:
        """The score that nbgrader exports: never below 0.

        >>> Marks(automatic=6, by_hand=2, extra=1, penalty=4, waiting=0, digest="").final
        5.0
        """
        return max(0.0, round(self.automatic + self.by_hand + self.extra - self.penalty, 6))

    @property
    def is_judged_alone(self) -> bool:
        """Whether nothing but what was judged makes the score, and nobody is waited for."""
        return not (self.by_hand or self.extra or self.penalty or self.waiting)

    @property
    def made_of(self) -> str:
        """What the score is made of, in words; empty where it is what was judged.

        >>> Marks(automatic=6, by_hand=2, extra=0, penalty=4, waiting=1, digest="").made_of
        '6 automatic + 2 by hand - 4 late, 1 cell waits for a person'
        """
        if self.is_judged_alone:
            return ""
        parts = f"{self.automatic:g} automatic"
        for sign, points, what in (
            ("+", self.by_hand, "by hand"),
            ("+", self.extra, "extra"),
            ("-", self.penalty, "late"),
        ):
            parts += f" {sign} {points:g} {what}" if points else ""
        cells = "1 cell waits" if self.waiting == 1 else f"{self.waiting} cells wait"
        return f"{parts}, {cells} for a person" if self.waiting else parts


def marks_of(course: Course, lesson: str, students: Sequence[str]) -> dict[str, Marks]:
    """Return the marks of students by id; who has no submission in the gradebook is left out.

    Raises:
        GradingError: the gradebook cannot be opened.
    """
    found = {}
    with opened(course) as gradebook:
        for student in students:
            marks = marks_in(gradebook, lesson, student)
            if marks is not None:
                found[student] = marks
    return found


def marks_in(gradebook: Gradebook, lesson: str, student: str) -> Marks | None:
    """Return the marks of one submission, or None where there is none."""
    try:
        submission = gradebook.find_submission(lesson, student)
    except MissingEntry:
        return None
    grades = [grade for book in submission.notebooks for grade in book.grades]
    given = [grade for grade in grades if grade.manual_score is not None]
    return Marks(
        automatic=sum(grade.auto_score or 0.0 for grade in grades if grade.manual_score is None),
        by_hand=sum(grade.manual_score for grade in given),
        extra=sum(grade.extra_credit or 0.0 for grade in grades),
        penalty=submission.late_submission_penalty or 0.0,
        waiting=sum(bool(grade.needs_manual_grade) for grade in grades),
        digest=_digest(submission),
    )


def _digest(submission: SubmittedAssignment) -> str:
    shown = [
        [
            book.name,
            book.late_submission_penalty,
            sorted([g.name, g.auto_score, g.manual_score, g.extra_credit, g.max_score] for g in book.grades),
            sorted([c.name, c.comment] for c in book.comments),
        ]
        for book in sorted(submission.notebooks, key=lambda book: str(book.name))
    ]
    return hashlib.sha256(json.dumps(shown).encode("utf-8", "backslashreplace")).hexdigest()[:32]
