"""`quizlib regrade`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from quizlib.cli.app import INSTRUCTORS, command
from quizlib.cli.asking import agreed
from quizlib.cli.counting import counting
from quizlib.cli.grade import say_where

if TYPE_CHECKING:
    from quizlib.coursedir.course import Course
    from quizlib.grading.batch import Graded
    from quizlib.grading.regrade import Correction


@command(INSTRUCTORS)
def regrade(
    lesson: Annotated[str, typer.Argument(help="Id of the lesson, such as 01-overview.", metavar="LESSON")],
    item: Annotated[
        list[str] | None, typer.Option(help="Only this item; may be repeated. By default all.", metavar="ID")
    ] = None,
    course: Annotated[Path, typer.Option(help="The course directory.", metavar="DIR")] = Path(),
    workers: Annotated[int, typer.Option(min=1, max=256, help="Submissions judged side by side.")] = 1,
    isolation: Annotated[str | None, typer.Option(help="What confines the kernels: none.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write results here.", metavar="FILE")] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.", metavar="ID")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Change it without asking.")] = False,
) -> None:
    """Judge the graded submissions of LESSON by the newest keys, after showing who would change.

    A key is newer where `quizlib course` has brought a corrected item since a submission was judged.
    The evidence of every grading is kept, so that nothing is executed again, but where a new key asks something else.

    Once you agree, the older keys are withdrawn: whatever release a notebook claims, the new key judges it.

    Example: quizlib regrade 01-overview --item why-quantize --course ~/teaching/serving
    """
    from quizlib.coursedir.course import Course
    from quizlib.grading.batch import choose
    from quizlib.grading.isolation import chosen
    from quizlib.grading.regrade import preview_keys
    from quizlib.grading.report import OURS, as_json, correction_table, printable, status, table

    directory, confined = Course.at(course.expanduser()), chosen(isolation)
    students = choose(directory, lesson, student or [])
    console = Console(highlight=False, soft_wrap=True)
    with counting("judging by the newest keys", len(students)) as step:
        found = preview_keys(
            directory,
            lesson,
            students,
            item or [],
            isolation=confined,
            workers=workers,
            on_done=lambda name: step(printable(name)),
        )
    results: list[Graded] = []
    if found:
        console.print(correction_table(lesson, found))
        results = _change(console, directory, lesson, found, confined, workers, yes=yes)
        console.print(table(lesson, results))
    else:
        console.print(f"No grade of {lesson} was judged by an older key.")
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(as_json(lesson, results), indent=1) + "\n", encoding="utf-8")
    for graded in results:
        if graded.problem:
            console.print(f"[red]{printable(graded.student)}: {printable(graded.problem)}[/]")
    say_where(console, directory, json_file)
    if any(status(graded) == OURS for graded in results):
        raise typer.Exit(1)


def _change(
    console: Console,
    course: Course,
    lesson: str,
    found: list[Correction],
    isolation: str,
    workers: int,
    *,
    yes: bool,
) -> list[Graded]:
    """Change what would change once somebody has agreed, withdraw the older keys, and return how it came out.

    Raises:
        GradingError: grades would change, and there is no terminal to ask on.
        typer.Exit: the answer is no.
    """
    from quizlib.grading.regrade import regrade as change
    from quizlib.grading.report import printable

    changing = sum(bool(correction.changes) for correction in found)
    if changing and not yes and not agreed(lesson, changing, f"quizlib regrade {lesson} --yes"):
        console.print("Nothing was changed.")
        raise typer.Exit
    with counting("changing", changing) as step:
        return change(
            course,
            lesson,
            found,
            isolation=isolation,
            workers=workers,
            on_done=lambda graded: step(printable(graded.student)),
        )
