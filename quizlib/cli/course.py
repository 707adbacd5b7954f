"""`quizlib course`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from quizlib.cli.app import INSTRUCTORS, command
from quizlib.cli.progress import progress
from quizlib.errors import GradingError

if TYPE_CHECKING:
    from quizlib.coursedir.course import Course


@command(INSTRUCTORS)
def course(
    folder: Annotated[Path, typer.Argument(help="The course directory; made if it is not there.", metavar="DIR")],
    solutions: Annotated[
        Path | None, typer.Option(help="The course as it is written; by default that of the checkout.")
    ] = None,
    course_id: Annotated[
        str | None,
        typer.Option(help="What nbgrader calls a new course; by default the name of DIR.", metavar="ID"),
    ] = None,
    lessons: Annotated[
        str | None,
        typer.Option(
            help="Set up these lessons, besides those that are; by default all, in a new course.", metavar="IDS"
        ),
    ] = None,
    due: Annotated[
        list[str] | None,
        typer.Option(help="When a lesson is due, in UTC or with a zone; may be repeated.", metavar="LESSON=TIME"),
    ] = None,
    replace_edited: Annotated[
        bool,
        typer.Option("--replace-edited", help="Put notebooks you edited in DIR/source into DIR/replaced."),
    ] = False,
) -> None:
    """Make DIR an nbgrader course with the class release, or bring it up to date.

    Lessons of your own go into DIR/items, laid out like solutions/.
    Submissions, grades and the secret are never touched, and the keys of earlier releases are kept.
    A course that was made with --lessons keeps to those; run it again with more of them to add them.

    Example: quizlib course ~/teaching/serving --lessons 01-overview,05-pruning --due 01-overview=2026-12-24T23:59
    """
    from quizlib.release.checkout import solutions_folder

    folder = folder.expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise GradingError(f"{folder} is a file; give the name of a directory for the course.")
    written = solutions_folder(solutions)
    from quizlib.release.classroom import make_course
    from quizlib.release.due_dates import read_due, shown

    dates = read_due(due or [])
    asked = None if lessons is None else [part.strip() for part in lessons.split(",") if part.strip()]
    with progress("reading the course") as announce:
        report = make_course(
            folder,
            written,
            announce,
            course_id=course_id,
            replace_edited=replace_edited,
            lessons=asked,
            due=dates,
        )
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"{folder} holds release {report.release} of the course {report.course.settings.course_id}.")
    for lesson in report.released:
        console.print(f"  released   {lesson}")
    for lesson in report.unchanged:
        console.print(f"  unchanged  {lesson}")
    for lesson, when in report.due.items():
        console.print(f"  due        {lesson}  {shown(when)}")
    for path in report.replaced:
        console.print(f"  your edited notebook is now {path}")
    _say_what_is_next(console, report.course, (report.released or report.unchanged)[0])


def _say_what_is_next(console: Console, course: Course, lesson: str) -> None:
    """Say how a lesson goes out and comes back, by hand or through nbgrader's exchange, and how it is graded."""
    root = shlex.quote(str(course.root))
    console.print(f"Next: hand out the folder {course.released(lesson)}")
    console.print(f"  and put what comes back into {course.submission('STUDENT', lesson)}")
    console.print(f"Or, where learners share a server with you: cd {root} && nbgrader release_assignment {lesson}")
    console.print(f"  and later, there: nbgrader collect {lesson}")
    console.print(f"Then: quizlib grade {lesson} --course {root}")
