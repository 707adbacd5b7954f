"""What a learner's code may raise, and how an exception becomes plain data."""

from __future__ import annotations

from quizlib.evidence.values import Failure

CAUGHT = (Exception, SystemExit)
"""What a learner's code may raise; `exit()` is one of it, an interrupt from outside is not."""


def failure(error: BaseException) -> Failure:
    """Return an exception as plain data: its class, the classes it derives from, its message."""
    ancestors = tuple(base.__name__ for base in type(error).__mro__ if base not in (BaseException, object))
    return Failure(type(error).__name__, ancestors, _message(error))


def _message(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "exit() was called; return the result instead"
    try:
        message = str(error)
    except Exception:  # its class may be the learner's
        message = "its message cannot be read"
    return message[:500].encode("utf-8", "replace").decode()
