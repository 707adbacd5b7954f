"""`quizlib regrade`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from quizlib.cli.app import INSTRUCTORS, command
from quizlib.cli.asking import change_if_agreed
from quizlib.cli.counting import counting
from quizlib.cli.grade import end, show

if TYPE_CHECKING:
    from quizlib.grading.batch.grade import Graded


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
    from quizlib.grading.batch.grade import choose
    from quizlib.grading.batch.regrade import preview_keys
    from quizlib.grading.batch.regrade import regrade as change
    from quizlib.grading.batch.report import correction_table, printable
    from quizlib.grading.execution.isolation import ISOLATIONS, chosen

    directory, confined = Course.at(course.expanduser()), chosen(isolation)
    students = choose(directory, lesson, student or [])
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[yellow]{ISOLATIONS[confined].notice}[/]")
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
        results = change_if_agreed(
            console,
            lesson,
            sum(bool(correction.changes) for correction in found),
            f"quizlib regrade {lesson} --yes",
            lambda on_done: change(directory, lesson, found, isolation=confined, workers=workers, on_done=on_done),
            yes=yes,
        )
    else:
        console.print(f"No grade of {lesson} was judged by an older key.")
    show(console, lesson, results, json_file)
    end(console, directory, results, json_file)
