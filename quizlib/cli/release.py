"""`quizlib release`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from quizlib.cli.app import AUTHORS, command
from quizlib.cli.progress import progress

if TYPE_CHECKING:
    from quizlib.release.lesson_release import LessonRelease


@command(AUTHORS)
def release(
    lessons: Annotated[list[str] | None, typer.Argument(help="Lessons to derive; by default all.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if anything is wrong.")] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Also record the items as published: later edits need a new revision.")
    ] = False,
    solutions: Annotated[
        Path | None, typer.Option(help="The course as it is written; by default that of the checkout.")
    ] = None,
) -> None:
    """Derive notebooks/, solutions/notebooks/ and README's table of lessons from the course as it is written.

    With --publish, also record each item's revision, so that an edit without a new one is found; the lessons must have
    passed `quizlib verify --full` as they are.
    With --check, say what is stale, missing or superfluous there, where points disagree, and where a solution, a
    private probe or a key reaches a release or the wheel.

    Examples: quizlib release    quizlib release 01-overview    quizlib release --check
    """
    from quizlib.release.checkout import solutions_folder

    folder = solutions_folder(solutions)
    from quizlib.release.lesson_release import chosen

    with progress("reading the course") as announce:
        wanted = chosen(folder, lessons or [], announce)
        if publish and not check:
            _publish(folder, wanted)
        lines = _problems(folder, wanted, not lessons) if check else _updated(folder, wanted, not lessons)
    console = Console(highlight=False, markup=False, soft_wrap=True, stderr=check and bool(lines))
    for line in lines:
        console.print(line)
    if check and lines:
        raise typer.Exit(1)
    count, points = len(wanted), sum(made.lesson.points for made in wanted)
    verdict = "all is well" if check else "derived"
    console.print(f"{count} lesson{'s' * (count != 1)}, {points} points: {verdict}.")


def _problems(solutions: Path, wanted: list[LessonRelease], all_lessons: bool) -> list[str]:
    from quizlib.release.audit import problems

    return problems(wanted, solutions.parent, all_lessons=all_lessons)


def _publish(solutions: Path, wanted: list[LessonRelease]) -> None:
    from quizlib.release.revisions import publish
    from quizlib.verify.published import require_verified

    require_verified(solutions, [made.lesson.id for made in wanted])
    publish(solutions, [made.lesson for made in wanted])


def _updated(solutions: Path, wanted: list[LessonRelease], all_lessons: bool) -> list[str]:
    from quizlib.release.derive import update

    words = {"stale": "updated", "missing": "new", "superfluous": "deleted"}
    found = update(wanted, solutions.parent, all_lessons=all_lessons)
    return [f"{words[change.what]:8} {change.path.as_posix()}" for change in found]
