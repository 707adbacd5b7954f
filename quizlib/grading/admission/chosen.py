"""Which of the notebooks that were handed in counts, whatever their files are called and wherever they lie."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from quizlib.coursedir.course import Course
from quizlib.errors import NoNotebookError, NotANotebookError
from quizlib.grading.admission.alignment import align
from quizlib.grading.admission.regular_files import plain_name, survey
from quizlib.grading.admission.submission import Submitted, read_submitted
from quizlib.grading.cells import role

MAX_NOTEBOOKS = 20
"""Notebooks that are read of one submission, those with the expected name first."""

IGNORED = (".*", "__*")
"""Folders in which programs, not people, leave notebooks."""


@dataclass(frozen=True)
class Chosen:
    """The notebook that counts, its name in the folder that was handed in, and what has to be said of the choice."""

    submitted: Submitted
    name: str
    notes: tuple[str, ...]


def choose_notebook(course: Course, student: str, lesson: str, name: str | None = None) -> Chosen:
    """Return the notebook that was handed in for the lesson's notebook `name`, by default the one called after it.

    Raises:
        NotANotebookError: there is none; the message is about the file with the expected name, if there is one.
    """
    name = name or lesson
    released = nbformat.read(course.released(lesson) / f"{name}.ipynb", as_version=4)
    folder = course.submission(student, lesson)
    return find_submitted(folder, name, released)


def find_submitted(folder: Path, name: str, released: NotebookNode) -> Chosen:
    """Return the notebook of the lesson `name` in a folder, or one folder deeper.

    The lesson named in a notebook decides, then whether anything was worked in it, then whether it lies outermost,
    then the file's own name, then which one was changed last.

    Raises:
        NotANotebookError: there is none; the message is about the file with the expected name, if there is one.
    """
    if folder.is_symlink() or folder.parent.is_symlink():
        raise NotANotebookError("the submission is a link to another place.")
    read: dict[Path, Submitted] = {}
    problems: dict[Path, NotANotebookError] = {}
    expected = f"{name}.ipynb"
    paths = sorted(_notebooks(folder, expected), key=lambda path: (path.parent != folder, path.name != expected, path))
    for path in paths[:MAX_NOTEBOOKS]:
        try:
            read[path] = read_submitted(path)
        except NotANotebookError as error:
            problems[path] = error
    fitting = [notebook for path, notebook in read.items() if notebook.lesson == name or path.name == expected]
    if not fitting and len(read) == 1:
        fitting = [notebook for notebook in read.values() if notebook.lesson is None]
    if not fitting:
        raise _why_none(folder, expected, list(read), problems)
    best = _best(fitting, folder, name, released)
    return Chosen(best, best.path.relative_to(folder).as_posix(), tuple(_notes(best, fitting, folder, expected)))


def _notebooks(folder: Path, expected: str) -> Iterator[Path]:
    """Yield the notebooks in a folder, and those in the folders of it that a person may have made."""
    if not folder.is_dir():
        raise NotANotebookError("what was handed in is not a folder.")
    found = survey(folder, IGNORED)
    unread = next((one for one in found.left_out if one.name == "."), None)
    if unread is not None:
        raise NotANotebookError(f"the submission is {unread.reason}.")
    seen = {*found.files, *(one.name for one in found.left_out), expected}
    for name in sorted(seen):
        is_near = name.endswith(".ipynb") and name.count("/") <= 1
        if is_near and os.path.lexists(folder / name):
            yield folder / name


def _best(fitting: list[Submitted], folder: Path, name: str, released: NotebookNode) -> Submitted:
    if len(fitting) == 1:
        return fitting[0]

    def rank(notebook: Submitted) -> tuple[bool, bool, bool, bool, float, Path]:
        is_outermost, is_called_so = notebook.path.parent == folder, notebook.path.stem == name
        changed = notebook.path.lstat().st_mtime
        is_worked = has_answers(notebook, released)
        return notebook.lesson == name, is_worked, is_outermost, is_called_so, changed, notebook.path

    return max(fitting, key=rank)


def has_answers(submitted: Submitted, released: NotebookNode) -> bool:
    """Say whether a place for an answer holds something else than the release gave out, and not nothing."""
    given = {role(cell).get("grade_id"): _bare(cell) for cell in released.cells if role(cell).get("solution")}
    aligned, _ = align(submitted.cells, released)
    answers = [cell for cell in aligned.cells if role(cell).get("solution")]
    return any(_bare(cell) not in ("", given.get(role(cell).get("grade_id"))) for cell in answers)


def _bare(cell: NotebookNode) -> str:
    """Return the text of a cell without any white space."""
    return "".join(cell.source.split())


def _notes(best: Submitted, fitting: list[Submitted], folder: Path, expected: str) -> Iterator[str]:
    name = best.path.relative_to(folder).as_posix()
    if len(fitting) > 1:
        yield f"Of {len(fitting)} notebooks of this lesson, {plain_name(name)} was taken."
    elif name != expected:
        yield f"The file {plain_name(name)} was taken as {expected}."


def _why_none(
    folder: Path, expected: str, read: list[Path], problems: dict[Path, NotANotebookError]
) -> NotANotebookError:
    if folder / expected in problems:
        return problems[folder / expected]
    if problems:
        return next(iter(problems.values()))
    if read:
        return NotANotebookError(f"none of the {len(read)} notebooks handed in is of this lesson.")
    return NoNotebookError("no notebook was handed in.")
