"""When a submission was handed in, as nbgrader's exchange noted it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from quizlib.errors import EvidenceError
from quizlib.evidence.files import read_capped

STAMP = "timestamp.txt"
"""Where nbgrader notes it."""


def handed_in_at(folder: Path) -> datetime | None:
    """Return when nbgrader's exchange took the submission in a folder, or None where that is not told."""
    try:
        told: datetime = parse_utc(read_capped(folder / STAMP, 1_000).decode("utf-8"))
    except (EvidenceError, ValueError, OverflowError):
        return None
    return told.replace(tzinfo=UTC)
