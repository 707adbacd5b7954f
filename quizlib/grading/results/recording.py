"""The last step of grading: write down how a submission came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from quizlib.coursedir.course import Course
from quizlib.display.words import summary_text
from quizlib.grading.admission.fingerprint import fingerprint
from quizlib.grading.cells import graded_item, is_graded, role
from quizlib.grading.engine import this_engine
from quizlib.grading.execution.state import Execution, execution_of
from quizlib.grading.record import ItemRecord, NotebookRecord, SubmissionRecord, read_record, write_record
from quizlib.grading.results.verdict_cells import VERDICTS, score_in_points
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
        notebook = notebook_record(course, nb, named["notebook"], state, resources[VERDICTS])
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


def notebook_record(
    course: Course, nb: NotebookNode, name: str, state: Execution, verdicts: dict[str, Verdict]
) -> NotebookRecord:
    """Return how the items of one executed and judged notebook ended."""
    admission = state.admission
    judging = {item: course.judging_release(admission.release, state.lesson, item) for item in verdicts}
    items = tuple(_item_record(cell, verdicts, judging) for cell in nb.cells if is_graded(cell))
    return NotebookRecord(
        notebook=name,
        file=admission.file,
        release=admission.release,
        code=state.code,
        status="infrastructure" if any(verdict.is_our_fault for verdict in verdicts.values()) else state.status,
        notes=admission.notes,
        items=items,
    )


def _item_record(cell: NotebookNode, verdicts: dict[str, Verdict], judging: dict[str, str]) -> ItemRecord:
    grade_id, item = str(role(cell)["grade_id"]), graded_item(cell)
    if item is None:
        return _kernel_record(cell, grade_id)
    return item_record(verdicts[item], grade_id, float(str(role(cell)["points"])), judging[item])


def item_record(verdict: Verdict, grade_id: str, points: float, release: str) -> ItemRecord:
    """Return the record of a verdict.

    Args:
        verdict: What the judge said.
        grade_id: What nbgrader calls the check cell.
        points: What the cell can give.
        release: The release whose key judged.
    """
    return ItemRecord(
        id=verdict.item,
        grade_id=grade_id,
        score=score_in_points(verdict, points),
        max_score=points,
        status=verdict.status,
        judged="judged outside the kernel",
        message=message(verdict),
        misconception=verdict.misconception.id if verdict.misconception else None,
        release=release,
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
