"""Run nbgrader's own `generate_assignment` in a course, with the settings of its `nbgrader_config.py`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import MissingEntry, Notebook
from nbgrader.converters import GenerateAssignment
from nbgrader.utils import capture_log

from quizlib.coursedir.course import Course
from quizlib.coursedir.gradebook import is_missing, opened, scripts_on_path
from quizlib.coursedir.nbgrader_log import last_error
from quizlib.coursedir.settings import nbgraders_directory
from quizlib.errors import GradingError


def generate(course: Course, lesson: str) -> None:
    """Derive `release/<lesson>` from `source/<lesson>`, as `nbgrader generate_assignment <lesson> --force` does.

    Raises:
        GradingError: nbgrader could not; the message has its last error.
    """
    directory = nbgraders_directory(course.config, assignment_id=lesson)
    converter = GenerateAssignment(coursedir=directory, config=course.config)
    converter.force = True
    with scripts_on_path():
        result: dict[str, Any] = capture_log(converter)
    if not result["success"]:
        reason = last_error(result.get("log") or result.get("error") or "")
        raise GradingError(f"nbgrader could not release {lesson}: {reason}")


def is_in_gradebook(course: Course, lesson: str) -> bool:
    """Say whether the gradebook, as it is configured now, knows the notebook of a lesson.

    Raises:
        GradingError: the gradebook cannot be opened.
    """
    with _known(course, lesson) as notebook:
        return notebook is not None


def require_same_cells(course: Course, lesson: str, notebook: NotebookNode) -> None:
    """Refuse a change of the graded cells of a lesson that has submissions already.

    nbgrader refuses such a change half way through; this refuses it before anything is touched.

    Raises:
        GradingError: `notebook` adds or removes graded cells, or the gradebook cannot be opened.
    """
    with _known(course, lesson) as known:
        if known is None:
            return
        submissions, before = len(known.submissions), {cell.name for cell in known.source_cells}
    ours = {cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata}
    changed = sorted(ours ^ before)
    if submissions and changed:
        raise GradingError(
            f"{lesson} has {submissions} submissions in the gradebook and this release adds or removes "
            f"{', '.join(changed)}; nbgrader keeps the cells of a lesson that is being graded, so make a new course."
        )


@contextmanager
def _known(course: Course, lesson: str) -> Iterator[Notebook | None]:
    """Yield the notebook of a lesson as the open gradebook has it, or None."""
    if is_missing(course):
        yield None
        return
    with scripts_on_path(), opened(course) as gradebook:
        try:
            found = gradebook.find_notebook(lesson, lesson)
        except MissingEntry:
            found = None
        yield found
