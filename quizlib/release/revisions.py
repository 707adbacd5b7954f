"""The ledger of published items: an item that is edited after it was published needs a new revision.

Submissions are judged by the revision they were released with, so two different items may not share one.
`solutions/revisions.json` holds, by item, the revision that was published last and a digest of what it asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pydantic

from quizlib.authoring.course import Lesson
from quizlib.authoring.questions import WrittenQuestion
from quizlib.authoring.spec import ExerciseSpec
from quizlib.errors import SpecError
from quizlib.evidence.probe import probe_document
from quizlib.items.released import ExerciseSheet

LEDGER = "revisions.json"


class Published(pydantic.BaseModel):
    """What was published of an item: its revision, and a digest of what it asked."""

    revision: int
    digest: str


Ledger = dict[str, Published]
_FILE = pydantic.TypeAdapter(Ledger)


def read_ledger(solutions: Path) -> Ledger:
    """Return the ledger of a course; an empty one where nothing has been published.

    Raises:
        SpecError: the file is damaged.
    """
    path = solutions / LEDGER
    if not path.is_file():
        return {}
    try:
        return _FILE.validate_json(path.read_text(encoding="utf-8"))
    except pydantic.ValidationError as error:
        raise SpecError(f"{path.name} is damaged; restore it from version control.") from error


def question_digest(question: WrittenQuestion) -> str:
    """Return a digest of everything in a question but its revision."""
    return _digest(question.model_dump_json(exclude={"revision"}))


def exercise_digest(spec: ExerciseSpec) -> str:
    """Return a digest of what an exercise asks and shows: texts, criteria, setup and public cases."""
    sheet: ExerciseSheet = spec.public_sheet()
    document, arrays = probe_document(sheet.probe)
    parts = [sheet.exercise.model_dump_json(exclude={"revision"}), spec.setup, json.dumps(document["cases"])]
    return _digest(*parts, *(f"{name} {array.dtype} {array.tobytes().hex()}" for name, array in arrays.items()))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _current(lesson: Lesson, items: Collection[str] | None = None) -> Iterator[tuple[str, Published]]:
    """Yield what would be recorded of a lesson's items, of `items` alone where these are told."""
    for item, question in lesson.questions.items():
        if items is None or item in items:
            yield item, Published(revision=question.revision, digest=question_digest(question))
    for item, spec in lesson.exercises.items():
        if items is None or item in items:
            yield item, Published(revision=spec.revision, digest=exercise_digest(spec))


def unrevised(lesson: Lesson, ledger: Mapping[str, Published]) -> Iterator[str]:
    """Yield a sentence for each item that differs from what was published under its revision."""
    for item, now in _current(lesson, ledger):
        before = ledger[item]
        if now.revision < before.revision:
            yield f"{item} has revision {now.revision}, but {before.revision} was published; raise it."
        elif now.revision == before.revision and now.digest != before.digest:
            yield f"{item} was edited after revision {now.revision} was published; give it revision {now.revision + 1}."


def require_revised(solutions: Path, lessons: list[Lesson]) -> None:
    """Raise a SpecError if an item of `lessons` was edited after it was published and has no new revision."""
    ledger = read_ledger(solutions)
    problems = [problem for lesson in lessons for problem in unrevised(lesson, ledger)]
    if problems:
        raise SpecError(" ".join(problems))


def publish(solutions: Path, lessons: list[Lesson]) -> None:
    """Record the items of `lessons` as published.

    Raises:
        SpecError: one of them was edited without a new revision.
    """
    require_revised(solutions, lessons)
    ledger = read_ledger(solutions)
    ledger |= {item: now for lesson in lessons for item, now in _current(lesson)}
    text = json.dumps({item: ledger[item].model_dump() for item in sorted(ledger)}, indent=1)
    (solutions / LEDGER).write_text(text + "\n", encoding="utf-8")
