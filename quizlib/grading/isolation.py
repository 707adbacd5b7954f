"""The seam between grading and what confines a learner's kernel; so far there is one choice, which confines nothing."""

from __future__ import annotations

from quizlib.errors import GradingError

NONE = "none"
ISOLATIONS = (NONE,)
DEFAULT = NONE

NOTICES = {
    NONE: "isolation none: submissions run with your rights and can read this machine; "
    "grade people you trust, or run this in a container",
}
"""What to say before a batch, by isolation."""


def chosen(name: str | None) -> str:
    """Return the isolation to use: the one asked for, else the default.

    >>> chosen(None)
    'none'

    Raises:
        GradingError: there is none of this name.
    """
    isolation = name or DEFAULT
    if isolation not in ISOLATIONS:
        raise GradingError(f"isolation is {isolation!r}; this version has: {', '.join(ISOLATIONS)}.")
    return isolation
