"""`quizlib demo`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from quizlib.cli.app import INSTRUCTORS, command
from quizlib.cli.grade import grade_with_progress, say_where
from quizlib.cli.progress import progress


@command(INSTRUCTORS)
def demo(
    lesson: Annotated[str, typer.Argument(help="Id of the lesson.", metavar="LESSON")] = "01-overview",
    into: Annotated[Path | None, typer.Option(help="A new folder for the course; else a temporary one.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Submissions graded side by side.")] = 2,
    isolation: Annotated[str | None, typer.Option(help="What confines the kernels: none.")] = None,
    solutions: Annotated[
        Path | None, typer.Option(help="The course as it is written; by default that of the checkout.")
    ] = None,
) -> None:
    """Grade the sample class of LESSON in a new course, and compare its scores with those it should get.

    The exit status is 1 when a score differs.

    Example: quizlib demo 01-overview
    """
    from quizlib.grading.batch.demo import compare_all, prepare, sample_class, table
    from quizlib.grading.batch.report import as_json
    from quizlib.grading.execution.isolation import ISOLATIONS, chosen
    from quizlib.release.checkout import solutions_folder

    confined, written = chosen(isolation), solutions_folder(solutions)
    # Where the output is no terminal its width is unknown, and rich takes 80 columns, too few for the table.
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 110)
    folder = (into or Path(tempfile.mkdtemp(prefix="quizlib-demo-"))).expanduser().resolve()
    with progress("making a course") as announce:
        course = prepare(folder, written, lesson, announce)
    console.print(f"[yellow]{ISOLATIONS[confined].notice}[/]")
    students = sample_class(written, lesson)
    results = grade_with_progress(course, lesson, sorted(students), confined, workers, force=False)
    report = course.root / "report.json"
    report.write_text(json.dumps(as_json(lesson, results), indent=1) + "\n", encoding="utf-8")
    compared = compare_all(course, lesson, students, results)
    console.print(table(lesson, compared))
    say_where(console, course, report)
    differences = [sentence for row in compared for sentence in row.differences]
    for sentence in differences:
        console.print(f"[red]{sentence}[/]")
    if differences:
        raise typer.Exit(1)
