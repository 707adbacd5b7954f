"""What a corrected key makes of a graded submission: judged on kept evidence, and written without running it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties

from quizlib.atomic import replace_text
from quizlib.coursedir.course import Course
from quizlib.errors import InfrastructureError
from quizlib.grading.batch.rehearsal import rehearse
from quizlib.grading.cells import graded_item
from quizlib.grading.engine import this_engine
from quizlib.grading.judge.client import judge_of
from quizlib.grading.kept import answering, read_kept
from quizlib.grading.processes.messages import JudgedKept, Previewed
from quizlib.grading.record import ItemRecord, NotebookRecord, SubmissionRecord, read_record, write_record
from quizlib.grading.results.gradebook import SaveGrades
from quizlib.grading.results.recording import item_record
from quizlib.grading.results.verdict_cells import VERDICTS, show_verdict
from quizlib.judging.verdict import Verdict


def rejudged(converter: Autograde, student: str, lesson: str, items: Iterable[str]) -> Previewed:
    """Return the record that the newest keys of `items` would give, and which of them had to be executed for it.

    Those are the ones whose key asks other probes than the kept evidence answers, or of which none is kept.
    An item that the judge fails on stays as it was, and is told as a fault.

    Args:
        converter: nbgrader's Autograde as the course configures it.
        student: Who handed it in.
        lesson: Id of the lesson.
        items: Ids of the items.

    Raises:
        InfrastructureError: the submission is not graded, or the judge or a kernel failed.
    """
    course = Course(Path(converter.coursedir.root))
    before, wanted = read_record(course, student, lesson), frozenset(items)
    if before is None:
        raise InfrastructureError(f"{student} has no grade in {lesson} that could be judged anew")
    found: dict[str, dict[str, ItemRecord]] = {}
    left: dict[str, set[str]] = {}
    faults: dict[str, str] = {}
    for book in before.notebooks:
        judged = _from_evidence(course, student, lesson, book, wanted)
        found[book.notebook] = _judged_anew(book, judged.verdicts, course.current_release)
        left[book.notebook] = _ran(book, wanted) - found[book.notebook].keys() - judged.faults.keys()
        faults |= judged.faults
    if any(left.values()):
        for book in rehearse(converter, student, lesson, newest=True).notebooks:
            of_book = {item.id: item for item in book.items if item.id in left.get(book.notebook, ())}
            found.setdefault(book.notebook, {}).update(of_book)
    judging = wanted - faults.keys()
    books = tuple(_with(course, book, found[book.notebook], judging) for book in before.notebooks)
    after = before.model_copy(update={"notebooks": books})
    if all(item.id in judging for item in after.items if item.verdict is not None):
        after = after.model_copy(update={"engine": this_engine()})
    return Previewed(record=after, executed=tuple(sorted(set().union(*left.values()))), faults=faults)


def _ran(book: NotebookRecord, wanted: frozenset[str]) -> set[str]:
    """Return the items of a notebook that were executed, which those of a refused one were not."""
    return {item.id for item in book.items if item.id in wanted and item.verdict is not None and book.code}


def _from_evidence(
    course: Course, student: str, lesson: str, book: NotebookRecord, wanted: frozenset[str]
) -> JudgedKept:
    """Return what the newest keys say of the evidence that is kept of a notebook."""
    folder = course.evidence(student, lesson, book.notebook)
    kept = answering(read_kept(folder), book.code, sorted(_ran(book, wanted)))
    return judge_of(course.root).judge_kept(lesson, book.code, kept, folder) if kept else JudgedKept()


def _judged_anew(book: NotebookRecord, verdicts: Iterable[Verdict], release: str) -> dict[str, ItemRecord]:
    """Return the items of a notebook that have a new verdict; what confined their execution stays known."""
    before, found = {item.id: item for item in book.items}, {}
    for verdict in verdicts:
        old = before[verdict.item]
        isolation = old.verdict.isolation if old.verdict else ""
        told = verdict.model_copy(update={"isolation": isolation})
        found[verdict.item] = item_record(told, old.grade_id, old.max_score, release)
    return found


def _with(
    course: Course, book: NotebookRecord, found: Mapping[str, ItemRecord], wanted: frozenset[str]
) -> NotebookRecord:
    """Return a notebook's record with items judged anew; of a refused one only the key is newer."""
    refused = {item.id for item in book.items if item.id in wanted and not book.code}
    items = [
        found.get(item.id)
        or (item.model_copy(update={"release": course.current_release}) if item.id in refused else item)
        for item in book.items
    ]
    return book.model_copy(update={"items": tuple(items)})


def remark(converter: Autograde, record: SubmissionRecord) -> None:
    """Write a record's verdicts into the graded copy, its scores into the gradebook, and the record itself.

    What a person gave stays, in nbgrader's own way: a cell that was overridden waits to be looked at again.

    Args:
        converter: nbgrader's Autograde as the course configures it.
        record: What a preview gave.

    Raises:
        InfrastructureError: the graded copy is not there.
    """
    course = Course(Path(converter.coursedir.root))
    for book in record.notebooks:
        _remark(converter, course, record, book)
    write_record(course, record)


def _remark(converter: Autograde, course: Course, record: SubmissionRecord, book: NotebookRecord) -> None:
    path = course.autograded(record.student, record.lesson) / f"{book.notebook}.ipynb"
    if not path.is_file():
        raise InfrastructureError(f"{path} is missing; grade it again: quizlib grade {record.lesson} --force")
    notebook = nbformat.read(path, as_version=4)
    verdicts = {item.id: item.verdict for item in book.items if item.verdict is not None}
    for cell in notebook.cells:
        item = graded_item(cell)
        if item in verdicts:
            show_verdict(cell, verdicts[item])
    exporter: Any = NotebookExporter(  # type: ignore[no-untyped-call]  # nbconvert's own
        parent=converter, config=converter.config
    )
    for step in (SaveGrades, AssignLatePenalties):
        exporter.register_preprocessor(step, enabled=True)
    named = {"student": record.student, "assignment": record.lesson, "notebook": book.notebook}
    resources = {"nbgrader": {**named, "db_url": converter.coursedir.db_url}, VERDICTS: verdicts}
    text, _ = exporter.from_notebook_node(notebook, resources)
    mode = path.stat().st_mode & 0o777
    replace_text(path, text)
    path.chmod(mode)
