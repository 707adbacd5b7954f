"""The record of a graded submission: what was judged, how, and a fingerprint of what it was judged from."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor
from pydantic import ValidationError

import quizlib
from quizlib.atomic import replace_text
from quizlib.coursedir.course import Course
from quizlib.grading.cells import graded_item, is_graded, role
from quizlib.grading.judgement import VERDICTS, score_in_points
from quizlib.grading.run import Run, run_of
from quizlib.items.base import Model
from quizlib.judging.verdict import Verdict, status_of

CLEAN, KERNEL, HAND = "judged outside the kernel", "judged in the kernel", "graded by hand"
Judged = Literal["judged outside the kernel", "judged in the kernel", "graded by hand"]


class ItemRecord(Model):
    """How one graded cell ended; `verdict` is there when it was judged outside the kernel."""

    id: str
    grade_id: str
    score: float
    max_score: float
    status: str
    judged: Judged
    message: str
    misconception: str | None = None
    verdict: Verdict | None = None


class NotebookRecord(Model):
    """How one notebook of a submission ended; `status` is `graded`, or why its kernel ended before its time."""

    notebook: str
    file: str
    release: str
    status: str
    items: tuple[ItemRecord, ...]


class SubmissionRecord(Model):
    """Everything that is kept of a graded submission beside nbgrader's own gradebook."""

    format: Literal[1] = 1
    student: str
    lesson: str
    isolation: str
    seconds: float
    fingerprint: str
    notebooks: tuple[NotebookRecord, ...]

    @property
    def items(self) -> list[ItemRecord]:
        """All items, notebook by notebook."""
        return [item for notebook in self.notebooks for item in notebook.items]

    @property
    def status(self) -> str:
        """Status of the first notebook that did not run to its end, else `graded`."""
        return next((book.status for book in self.notebooks if book.status != "graded"), "graded")


class RecordVerdicts(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader publishes no types
    """The last step: write `verdicts/<student>/<lesson>.json`, by which a run that was cut short is known."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Add this notebook to the record of its submission."""
        run, named = run_of(resources), resources["nbgrader"]
        if run is None:
            return nb, resources
        course = Course(Path(self.parent.parent.coursedir.root))
        notebook = _notebook_record(nb, named["notebook"], run, resources[VERDICTS])
        before = read_record(course, named["student"], named["assignment"])
        others = [book for book in before.notebooks if book.notebook != notebook.notebook] if before else []
        record = SubmissionRecord(
            student=named["student"],
            lesson=named["assignment"],
            isolation=run.isolation,
            seconds=round(run.seconds + (before.seconds if before else 0.0), 2),
            fingerprint=fingerprint(course, named["student"], named["assignment"]),
            notebooks=(*others, notebook),
        )
        write_record(course, record)
        return nb, resources


def _notebook_record(nb: NotebookNode, name: str, run: Run, verdicts: dict[str, Verdict]) -> NotebookRecord:
    items = tuple(_item_record(cell, verdicts) for cell in nb.cells if is_graded(cell))
    return NotebookRecord(
        notebook=name, file=run.admission.file, release=run.admission.release, status=run.status, items=items
    )


def _item_record(cell: NotebookNode, verdicts: dict[str, Verdict]) -> ItemRecord:
    grade_id, item = str(role(cell)["grade_id"]), graded_item(cell)
    if item is None:
        return _kernel_record(cell, grade_id)
    verdict, points = verdicts[item], float(str(role(cell)["points"]))
    return ItemRecord(
        id=item,
        grade_id=grade_id,
        score=score_in_points(verdict, points),
        max_score=points,
        status=verdict.status,
        judged="judged outside the kernel",
        message=message(verdict),
        misconception=verdict.misconception.id if verdict.misconception else None,
        verdict=verdict,
    )


def _kernel_record(cell: NotebookNode, grade_id: str) -> ItemRecord:
    """Return the record of a cell that keeps nbgrader's own scoring: a test cell, or one for a person to grade."""
    points = float(str(role(cell).get("points", 0)))
    score = None if role(cell).get("task") else utils.determine_grade(cell)[0]
    by_hand = score is None
    return ItemRecord(
        id=grade_id,
        grade_id=grade_id,
        score=score or 0.0,
        max_score=points,
        status="recorded" if by_hand else status_of(score or 0.0, points),
        judged="graded by hand" if by_hand else "judged in the kernel",
        message=HAND if by_hand else KERNEL,
    )


def nothing_handed_in(course: Course, student: str, lesson: str, isolation: str) -> SubmissionRecord:
    """Return the record of a folder without any notebook, which nbgrader passes over; it is not written."""
    sentence = "no notebook was handed in."
    items = [
        ItemRecord(
            id=graded_item(cell) or str(role(cell)["grade_id"]),
            grade_id=str(role(cell)["grade_id"]),
            score=0.0,
            max_score=float(str(role(cell).get("points", 0))),
            status="missing",
            judged="judged outside the kernel",
            message=sentence,
        )
        for path in course.released_notebooks(lesson)
        for cell in nbformat.read(path, as_version=4).cells
        if is_graded(cell)
    ]
    book = NotebookRecord(notebook=lesson, file="", release="", status="missing", items=tuple(items))
    return SubmissionRecord(
        student=student, lesson=lesson, isolation=isolation, seconds=0.0, fingerprint="", notebooks=(book,)
    )


def message(verdict: Verdict) -> str:
    """Return a verdict's most telling sentence: the misconception, else what was missed first, else its summary."""
    if verdict.misconception is not None:
        return verdict.misconception.text
    missed = next((line for line in verdict.criteria if not line.is_met and line.message), None)
    return verdict.summary if missed is None else f"{verdict.summary} {missed.text}: {missed.message}"


def read_record(course: Course, student: str, lesson: str) -> SubmissionRecord | None:
    """Return the record of a submission, or None if there is none that can be read."""
    try:
        return SubmissionRecord.model_validate_json(course.verdicts(student, lesson).read_bytes())
    except (OSError, ValidationError):
        return None


def write_record(course: Course, record: SubmissionRecord) -> None:
    """Write a record; the file is replaced at once."""
    path = course.verdicts(record.student, record.lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, record.model_dump_json(indent=1))


def fingerprint(course: Course, student: str, lesson: str) -> str:
    """Return a digest of what a verdict depends on: the files handed in, the releases, and this library's version."""
    parts: list[object] = [quizlib.__version__, course.current_release, course.releases]
    folder = course.submission(student, lesson)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            parts.append([path.relative_to(folder).as_posix(), _digest(path)])
    return hashlib.sha256(json.dumps(parts, default=list).encode("utf-8", "backslashreplace")).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
