"""`quizlib grade`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from quizlib.cli.again import judge_again
from quizlib.cli.app import INSTRUCTORS, command
from quizlib.cli.counting import counting
from quizlib.errors import GradingError

if TYPE_CHECKING:
    from quizlib.coursedir.course import Course
    from quizlib.grading.batch.grade import Graded


@command(INSTRUCTORS)
def grade(
    lesson: Annotated[str, typer.Argument(help="Id of the lesson, such as 01-overview.", metavar="LESSON")],
    course: Annotated[Path, typer.Option(help="The course directory.", metavar="DIR")] = Path(),
    workers: Annotated[int, typer.Option(min=1, max=256, help="Submissions graded side by side.")] = 1,
    isolation: Annotated[str | None, typer.Option(help="What confines the kernels: none.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write results here.", metavar="FILE")] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.", metavar="ID")] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what has not changed.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Judge again what another engine has judged: show who changes, then ask.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --again: change it without asking.")] = False,
) -> None:
    """Grade the submissions of LESSON: scores in nbgrader's gradebook, feedback beside it.

    What is graded already and has not changed is left as it is, so a run that was cut short goes on where it stopped.

    A grade by another engine (another version of quizlib, or of a library that it judges by) is left, too, and told.
    With --again those are judged anew: it shows whose grade would change, and changes it if you agree.

    Example: quizlib grade 01-overview --course ~/teaching/serving --workers 2
    """
    from quizlib.coursedir.course import Course
    from quizlib.grading.batch.grade import choose
    from quizlib.grading.execution.isolation import ISOLATIONS, chosen

    if again and force:
        raise GradingError("--again and --force were given; pass --force alone to grade everybody again.")
    directory = Course.at(course.expanduser())
    confined = chosen(isolation)
    students = choose(directory, lesson, student or [])
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[yellow]{ISOLATIONS[confined].notice}[/]")
    if again:
        results = judge_again(console, directory, lesson, students, confined, workers, yes=yes)
    else:
        results = grade_with_progress(directory, lesson, students, confined, workers, force=force)
    show(console, lesson, results, json_file)
    _say_how(console, lesson, results)
    _say_newer_keys(console, directory, lesson, results)
    end(console, directory, results, json_file)


def show(console: Console, lesson: str, results: list[Graded], json_file: Path | None) -> None:
    """Print the results as a table, and write them to a file if one is named."""
    from quizlib.grading.batch.report import table, write_json

    if json_file is not None:
        write_json(json_file, lesson, results)
    if results:
        console.print(table(lesson, results))


def end(console: Console, course: Course, results: list[Graded], json_file: Path | None) -> None:
    """Say what went wrong on our side, and where everything lies.

    Raises:
        typer.Exit: somebody could not be graded, or was refused.
    """
    from quizlib.grading.batch.report import OURS, REFUSED, printable, status

    for graded in results:
        if graded.problem:
            console.print(f"[red]{printable(graded.student)}: {printable(graded.problem)}[/]")
    say_where(console, course, json_file)
    if any(status(graded) in (OURS, REFUSED) for graded in results):
        raise typer.Exit(1)


def grade_with_progress(
    course: Course, lesson: str, students: list[str], isolation: str, workers: int, *, force: bool
) -> list[Graded]:
    """Grade submissions and show on standard error how many are done and how long the rest will take."""
    from quizlib.grading.batch.grade import grade
    from quizlib.grading.batch.report import printable

    with counting("grading", len(students)) as step:
        return grade(
            course,
            lesson,
            students,
            isolation=isolation,
            workers=workers,
            force=force,
            on_done=lambda graded: step(printable(graded.student)),
        )


def _say_how(console: Console, lesson: str, results: list[Graded]) -> None:
    """Say what was left as it was and why, and what was judged in the kernel."""
    from quizlib.grading.batch.grade import judged_in_kernel

    others = sum(graded.is_by_another_engine for graded in results)
    unchanged = sum(not graded.is_new for graded in results) - others
    if unchanged:
        console.print(f"{unchanged} unchanged since they were graded; --force grades them again.")
    if others:
        console.print(
            f"{others} judged by another engine, and left as they are; to see who would change: "
            f"quizlib grade {lesson} --again"
        )
    by_nbgrader = judged_in_kernel(results)
    if by_nbgrader:
        console.print(f"{by_nbgrader} test cells of nbgrader's own kind were judged in the kernel.")


def _say_newer_keys(console: Console, course: Course, lesson: str, results: list[Graded]) -> None:
    """Say how many grades were judged by a key that was corrected since, and what judges them anew."""
    from quizlib.grading.batch.regrade import newer_keys

    newer = [keys for graded in results if graded.record and (keys := newer_keys(course, graded.record))]
    if newer:
        items = ", ".join(sorted(set().union(*newer)))
        console.print(
            f"newer keys ({items}) exist for {len(newer)} of {len(results)}; to see who would change: "
            f"quizlib regrade {lesson}"
        )


def say_where(console: Console, course: Course, report: Path | None) -> None:
    """Say where everything lies."""
    from quizlib.coursedir.gradebook import where

    console.print(f"gradebook  {where(course)}")
    console.print(f"feedback   {course.place('feedback')}")
    console.print(f"verdicts   {course.root / 'verdicts'}")
    if report is not None:
        console.print(f"report     {report}")
