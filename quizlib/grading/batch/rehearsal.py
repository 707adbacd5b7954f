"""Execute and judge a submission as nbgrader would, and leave the course as it is.

Gradebook, graded copy, feedback and record are only read; the kernel works in a scratch copy of what was handed in.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import find_all_files
from traitlets.utils.importstring import import_item

from quizlib.coursedir.course import Course
from quizlib.errors import GradingError, InfrastructureError
from quizlib.evidence.places import ITEMS
from quizlib.grading.admission.admit import admit, claim_release
from quizlib.grading.admission.clean_copy import copy_clean
from quizlib.grading.execution.keeping import KeepEvidence
from quizlib.grading.execution.state import Execution, execution_of
from quizlib.grading.record import NotebookRecord, SubmissionRecord
from quizlib.grading.results.recording import RecordVerdicts, notebook_record, record_of
from quizlib.grading.results.verdict_cells import VERDICTS
from quizlib.grading.scratch import Scratch


def rehearse(converter: Autograde, student: str, lesson: str, *, newest: bool = False) -> SubmissionRecord:
    """Return the record that grading the submission would write now.

    Args:
        converter: nbgrader's Autograde as the course configures it; its steps are taken, up to the one that saves.
        student: Who handed it in.
        lesson: Id of the lesson.
        newest: Judge by the keys of the current release, whatever the submission came from.

    Raises:
        InfrastructureError: a kernel or the judge failed.
        GradingError: the course's configuration leaves out our steps.
    """
    course = Course(Path(converter.coursedir.root))
    with Scratch() as scratch:
        folder = scratch / lesson
        left_out = _lay_out(converter, course, student, lesson, folder)
        rehearsal = _Rehearsal(converter, course, student, lesson, folder, left_out, newest)
        judged = [rehearsal.judged(path.stem) for path in course.released_notebooks(lesson)]
    states = [state for state, _ in judged]
    seconds = sum(state.seconds for state in states)
    record = record_of(course, student, lesson, states[0].isolation, seconds, tuple(book for _, book in judged))
    if record.fault:
        raise InfrastructureError(record.fault)
    return record


def _lay_out(converter: Autograde, course: Course, student: str, lesson: str, folder: Path) -> list[str]:
    """Copy what a kernel finds beside its notebook: the files handed in, and over them those of the source.

    Returns:
        A sentence on each kind of file that was left out.
    """
    kept = converter.exclude_overwriting.get(lesson, ())
    folder.mkdir()
    left_out = copy_clean(course, student, lesson, folder, converter.coursedir.ignore)
    source = _files(converter, course.source(lesson))
    for name, path in source.items():
        if name not in kept:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / name)
    shutil.rmtree(folder / ITEMS, ignore_errors=True)
    return left_out


def _files(converter: Autograde, folder: Path) -> dict[str, Path]:
    found = map(Path, find_all_files(str(folder), [*converter.coursedir.ignore, "*.ipynb"]))
    return {str(path.relative_to(folder)): path for path in found}


class _Rehearsal:
    """Takes the notebooks of one submission through the steps of `converter`, with `folder` as working directory."""

    def __init__(
        self,
        converter: Autograde,
        course: Course,
        student: str,
        lesson: str,
        folder: Path,
        left_out: Sequence[str],
        newest: bool,
    ) -> None:
        self._converter = converter
        self._course = course
        self._student = student
        self._lesson = lesson
        self._folder = folder
        self._newest = newest
        self._left_out = left_out

    def judged(self, name: str) -> tuple[Execution, NotebookRecord]:
        """Return how the notebook called `name` was executed, and how its items ended.

        Raises:
            GradingError: the course's settings take our steps out of nbgrader's list.
        """
        admitted = admit(self._course, self._student, self._lesson, name, self._left_out)
        if self._newest:
            claim_release(admitted, self._course.current_release)
        clean, _ = self._converted(admitted, name, self._converter.sanitize_preprocessors)
        nbformat.write(clean, self._folder / f"{name}.ipynb")
        notebook, resources = self._converted(clean, name, _before_saving(self._converter.autograde_preprocessors))
        state = execution_of(resources)
        if state is None or VERDICTS not in resources:
            raise GradingError("nbgrader_config.py takes our steps out of c.Autograde.autograde_preprocessors.")
        return state, notebook_record(self._course, notebook, name, state, resources[VERDICTS])

    def _converted(self, notebook: NotebookNode, name: str, steps: list[Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return a notebook after `steps`, and the resources that they leave."""
        exporter: Any = NotebookExporter(  # type: ignore[no-untyped-call]  # nbconvert's own
            parent=self._converter, config=self._converter.config
        )
        for step in steps:
            exporter.register_preprocessor(step)
        named = {"student": self._student, "assignment": self._lesson, "notebook": name}
        resources = {
            "nbgrader": {**named, "db_url": self._converter.coursedir.db_url},
            "metadata": {"name": name, "path": str(self._folder)},
        }
        text, left = exporter.from_notebook_node(notebook, resources)
        return nbformat.reads(text, as_version=4), left


def _before_saving(steps: list[Any]) -> list[Any]:
    """Return the steps before the first one that writes to the gradebook or the records, and that keep nothing."""
    classes = [import_item(step) if isinstance(step, str) else step for step in steps]
    before = takewhile(lambda step: not issubclass(step, (SaveAutoGrades, RecordVerdicts)), classes)
    return [step for step in before if not issubclass(step, KeepEvidence)]
