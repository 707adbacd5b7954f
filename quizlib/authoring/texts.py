"""The texts of a course's lessons, which say what lessons there are."""

from __future__ import annotations

from pathlib import Path

TEXTS = ("[0-9][0-9]_*.py", "[0-9][0-9][a-z]_*.py")
"""Names of the texts of lessons: a number, and a letter where a lesson goes on from another."""


def lesson_ids(solutions: Path) -> list[str]:
    """Return the ids of all lessons in order."""
    found = (path for pattern in TEXTS for path in (solutions / "lessons").glob(pattern))
    return sorted(path.stem.replace("_", "-") for path in found)
