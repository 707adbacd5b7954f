"""Ask before grades are changed, and change them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from quizlib.cli.counting import counting
from quizlib.errors import GradingError

if TYPE_CHECKING:
    from quizlib.grading.batch.grade import Graded

OnDone = Callable[["Graded"], None]


def change_if_agreed(
    console: Console,
    lesson: str,
    changing: int,
    command: str,
    change: Callable[[OnDone], list[Graded]],
    *,
    yes: bool,
) -> list[Graded]:
    """Change `changing` grades once somebody has agreed, show how many are done, and return how they came out.

    Args:
        console: Where it is said that nothing was changed.
        lesson: Id of the lesson.
        changing: How many would change; none is changed without asking.
        command: What does it without asking.
        change: Changes them, and calls what it is given with each that is done.
        yes: Do not ask.

    Raises:
        GradingError: grades would change, and there is no terminal to ask on.
        typer.Exit: the answer is no.
    """
    from quizlib.grading.batch.report import printable

    if changing and not yes and not agreed(lesson, changing, command):
        console.print("Nothing was changed.")
        raise typer.Exit
    with counting("changing grades", changing) as step:
        return change(lambda graded: step(printable(graded.student)))


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
