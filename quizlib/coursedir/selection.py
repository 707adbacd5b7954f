"""`lessons.json`: which lessons an instructor has chosen for a course; where it is missing, all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from quizlib.atomic import replace_text
from quizlib.errors import GradingError

NAME = "lessons.json"

FORMAT = 1
"""Version of the file; every other is refused."""


def read_selection(root: Path) -> tuple[str, ...] | None:
    """Return the ids of the lessons that were chosen, or None where all are.

    Raises:
        GradingError: the file is damaged, or of another version.
    """
    path = root / NAME
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        version, lessons = found["format"], found["lessons"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    if version != FORMAT:
        raise GradingError(f"{path} has the format {version} of another version of quizlib; expected {FORMAT}.")
    if not isinstance(lessons, list):
        raise _damaged(path)
    return tuple(map(str, lessons))


def _damaged(path: Path) -> GradingError:
    return GradingError(f"{path} is not what `quizlib course` writes; restore it, or delete it to have all lessons.")


def write_selection(root: Path, lessons: Sequence[str]) -> None:
    """Note that these lessons, and no others, are set up in a course."""
    replace_text(root / NAME, json.dumps({"format": FORMAT, "lessons": sorted(lessons)}, indent=1) + "\n")
