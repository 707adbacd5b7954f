"""When lessons are due, as an instructor types it and as nbgrader's gradebook keeps it: in UTC, without a zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quizlib.coursedir.course import Course
from quizlib.coursedir.gradebook import opened, writing
from quizlib.errors import ArgumentError

NEVER = "none"

Due = Mapping[str, datetime | None]
"""The time at which each lesson is due, in UTC; None for one that is not due any more."""


def read_due(texts: Sequence[str]) -> dict[str, datetime | None]:
    """Return what `LESSON=TIME` says, for each lesson the last time.

    >>> read_due(["01-overview=2026-12-24T23:59+01:00"])["01-overview"].isoformat()
    '2026-12-24T22:59:00+00:00'

    Raises:
        ArgumentError: one of them says no lesson, or no time.
    """
    return dict(map(_read_one, texts))


def _read_one(text: str) -> tuple[str, datetime | None]:
    lesson, _, written = (part.strip() for part in text.partition("="))
    if lesson and written == NEVER:
        return lesson, None
    try:
        if not lesson:
            raise ValueError("no lesson")
        return lesson, _read_time(written)
    except (ValueError, OverflowError, ZoneInfoNotFoundError) as error:
        raise ArgumentError(
            f"--due is {text!r}; expected a lesson and a date with a time, such as 01-overview=2026-12-24T23:59, "
            "in UTC, or with a zone after it such as +01:00 or Europe/Berlin; `none` takes a due date away."
        ) from error


def _read_time(written: str) -> datetime:
    """Return a time in UTC; a date alone is refused, since it could mean the begin or the end of the day."""
    day, clock, *zones = written.replace("T", " ", 1).split()
    found = datetime.fromisoformat(f"{day}T{clock}")
    if len(zones) + (found.tzinfo is not None) > 1:
        raise ValueError("more than one zone")
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(zones[0]) if zones else UTC)
    return found.astimezone(UTC)


def set_due(course: Course, due: Due) -> None:
    """Write due dates into the gradebook, where nbgrader's formgrader shows and changes them.

    Raises:
        GradingError: the gradebook cannot be opened.
    """
    if not due:
        return
    with writing(course.root), opened(course) as gradebook:
        for lesson, when in due.items():
            gradebook.update_or_create_assignment(lesson, duedate=when)


def shown(when: datetime | None) -> str:
    """Return a time as it is told to the instructor.

    >>> shown(datetime(2026, 12, 24, 22, 59, tzinfo=UTC)), shown(None)
    ('2026-12-24 22:59 UTC', 'no due date')
    """
    return "no due date" if when is None else f"{when:%Y-%m-%d %H:%M} UTC"
