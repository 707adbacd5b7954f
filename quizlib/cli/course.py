"""`quizlib course`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from quizlib.cli.app import INSTRUCTORS, command
from quizlib.cli.progress import progress
from quizlib.errors import GradingError


@command(INSTRUCTORS)
def course(
    folder: Annotated[Path, typer.Argument(help="The course directory; made if it is not there.", metavar="DIR")],
    solutions: Annotated[
        Path | None, typer.Option(help="The course as it is written; by default that of the checkout.")
    ] = None,
    replace_edited: Annotated[
        bool,
        typer.Option("--replace-edited", help="Put notebooks you edited in DIR/source into DIR/replaced."),
    ] = False,
) -> None:
    """Make DIR an nbgrader course with the class release, or bring it up to date.

    Lessons of your own go into DIR/items, laid out like solutions/.
    Submissions, grades and the secret are never touched, and the keys of earlier releases are kept.

    Example: quizlib course ~/teaching/serving
    """
    from quizlib.release.checkout import solutions_folder

    folder = folder.expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise GradingError(f"{folder} is a file; give the name of a directory for the course.")
    written = solutions_folder(solutions)
    from quizlib.release.classroom import make_course

    with progress("reading the course") as announce:
        report = make_course(folder, written, announce, replace_edited=replace_edited)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"{folder} holds release {report.release}.")
    for lesson in report.released:
        console.print(f"  released   {lesson}")
    for lesson in report.unchanged:
        console.print(f"  unchanged  {lesson}")
    for path in report.replaced:
        console.print(f"  your edited notebook is now {path}")
    lesson = (report.released or report.unchanged)[0]
    console.print(f"Next: cd {folder} && nbgrader release_assignment {lesson}")
    console.print(f"Then, with submissions in it: quizlib grade {lesson} --course {folder}")
