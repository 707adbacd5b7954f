"""The last step of grading: write down how a submission came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from quizlib.coursedir.course import Course
from quizlib.display.words import summary_text
from quizlib.grading.cells import graded_item, is_graded, role
from quizlib.grading.execution_state import Execution, execution_of
from quizlib.grading.record import (
    ItemRecord,
    NotebookRecord,
    SubmissionRecord,
    fingerprint,
    read_record,
    this_engine,
    write_record,
)
from quizlib.grading.verdict_cells import VERDICTS, score_in_points
from quizlib.judging.verdict import Verdict, status_of

KERNEL, HAND = "judged in the kernel", "graded by hand"


class RecordVerdicts(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader publishes no types
    """The last step: write `verdicts/<student>/<lesson>.json`, by which a run that was cut short is known."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Add this notebook to the record of its submission."""
        state, named = execution_of(resources), resources["nbgrader"]
        if state is None:
            return nb, resources
        course = Course(Path(self.parent.parent.coursedir.root))
        notebook = notebook_record(nb, named["notebook"], state, resources[VERDICTS])
        before = read_record(course, named["student"], named["assignment"])
        others = [book for book in before.notebooks if book.notebook != notebook.notebook] if before else []
        seconds = state.seconds + (before.seconds if before else 0.0)
        record = record_of(course, named["student"], named["assignment"], state.isolation, seconds, (*others, notebook))
        write_record(course, record)
        return nb, resources


def record_of(
    course: Course, student: str, lesson: str, isolation: str, seconds: float, notebooks: tuple[NotebookRecord, ...]
) -> SubmissionRecord:
    """Return the record of a submission that this engine has judged as it is now."""
    return SubmissionRecord(
        student=student,
        lesson=lesson,
        isolation=isolation,
        seconds=round(seconds, 2),
        fingerprint=fingerprint(course, student, lesson),
        engine=this_engine(),
        notebooks=notebooks,
    )


def notebook_record(nb: NotebookNode, name: str, state: Execution, verdicts: dict[str, Verdict]) -> NotebookRecord:
    """Return how the items of one executed and judged notebook ended."""
    items = tuple(_item_record(cell, verdicts) for cell in nb.cells if is_graded(cell))
    admission = state.admission
    return NotebookRecord(
        notebook=name,
        file=admission.file,
        release=admission.release,
        code=state.code,
        status=state.status,
        items=items,
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
    return record_of(course, student, lesson, isolation, 0.0, (book,))


def message(verdict: Verdict) -> str:
    """Return a verdict's most telling sentence: the misconception, else what was missed first, else its summary.

    A misconception that is only near is told with a "perhaps"; what merely was not shown comes after what was missed.
    """
    if verdict.misconception is not None:
        return f"{'' if verdict.is_likely else 'Perhaps: '}{verdict.misconception.text}"
    told = [line for line in verdict.criteria if not line.is_met and line.message]
    missed = min(told, key=lambda line: line.is_unshown, default=None)
    summary = summary_text(verdict, "grading")
    return summary if missed is None else f"{summary} {missed.text}: {missed.message}"
