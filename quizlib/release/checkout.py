"""Where the course is written: in a checkout, never in an installed package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quizlib.authoring.course import read_course
from quizlib.errors import SpecError
from quizlib.release.lesson_release import Announce, LessonRelease


def checkout_folder() -> Path:
    """Return the checkout that this package runs from.

    Raises:
        SpecError: it is installed elsewhere, and there is no `solutions` folder beside it.
    """
    folder = Path(__file__).parents[2]
    if not (folder / "solutions" / "lessons").is_dir():
        raise SpecError(
            "this command needs the course as it is written: run it in a checkout of the repository, "
            "after `pip install --editable '.[grading]'` there."
        )
    return folder


def solutions_folder(given: Path | None = None) -> Path:
    """Return `given`, or the `solutions` folder of the checkout.

    Raises:
        SpecError: there are no lessons in it.
    """
    folder = given or checkout_folder() / "solutions"
    if not any((folder / "lessons").glob("[0-9][0-9]_*.py")):
        raise SpecError(f"{folder / 'lessons'} holds no lesson; expected files such as 01_overview.py.")
    return folder


def chosen(solutions: Path, lessons: Sequence[str], announce: Announce) -> list[LessonRelease]:
    """Return the releases of `lessons`, or of all lessons; ids are unique over the whole course in either case.

    Raises:
        SpecError: there is no lesson of such an id, or a lesson breaks the rules.
    """
    known = {lesson.id: LessonRelease(lesson, announce) for lesson in read_course(solutions)}
    missing = [lesson for lesson in lessons if lesson not in known]
    if missing:
        raise SpecError(f"there is no lesson {missing[0]!r}; there are: {', '.join(known)}.")
    return [known[lesson] for lesson in lessons or known]
