"""What nbgrader's log says of a failure."""

from __future__ import annotations

import re

_RAISED = re.compile(r"[\w.]+(Error|Exception)(: |$)")
_OURS = "quizlib.errors."


def last_error(log: str) -> str:
    r"""Return the line of a log that says what went wrong: an error of this library, else the last one raised.

    >>> last_error("[ERROR] Traceback\n  RuntimeError: no end solution statement found\n[ERROR] See above")
    'RuntimeError: no end solution statement found'
    >>> last_error("[ERROR] Traceback\nquizlib.errors.GradingError: the judge failed twice: died\n[ERROR] See above")
    'the judge failed twice: died'
    """
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    ours = [line for line in lines if line.startswith(_OURS)]
    raised = [line for line in lines if _RAISED.match(line)]
    return (ours or raised or lines or ["no reason was given"])[-1].removeprefix(f"{_OURS}GradingError: ")
