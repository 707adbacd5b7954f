"""`lessons.json`: which lessons an instructor has chosen for a course; where it is missing, all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quizlib.coursedir.versioned import VersionedFile

NAME = "lessons.json"
FILE = VersionedFile(NAME, 1, "restore it, or delete it to have all lessons")


def read_selection(root: Path) -> tuple[str, ...] | None:
    """Return the ids of the lessons that were chosen, or None where all are.

    Raises:
        GradingError: the file is damaged, or of another version.
    """
    return FILE.read(root, _lessons)


def _lessons(found: dict[str, Any]) -> tuple[str, ...]:
    if not isinstance(found["lessons"], list):
        raise TypeError("expected a list of lessons")
    return tuple(map(str, found["lessons"]))


def write_selection(root: Path, lessons: Sequence[str]) -> None:
    """Note that these lessons, and no others, are set up in a course."""
    FILE.write(root, {"lessons": sorted(lessons)})
