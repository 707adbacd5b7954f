"""Admission: whatever was handed in becomes a notebook that can be graded, or is graded 0 with the reason said.

nbgrader reads a submission through its exporter, so that is where this stands; the files that were handed in
are never touched.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode

from quizlib.coursedir.course import Course
from quizlib.errors import GradingError, NotANotebookError
from quizlib.evidence.places import ITEMS
from quizlib.grading.alignment import align
from quizlib.grading.submission import find_submitted
from quizlib.grading.timestamp import handed_in_at

METADATA = "quizlib_admission"
"""Key of the notebook's metadata that carries an `Admission` from reading to execution."""


@dataclass(frozen=True)
class Admission:
    """How a submission was admitted: its file, the release it claims, and why it is not run, if it is not."""

    file: str
    release: str
    refused: str = ""

    @classmethod
    def of(cls, notebook: NotebookNode) -> Admission:
        """Return what `admit` noted in the notebook.

        Raises:
            GradingError: it has not been admitted.
        """
        noted = notebook.metadata.get(METADATA)
        if noted is None:
            raise GradingError("the notebook has not been admitted; grade it from the course directory.")
        return cls(**noted)


def admit(course: Course, student: str, lesson: str, name: str) -> NotebookNode:
    """Return the notebook to grade as `name`, aligned with the release, with a first cell on what was repaired."""
    released: NotebookNode = nbformat.read(course.released(lesson) / f"{name}.ipynb", as_version=4)
    try:
        submitted = find_submitted(course.submission(student, lesson), name)
    except NotANotebookError as error:
        notebook, notes = released, [f"Nothing was run: {error}"]
        admission = Admission("", course.current_release, str(error))
    else:
        notebook, notes = align(submitted.cells, released)
        handed_in = handed_in_at(course.submission(student, lesson))
        admission = Admission(submitted.path.name, course.release_of(submitted.release, handed_in))
        if submitted.path.name != f"{name}.ipynb":
            notes.insert(0, f"The file {plain_name(submitted.path.name)} was taken as {name}.ipynb.")
    if notes:
        notebook.cells.insert(0, _notice(notes))
    notebook.metadata[METADATA] = asdict(admission)
    return notebook


def claim_release(notebook: NotebookNode, release: str) -> None:
    """Let an admitted notebook be judged as if it came from `release`."""
    notebook.metadata[METADATA] = asdict(replace(Admission.of(notebook), release=release))


def _notice(notes: list[str]) -> NotebookNode:
    lines = "\n".join(f"- {note}" for note in notes)
    notice: NotebookNode = nbformat.v4.new_markdown_cell(
        f"**On reading this submission**\n\n{lines}", id="admission-notice"
    )
    return notice


def plain_name(name: str) -> str:
    """Return a file's name as text that means nothing to Markdown, HTML or a terminal.

    >>> plain_name("<b>my*.ipynb")
    '_b_my_.ipynb'
    """
    return re.sub(r"[^\w. ()-]", "_", name)[:80]


class AdmittingExporter(NotebookExporter):
    """nbgrader's notebook exporter, which reads submissions through admission and everything else as it is."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:  # noqa: ANN401  nbconvert's
        """Convert the submission called `filename`, or the notebook of that name if it is none."""
        parent: Any = self.parent
        course, named = Course(Path(parent.coursedir.root)), resources["nbgrader"]
        student, lesson = named["student"], named["assignment"]
        if Path(filename).parent != course.submission(student, lesson):
            return super().from_filename(filename, resources, **kw)
        course.verdicts(student, lesson).unlink(missing_ok=True)
        _tidy(course, student, lesson)
        notebook: Any = admit(course, student, lesson, named["notebook"])
        resources["metadata"] = {"name": named["notebook"], "path": str(Path(filename).parent)}
        converted: tuple[Any, dict[str, Any]] = self.from_notebook_node(notebook, resources, **kw)  # type: ignore[no-untyped-call]  # nbconvert's own
        return converted


def _tidy(course: Course, student: str, lesson: str) -> None:
    """Remove from the kernel's working directory what nbgrader copied there and no kernel should find.

    That is whatever it copied through a link, which is not the student's, and the released items: while a class is
    graded the kernel needs probes only.
    """
    handed_in, copies = course.submission(student, lesson), course.autograded(student, lesson)
    for path in handed_in.rglob("*"):
        if path.is_symlink():
            (copies / path.relative_to(handed_in)).unlink(missing_ok=True)
    shutil.rmtree(copies / ITEMS, ignore_errors=True)


class AdmitNames:
    """nbgrader's `pre_convert_hook`: grade what the lesson's notebooks are called, whatever the files are called.

    nbgrader would skip a renamed file; the exporter finds it by the lesson that is named in it.
    """

    def __init__(self, course: Course) -> None:
        self._course = course

    def __call__(self, assignment: str, student: str, notebooks: list[str]) -> None:
        """Replace the list, in place, by the names that the lesson was released under."""
        folder = Path(notebooks[0]).parent
        released = self._course.released_notebooks(folder.name)
        if released and folder == self._course.submission(folder.parent.name, folder.name):
            notebooks[:] = [str(folder / notebook.name) for notebook in released]
