"""Grade a sample class in a course of its own, and compare the scores with those it should get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table

from quizlib.authoring.course import read_lesson
from quizlib.coursedir.course import Course
from quizlib.errors import GradingError
from quizlib.grading.batch.grade import Graded
from quizlib.grading.batch.report import printable, status
from quizlib.grading.batch.sample import SampleSubmission, class_of, hand_in, points_of

TIMEOUT_SECONDS = 30
"""How long a cell of the sample class may run."""


@dataclass(frozen=True)
class Compared:
    """A student of the sample class: the scores that were expected and given, by item."""

    student: str
    about: str
    expected: dict[str, float]
    given: dict[str, float]
    expected_status: str
    status: str
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether every item got the score it should, and the submission ended as it should."""
        return self.expected == self.given and self.expected_status == self.status

    @property
    def differences(self) -> list[str]:
        """What does not agree, in words."""
        items = sorted({*self.expected, *self.given})
        found = [
            f"{self.student}: {item} should get {self.expected.get(item, 0):g}, got {self.given.get(item, 0):g}."
            for item in items
            if self.expected.get(item) != self.given.get(item)
        ]
        if self.expected_status != self.status:
            found.append(f"{self.student} should end as {self.expected_status}, ended as {self.status}.")
        return found


def prepare(folder: Path, solutions: Path, lesson: str, announce: Callable[[str], None]) -> Course:
    """Make a course in `folder`, hand in the sample class of `lesson`, and return the course.

    Raises:
        GradingError: the folder is in use, or the lesson has no sample class.
    """
    from quizlib.release.classroom import make_course

    if folder.exists() and any(folder.iterdir()):
        raise GradingError(f"{folder} is not empty; give the name of a new folder.")
    students = sample_class(solutions, lesson)
    make_course(folder, solutions, announce)
    course = Course.at(folder)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"c.Execute.timeout = {TIMEOUT_SECONDS}  # the sample class has a loop without end\n")
    announce("handing in the sample class")
    hand_in(course, read_lesson(solutions, lesson), students)
    return course


def sample_class(solutions: Path, lesson: str) -> dict[str, SampleSubmission]:
    """Return the sample class of a lesson.

    Raises:
        GradingError: there is none.
    """
    folder = solutions / "class" / lesson.replace("-", "_")
    if not any(folder.glob("*.yaml")):
        raise GradingError(f"{lesson} has no sample class: {folder} holds no YAML file.")
    return class_of(folder, read_lesson(solutions, lesson))


def compare_all(
    course: Course, lesson: str, students: dict[str, SampleSubmission], results: Sequence[Graded]
) -> list[Compared]:
    """Return each student's scores beside what they should be."""
    points = points_of(course, lesson)
    return [compare(graded, students[graded.student], points) for graded in results]


def compare(graded: Graded, sample: SampleSubmission, points: dict[str, float]) -> Compared:
    """Return what was expected of a student beside what was given."""
    items = graded.record.items if graded.record else []
    return Compared(
        graded.student,
        sample.about,
        sample.scores(points),
        {item.id: item.score for item in items},
        sample.status,
        status(graded),
        graded.seconds,
    )


def table(lesson: str, compared: Sequence[Compared]) -> Table:
    """Return the comparison as a table."""
    made = Table(title=f"Sample class of {lesson}", box=SIMPLE_HEAD)
    made.add_column("student", no_wrap=True)
    made.add_column("what it is")
    for heading in ("expected", "given"):
        made.add_column(heading, justify="right")
    made.add_column("equal")
    made.add_column("seconds", justify="right")
    for row in compared:
        wanted, given = f"{sum(row.expected.values()):g}", f"{sum(row.given.values()):g}"
        equal = "yes" if row.agrees else "[bold red]no[/]"
        seconds = f"{row.seconds:.1f}"
        made.add_row(printable(row.student), printable(row.about), wanted, given, equal, seconds)
    return made
