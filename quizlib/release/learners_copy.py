"""A learner's own folder of the lessons, brought up to date without touching what the learner has written."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from quizlib.errors import QuizError
from quizlib.learner.find import course_folder

RECORD = ".quizlib.json"
"""File in a learner's folder that says what was copied there, to tell an edited notebook from an untouched one."""


class LearnerFolderError(QuizError):
    """A learner's folder cannot be made or updated."""


@dataclass(frozen=True)
class Copied:
    """What became of one lesson: copied, updated, kept as it is, or kept with a newer release beside it."""

    lesson: str
    what: Literal["new", "updated", "kept", "beside"]
    folder: Path


def copy_lessons(into: Path, lessons: Path | None = None) -> list[Copied]:
    """Copy the self-study lessons into a learner's folder; a notebook that was edited there is never overwritten.

    A newer release of an edited lesson goes into a folder beside it, with the release id in its name, since the
    notebook and the items it came with belong together.

    Args:
        into: The learner's folder; made if missing.
        lessons: Folder of released lessons; by default that of the installed package, else of the checkout.

    Raises:
        LearnerFolderError: there are no lessons to copy, or `into` cannot be written.
    """
    source = lessons or course_folder()
    released = sorted(path.parent.parent for path in source.glob("*/items/lesson.json"))
    if not released:
        raise LearnerFolderError(f"there are no lessons in {source}; install the package again.")
    try:
        into.mkdir(parents=True, exist_ok=True)
        record = _read_record(into)
        copied = [_copy(folder, into, record) for folder in released]
        (into / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        problem = error.strerror or str(error)
        raise LearnerFolderError(f"{into} cannot be written ({problem}); give another folder.") from error
    return copied


def _read_record(into: Path) -> dict[str, str]:
    """Return the hashes of the notebooks as they were copied; none, where the record is missing or damaged."""
    try:
        found: Any = json.loads((into / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def _copy(lesson: Path, into: Path, record: dict[str, str]) -> Copied:
    """Copy one lesson; `record` is brought up to date."""
    name, release = lesson.name, _release(lesson)
    target = into / name
    if not target.exists():
        return _write(lesson, target, record, Copied(name, "new", target))
    if _release(target) == release and (target / f"{name}.ipynb").is_file():
        return Copied(name, "kept", target)
    if not _is_edited(target / f"{name}.ipynb", record):
        shutil.rmtree(target / "items", ignore_errors=True)
        return _write(lesson, target, record, Copied(name, "updated", target))
    beside = into / f"{name}-{release}"
    if beside.exists():
        return Copied(name, "kept", beside)
    return _write(lesson, beside, record, Copied(name, "beside", beside))


def _write(lesson: Path, target: Path, record: dict[str, str], copied: Copied) -> Copied:
    notebook = target / f"{target.name}.ipynb"
    shutil.copytree(lesson, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.ipynb", ".*"))
    shutil.copyfile(lesson / f"{lesson.name}.ipynb", notebook)
    record[notebook.name] = _digest(notebook)
    return copied


def _is_edited(notebook: Path, record: dict[str, str]) -> bool:
    return notebook.is_file() and record.get(notebook.name) != _digest(notebook)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _release(lesson: Path) -> str:
    """Return the release id of a copied lesson, or "" where it cannot be read."""
    try:
        return str(json.loads((lesson / "items" / "lesson.json").read_text(encoding="utf-8"))["release"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
