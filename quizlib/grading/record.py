"""The record of a graded submission: what was judged, how, and a fingerprint of what it was judged from."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from quizlib.atomic import replace_text
from quizlib.coursedir.course import Course
from quizlib.engine import engine_digest
from quizlib.grading.regular_files import survey
from quizlib.items.base import Model
from quizlib.judging.verdict import Verdict

GRADING = (
    "grading/admission.py",
    "grading/alignment.py",
    "grading/cells.py",
    "grading/chosen.py",
    "grading/clean_copy.py",
    "grading/execution.py",
    "grading/execution_state.py",
    "grading/folders.py",
    "grading/handed_in.py",
    "grading/isolation",
    "grading/judge_server.py",
    "grading/kernel_client.py",
    "grading/keys.py",
    "grading/kept.py",
    "grading/outputs.py",
    "grading/regular_files.py",
    "grading/submission.py",
    "grading/timestamp.py",
    "grading/verdict_cells.py",
)
"""Parts of the library that decide a grade besides those that decide every verdict."""

VERSION_BEFORE_ENGINES = "0.1.0"
"""With what a fingerprint begins where the record names no engine, so that it can still be told what it is of."""

Judged = Literal["judged outside the kernel", "judged in the kernel", "graded by hand"]


def this_engine() -> str:
    """Return the id of the engine that grades here and now."""
    return engine_digest(*GRADING)


class ItemRecord(Model):
    """How one graded cell ended; `verdict` is there when it was judged outside the kernel.

    `release` is the one whose key judged it; it is empty in a record of the time before that was noted.
    """

    id: str
    grade_id: str
    score: float
    max_score: float
    status: str
    judged: Judged
    message: str
    misconception: str | None = None
    release: str = ""
    verdict: Verdict | None = None


class NotebookRecord(Model):
    """How one notebook of a submission ended; `status` is `graded`, or why its kernel ended before its time.

    From `code` and the course's secret its private probes can be drawn again; it is empty where nothing was run.
    `notes` are what was said on reading it.
    """

    notebook: str
    file: str
    release: str
    code: str = ""
    status: str
    notes: tuple[str, ...] = ()
    items: tuple[ItemRecord, ...]


class SubmissionRecord(Model):
    """Everything that is kept of a graded submission beside nbgrader's own gradebook.

    `engine` is what judged it, empty in a record of the time before engines were noted.
    """

    format: Literal[1] = 1
    student: str
    lesson: str
    isolation: str
    seconds: float
    fingerprint: str
    engine: str = ""
    notebooks: tuple[NotebookRecord, ...]

    @property
    def items(self) -> list[ItemRecord]:
        """All items, notebook by notebook."""
        return [item for notebook in self.notebooks for item in notebook.items]

    @property
    def status(self) -> str:
        """Status of the first notebook that did not run to its end, else `graded`."""
        return next((book.status for book in self.notebooks if book.status != "graded"), "graded")

    @property
    def fault(self) -> str:
        """What could not be judged through a fault of ours and why, or an empty text; the next run tries again."""
        ours = [item for item in self.items if item.verdict is not None and item.verdict.is_our_fault]
        return "; ".join(f"{item.id}: {item.message}" for item in ours)

    @property
    def score(self) -> float:
        """Points of all items together."""
        return round(sum(item.score for item in self.items), 6)

    @property
    def max_score(self) -> float:
        """Points that all items together can give."""
        return sum(item.max_score for item in self.items)

    @property
    def is_by_this_engine(self) -> bool:
        """Whether the engine that is here now judged it."""
        return self.engine == this_engine()


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


def is_of(record: SubmissionRecord, course: Course) -> bool:
    """Say whether a record is of the files as they are now; a release that was given out since changes no grade."""
    files = _files(course, record.student, record.lesson)
    releases = [course.current_release, course.releases]
    # What older versions wrote counted the releases, and before engines were noted a version, too.
    older = [releases] if record.engine else [[VERSION_BEFORE_ENGINES, *releases]]
    return record.fingerprint in {_hash([*before, *files]) for before in ([], *older)}


def fingerprint(course: Course, student: str, lesson: str) -> str:
    """Return a digest of what was graded: the files handed in."""
    return _hash(_files(course, student, lesson))


def _hash(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts, default=list).encode("utf-8", "backslashreplace")).hexdigest()


def _files(course: Course, student: str, lesson: str) -> list[Any]:
    found = survey(course.submission(student, lesson))
    files: list[Any] = [[name, _digest(path)] for name, path in found.files.items()]
    return files + [[one.name, one.reason, one.size] for one in found.left_out]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
