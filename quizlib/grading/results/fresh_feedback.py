"""Feedback that shows the marks as they are: each page tells from what it was written, and no old page is released."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.converters import GenerateFeedback
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import capture_log, temp_attrs
from traitlets.config import Config

from quizlib.coursedir.course import Course
from quizlib.coursedir.gradebook import opened, writing
from quizlib.coursedir.nbgrader_log import last_error
from quizlib.coursedir.settings import importable
from quizlib.grading.results.marks import marks_of

STAMP = "<!-- marks {digest} -->\n"
BY_EXCHANGE = ("timestamp.txt", "submission_secret.txt")
"""Files that nbgrader's exchange leaves beside a submission, without which it cannot bring feedback back."""


def stamp_of(course: Course, lesson: str, student: str) -> str:
    """Return the line that ends a page written from the marks as they are now; empty where there are none."""
    marks = marks_of(course, lesson, [student]).get(student)
    return STAMP.format(digest=marks.digest) if marks else ""


def is_fresh(course: Course, lesson: str, student: str) -> bool:
    """Say whether there is a page of feedback on every notebook, and it shows the marks as they are now.

    Other pages that lie there were handed in.
    """
    folder = course.feedback(student, lesson)
    pages = [folder / f"{notebook.stem}.html" for notebook in course.released_notebooks(lesson)]
    stamp = stamp_of(course, lesson, student).encode()
    return bool(pages) and all(_end(page, len(stamp)) == stamp for page in pages)


def _end(page: Path, size: int) -> bytes | None:
    """Return the last bytes of a page, or None where there is none."""
    if not page.is_file():
        return None
    with page.open("rb") as file:
        file.seek(max(0, page.stat().st_size - size))
        return file.read()


def assign_penalty(course: Course, lesson: str, student: str) -> None:
    """Let nbgrader's plugin say anew what lateness costs somebody who is late, or was: a due date may have moved.

    Raises:
        GradingError: the gradebook cannot be opened.
        Exception: the instructor's plugin fails.
    """
    if not _is_late(course, lesson, student):
        return
    with importable(course.root):
        step = AssignLatePenalties(config=course.config)
        for path in course.released_notebooks(lesson):
            named = {"notebook": path.stem, "assignment": lesson, "student": student}
            resources = {"nbgrader": {**named, "db_url": course.settings.db_url}}
            with writing(course.root):
                step.preprocess(nbformat.v4.new_notebook(), resources)


def _is_late(course: Course, lesson: str, student: str) -> bool:
    with opened(course) as gradebook:
        try:
            submission = gradebook.find_submission(lesson, student)
        except MissingEntry:
            return False
        return bool(submission.total_seconds_late > 0 or submission.late_submission_penalty)


def write_feedback(converter: GenerateFeedback) -> dict[str, Any]:
    """Run nbgrader's converter of feedback over whatever it made before, and return what it says of itself."""
    converter.update_config(Config({"HTMLExporter": {"template_name": "feedback"}}))
    converter.force = True
    result: dict[str, Any] = capture_log(converter)
    return result


class ReleaseFreshFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]  # nbgrader publishes no types
    """nbgrader's release of feedback, where pages that marks have outrun are written anew first.

    Whose work came in by hand is passed over with a word: the exchange cannot tell whom their page belongs to.
    """

    def copy_files(self) -> None:
        """Release the pages of everybody whose page is as it should be."""
        course, lesson = Course(Path(self.coursedir.root)), str(self.coursedir.assignment_id)
        held = [student for student in self._students(course, lesson) if not self._is_ready(course, lesson, student)]
        before = [name for name in self.coursedir.student_id_exclude.split(",") if name]
        with temp_attrs(self.coursedir, student_id_exclude=",".join([*before, *held])):
            super().copy_files()

    def _students(self, course: Course, lesson: str) -> list[str]:
        wanted = self.coursedir.student_id
        folders = course.place("feedback").glob(f"*/{lesson}")
        return sorted(path.parent.name for path in folders if wanted in ("", "*", path.parent.name))

    def _is_ready(self, course: Course, lesson: str, student: str) -> bool:
        folder = course.feedback(student, lesson)
        if not all((folder / name).is_file() for name in BY_EXCHANGE):
            self.log.warning("%s handed in by hand; give them the page yourself: %s", student, folder)
            return False
        assign_penalty(course, lesson, student)
        if is_fresh(course, lesson, student):
            return True
        self.log.info("Marks of %s have changed; the feedback is written again", student)
        with temp_attrs(self.coursedir, student_id=student):
            result = write_feedback(GenerateFeedback(coursedir=self.coursedir, parent=self))
        if not result["success"]:
            reason = last_error(result.get("log") or result.get("error") or "")
            self.log.error("%s gets no feedback, since it could not be written again: %s", student, reason)
        return bool(result["success"])
