"""What a notebook says of itself in its import cell: lesson, flavour, release."""

from __future__ import annotations

from dataclasses import dataclass

from quizlib.errors import QuizError
from quizlib.items.released import Flavour


class NotBegunError(QuizError):
    """The import cell of the notebook has not been run in this kernel."""


@dataclass(frozen=True)
class Session:
    """The lesson of this kernel, its flavour and the id of its release."""

    lesson: str
    flavour: Flavour
    release: str


_sessions: list[Session] = []


def start(session: Session) -> None:
    """Make `session` the one that `check` and `hint` serve from now on."""
    _sessions[:] = [session]


def current() -> Session:
    """Return the session of this kernel.

    Raises:
        NotBegunError: the import cell has not been run.
    """
    if not _sessions:
        raise NotBegunError("run the import cell at the top of the notebook first; it says which lesson this is.")
    return _sessions[0]
