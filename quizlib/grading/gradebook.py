"""nbgrader's gradebook: one writer at a time, and what it says of a submission."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy.exc import SAWarning

from quizlib.errors import GradingError
from quizlib.grading.course import Course

LOCK = ".gradebook.lock"


def writing(root: Path) -> FileLock:
    """Return the lock that whoever writes to the gradebook of a course holds; it is free again when its holder dies."""
    return FileLock(root / LOCK, timeout=120)


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]  # nbgrader publishes no types
    """nbgrader's SaveAutoGrades, while nobody else writes."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Save the scores of all graded cells."""
        with writing(Path(self.parent.parent.coursedir.root)):
            saved: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return saved


@contextmanager
def opened(course: Course) -> Iterator[Gradebook]:
    """Open the gradebook of a course.

    Raises:
        GradingError: there is none; nbgrader would make an empty one.
    """
    path = course.root / "gradebook.db"
    if not path.is_file():
        raise GradingError(f"{path} is missing; run again: quizlib course {course.root}")
    with warnings.catch_warnings():
        # nbgrader's own queries touch rows that are not added yet; what they are about to add comes out right.
        warnings.simplefilter("ignore", SAWarning)
        with Gradebook(f"sqlite:///{path}") as gradebook:
            yield gradebook


def create_rows(course: Course, lesson: str, students: Iterable[str]) -> None:
    """Make the rows that submissions share before several workers look for them at once.

    Raises:
        GradingError: the lesson is not in the gradebook.
    """
    with writing(course.root), opened(course) as gradebook:
        try:
            gradebook.find_assignment(lesson)
        except MissingEntry as error:
            raise GradingError(f"{lesson} is not in the gradebook; run again: quizlib course {course.root}") from error
        for student in students:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(lesson, student)


def auto_scores(course: Course, lesson: str, student: str) -> dict[tuple[str, str], float | None]:
    """Return what the gradebook holds: the automatic score of each cell, by notebook and grade id."""
    with opened(course) as gradebook:
        try:
            submission = gradebook.find_submission(lesson, student)
        except MissingEntry:
            return {}
        return {(book.name, g.name): g.auto_score for book in submission.notebooks for g in book.grades}
