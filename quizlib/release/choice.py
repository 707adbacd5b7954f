"""Which lessons a course is made of: those an instructor has named, run by run, or all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from quizlib.authoring.texts import lesson_ids
from quizlib.coursedir.course import Course
from quizlib.coursedir.selection import read_selection, write_selection
from quizlib.errors import ArgumentError


def choose_lessons(course: Course, known: Sequence[str], asked: Sequence[str] | None, *, is_new: bool) -> list[str]:
    """Return the ids of the lessons to set up: those that were, and those asked for; the instructor's own always.

    Args:
        course: The course directory.
        known: Ids of all lessons there are, the instructor's own among them.
        asked: Ids of lessons to add, or None for no more; in a new course, for all.
        is_new: Whether nothing has been set up yet.

    Raises:
        ArgumentError: no lesson is asked for, or one that there is not. GradingError: the choice made before is lost.
    """
    if asked is not None and not asked:
        raise ArgumentError("--lessons names no lesson; give ids such as 01-overview,05-pruning, or leave it out.")
    require_lessons(asked or (), known)
    before = read_selection(course.root)
    if before is None and (asked is None or not is_new):
        return list(known)
    chosen = {*(before or ()), *(asked or ()), *lesson_ids(course.items)}
    return [lesson for lesson in known if lesson in chosen]


def require_lessons(asked: Iterable[str], known: Collection[str]) -> None:
    """Raise an ArgumentError over the first id that is no lesson's."""
    unknown = next((lesson for lesson in asked if lesson not in known), None)
    if unknown is not None:
        raise ArgumentError(f"there is no lesson {unknown!r} in this course; expected one of: {', '.join(known)}.")


def keep_choice(course: Course, chosen: Sequence[str], asked: Sequence[str] | None, *, is_new: bool) -> None:
    """Note a choice for the next run; a course of all lessons stays one, and gets what is written later, too."""
    if read_selection(course.root) is not None or (asked is not None and is_new):
        write_selection(course.root, chosen)
