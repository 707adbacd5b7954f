"""What a submission is told by: a digest of the files handed in, by which a later run sees that they have changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from quizlib.coursedir.course import Course
from quizlib.grading.admission.regular_files import survey
from quizlib.grading.record import SubmissionRecord

VERSION_BEFORE_ENGINES = "0.1.0"
"""With what a fingerprint begins where the record names no engine, so that it can still be told what it is of."""


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
