"""When a submission was handed in, as nbgrader's exchange noted it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from quizlib.errors import EvidenceError
from quizlib.evidence.files import read_capped

STAMP = "timestamp.txt"
"""Where nbgrader notes it."""

MAX_NOTE = 200
"""Bytes of a file in which nbgrader notes something of a submission."""


def time_in(content: bytes) -> datetime | None:
    """Return the time that such a file tells, in UTC, or None if it is none.

    nbgrader's own reader raises whatever it comes across.

    >>> time_in(b"2026-12-24 20:15:00 UTC"), time_in(b"soon")
    (datetime.datetime(2026, 12, 24, 20, 15, tzinfo=datetime.timezone.utc), None)
    """
    try:
        told: datetime = parse_utc(content.decode("utf-8").strip())
        return told.replace(tzinfo=UTC)
    except Exception:
        return None


def handed_in_at(folder: Path) -> datetime | None:
    """Return when nbgrader's exchange took the submission in a folder, or None where that is not told."""
    try:
        return time_in(read_capped(folder / STAMP, MAX_NOTE))
    except EvidenceError:
        return None
