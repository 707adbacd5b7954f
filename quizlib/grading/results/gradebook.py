"""What grading writes into the gradebook and reads from it, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveAutoGrades

from quizlib.coursedir.course import Course
from quizlib.coursedir.gradebook import opened, writing
from quizlib.errors import GradingError
from quizlib.grading.cells import graded_item, role
from quizlib.grading.results.verdict_cells import VERDICTS


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]  # nbgrader publishes no types
    """nbgrader's SaveAutoGrades, while nobody else writes."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Save the scores of all graded cells."""
        with writing(Path(self.parent.parent.coursedir.root)):
            saved: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return saved

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        """Save the score of a cell; one that could not be judged has none, and waits as for a person's grade."""
        super()._add_score(cell, resources)
        verdict = resources.get(VERDICTS, {}).get(graded_item(cell))
        if verdict is not None and verdict.is_our_fault:
            of = {"notebook": self.notebook_id, "assignment": self.assignment_id, "student": self.student_id}
            grade = self.gradebook.find_grade(role(cell)["grade_id"], **of)
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()


def create_rows(course: Course, lesson: str, students: Iterable[str]) -> dict[str, str]:
    """Make the rows of submissions before several workers look for them at once, each on its own.

    Returns:
        Those whose rows could not be made, each with the reason.

    Raises:
        GradingError: the lesson is not in the gradebook.
    """
    with writing(course.root), opened(course) as gradebook:
        try:
            gradebook.find_assignment(lesson)
        except MissingEntry as error:
            raise GradingError(f"{lesson} is not in the gradebook; run again: quizlib course {course.root}") from error
        found = {student: _create_rows_of(gradebook, lesson, student) for student in students}
    return {student: problem for student, problem in found.items() if problem}


def _create_rows_of(gradebook: Gradebook, lesson: str, student: str) -> str:
    """Make the rows of one submission, and return why they could not be made, if so; the others' are left as they are.

    A database has its own ideas of a name; a transaction that failed is given up, so that the next one can begin.
    """
    try:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(lesson, student)
    except Exception as error:
        gradebook.db.rollback()
        return f"the gradebook does not take the submission ({type(error).__name__})"
    return ""


def auto_scores(course: Course, lesson: str, student: str) -> dict[tuple[str, str], float | None]:
    """Return what the gradebook holds: the automatic score of each cell, by notebook and grade id."""
    with opened(course) as gradebook:
        try:
            submission = gradebook.find_submission(lesson, student)
        except MissingEntry:
            return {}
        return {(book.name, g.name): g.auto_score for book in submission.notebooks for g in book.grades}
