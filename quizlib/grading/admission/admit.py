"""Admission: whatever was handed in becomes a notebook that can be graded, or is graded 0 with the reason said.

nbgrader reads a submission through its exporter, so that is where this stands; the files that were handed in
are never touched.
"""

from __future__ import annotations

import glob
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde

from quizlib.coursedir.course import Course
from quizlib.coursedir.student_id import flaw_of, readable
from quizlib.errors import GradingError, NoNotebookError, NotANotebookError
from quizlib.evidence.places import ITEMS
from quizlib.grading.admission.alignment import align
from quizlib.grading.admission.chosen import choose_notebook
from quizlib.grading.admission.clean_copy import CleanDirectory
from quizlib.grading.admission.timestamp import handed_in_at
from quizlib.judging.verdict import Status

METADATA = "quizlib_admission"
"""Key of the notebook's metadata that carries an `Admission` from reading to execution."""

NOTHING_RUN = "Nothing was run:"
"""How the notice of a refused submission begins."""


@dataclass(frozen=True)
class Admission:
    """How a submission was admitted: its file, the release it claims, why it is not run, if it is not, and notes.

    Notes are what the notice in the notebook says: which file was taken, what was left out, what was repaired.
    """

    file: str
    release: str
    refused: str = ""
    notes: tuple[str, ...] = ()
    status: Status = "invalid"
    """How its items end if it is refused."""

    @classmethod
    def of(cls, notebook: NotebookNode) -> Admission:
        """Return what `admit` noted in the notebook.

        Raises:
            GradingError: it has not been admitted.
        """
        noted = notebook.metadata.get(METADATA)
        if noted is None:
            raise GradingError("the notebook has not been admitted; grade it from the course directory.")
        return cls(**{**noted, "notes": tuple(noted["notes"])})


def admit(course: Course, student: str, lesson: str, name: str, left_out: Sequence[str] = ()) -> NotebookNode:
    """Return the notebook to grade as `name`, aligned with the release, with a first cell on what was repaired.

    Args:
        course: The course directory.
        student: Who handed it in.
        lesson: Id of the lesson.
        name: What the notebook of the release is called.
        left_out: What is to be said of files that lay beside the notebook and were not taken.
    """
    released: NotebookNode = nbformat.read(course.released(lesson) / f"{name}.ipynb", as_version=4)
    try:
        chosen = choose_notebook(course, student, lesson, name)
    except NotANotebookError as error:
        notebook, notes = released, (f"{NOTHING_RUN} {error}", *left_out)
        status: Status = "missing" if isinstance(error, NoNotebookError) else "invalid"
        admission = Admission("", course.current_release, str(error), notes, status)
    else:
        notebook, repaired = align(chosen.submitted.cells, released)
        notes = (*chosen.notes, *left_out, *repaired)
        release = course.release_of(chosen.submitted.release, handed_in_at(course.submission(student, lesson)))
        admission = Admission(readable(chosen.name), release, notes=notes)
    if notes:
        notebook.cells.insert(0, _notice(notes))
    notebook.metadata[METADATA] = asdict(admission)
    return notebook


def claim_release(notebook: NotebookNode, release: str) -> None:
    """Let an admitted notebook be judged as if it came from `release`."""
    notebook.metadata[METADATA] = asdict(replace(Admission.of(notebook), release=release))


def _notice(notes: Sequence[str]) -> NotebookNode:
    lines = "\n".join(f"- {note}" for note in notes)
    notice: NotebookNode = nbformat.v4.new_markdown_cell(
        f"**On reading this submission**\n\n{lines}", id="admission-notice"
    )
    return notice


class AdmittingExporter(NotebookExporter):
    """nbgrader's notebook exporter, which reads submissions through admission and everything else as it is.

    nbgrader makes it when it knows which submissions there are, and before it copies any: from then on it finds them
    as clean copies, and those without a notebook among them.
    """

    def __init__(self, **traits: Any) -> None:  # noqa: ANN401  as traitlets takes them
        super().__init__(**traits)  # type: ignore[no-untyped-call]  # nbconvert's own
        converter = self.parent
        if isinstance(converter, Autograde):
            _take_every_submission(converter)
            converter.coursedir = CleanDirectory.like(converter.coursedir)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:  # noqa: ANN401  nbconvert's
        """Convert the submission called `filename`, or the notebook of that name if it is none."""
        parent: Any = self.parent
        course, named = Course(Path(parent.coursedir.root)), resources["nbgrader"]
        student, lesson = named["student"], named["assignment"]
        if Path(filename).parent != course.submission(student, lesson):
            return super().from_filename(filename, resources, **kw)
        course.verdicts(student, lesson).unlink(missing_ok=True)
        # While a class is graded the kernel needs probes only, and no released item should lie beside it.
        shutil.rmtree(course.autograded(student, lesson) / ITEMS, ignore_errors=True)
        notes = parent.coursedir.finish(student, lesson)
        notebook: Any = admit(course, student, lesson, named["notebook"], notes)
        resources["metadata"] = {"name": named["notebook"], "path": str(Path(filename).parent)}
        converted: tuple[Any, dict[str, Any]] = self.from_notebook_node(notebook, resources, **kw)  # type: ignore[no-untyped-call]  # nbconvert's own
        return converted


def _take_every_submission(converter: Autograde) -> None:
    """Let nbgrader grade a folder without a notebook, too, and pass over one whose student's name it cannot take.

    It would skip the one without a word, and end the whole batch over the other.
    """
    directory = converter.coursedir
    course = Course(Path(directory.root))
    asked = directory.format_path(directory.submitted_directory, directory.student_id, directory.assignment_id)
    for folder in map(Path, glob.glob(asked)):  # noqa: PTH207  as nbgrader finds them, links that lead nowhere too
        released = course.released_notebooks(folder.name)
        flaw = flaw_of(folder.parent.name)
        if flaw is not None:
            converter.assignments.pop(str(folder), None)
            converter.log.error("%r is not graded: %s", readable(folder.parent.name), flaw)
        elif released and str(folder) not in converter.assignments:
            converter.assignments[str(folder)] = [str(folder / notebook.name) for notebook in released]


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
