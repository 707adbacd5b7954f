"""`quizlib grade --again`: show who would change, ask, and then change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from quizlib.cli.asking import change_if_agreed
from quizlib.cli.counting import counting

if TYPE_CHECKING:
    from quizlib.coursedir.course import Course
    from quizlib.grading.batch.grade import Graded


def judge_again(
    console: Console, course: Course, lesson: str, students: list[str], isolation: str, workers: int, *, yes: bool
) -> list[Graded]:
    """Judge again what another engine has judged, once somebody has agreed to what changes, and return how it came out.

    Raises:
        GradingError: grades would change, and there is no terminal to ask on.
        typer.Exit: the answer is no.
    """
    from quizlib.grading.batch.again import grade_again, preview
    from quizlib.grading.batch.report import printable, review_table

    with counting("judging again", len(students)) as step:
        reviews = preview(
            course, lesson, students, isolation=isolation, workers=workers, on_done=lambda name: step(printable(name))
        )
    if not reviews:
        console.print(f"No grade of {lesson} was judged by another engine.")
        return []
    console.print(review_table(lesson, reviews))
    return change_if_agreed(
        console,
        lesson,
        sum(bool(review.changes) for review in reviews),
        f"quizlib grade {lesson} --again --yes",
        lambda on_done: grade_again(course, lesson, reviews, isolation=isolation, workers=workers, on_done=on_done),
        yes=yes,
    )
