"""Which lessons and items of a course are meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from quizlib.authoring.course import read_course
from quizlib.errors import SpecError


def chosen_lessons(solutions: Path, lessons: Sequence[str]) -> list[str]:
    """Return the ids of lessons that are named, all of the course where none is.

    Raises:
        SpecError: there is no such lesson, or none at all.
    """
    known = [lesson.id for lesson in read_course(solutions)]
    strange = [lesson for lesson in lessons if lesson not in known]
    if strange or not known:
        raise SpecError(f"there is no lesson {strange or 'at all'}; there are: {', '.join(known) or 'none'}.")
    return list(lessons) or known


def require_items(items: Collection[str], known: Collection[str]) -> None:
    """Raise unless every item that is named is known.

    Raises:
        SpecError: one is not.

    >>> require_items(["quantize-affine"], ["quantize-affine", "sqnr-db"])
    """
    strange = sorted(set(items) - set(known))
    if strange:
        raise SpecError(f"there is no {', '.join(strange)} in these lessons; there are: {', '.join(sorted(known))}.")
