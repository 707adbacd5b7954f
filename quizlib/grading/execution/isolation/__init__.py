"""What confines the kernels of submissions: a protocol, and the table of all there are.

A new one is a module here with a class that keeps the protocol, and a line in `ISOLATIONS`.
"""

from __future__ import annotations

from quizlib.errors import GradingError
from quizlib.grading.execution.isolation.none import Unconfined
from quizlib.grading.execution.isolation.protocol import Isolation

ISOLATIONS: dict[str, type[Isolation]] = {"none": Unconfined}
"""Every isolation by the name that `--isolation` takes and that verdicts record; so far it confines nothing."""

DEFAULT = "none"


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
