"""Ask before grades are changed."""

from __future__ import annotations

import sys

import typer

from quizlib.errors import GradingError


def agreed(lesson: str, changing: int, command: str) -> bool:
    """Ask whether `changing` grades may be changed, and return the answer.

    Args:
        lesson: Id of the lesson.
        changing: How many would change.
        command: What does it without asking.

    Raises:
        GradingError: there is no terminal to ask on.
    """
    grades = "1 grade" if changing == 1 else f"{changing} grades"
    if not has_terminal():
        raise GradingError(
            f"{grades} of {lesson} would change, and there is no terminal to ask on; nothing was changed. "
            f"To change them: {command}"
        )
    return typer.confirm(f"Change {grades}?")


def has_terminal() -> bool:
    """Say whether somebody can be asked."""
    return sys.stdin.isatty()
