"""The keys of a course, for the judge alone: what each item is judged by, release by release."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from quizlib.authoring.exercises import read_exercises
from quizlib.authoring.modules import load_module
from quizlib.authoring.spec import ExerciseSpec
from quizlib.coursedir.course import Course
from quizlib.errors import GradingError
from quizlib.items.released import ExerciseSheet, Sheet, read_sheet


class Keys:
    """The sheets by which submissions of one course are judged, private probes among them."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._sheet = cache(self._read_sheet)
        self._specs = cache(self._read_specs)

    def sheet(self, release: str, lesson: str, item: str) -> Sheet:
        """Return the sheet of `item` as it was released; an item that is newer than the release, as it is now.

        Raises:
            GradingError: no key of it is kept.
        """
        for name in dict.fromkeys((release, self._course.current_release)):
            if (self._course.keys(name) / "sheets" / lesson / f"{item}.json").is_file():
                return self._sheet(name, lesson, item)
        raise GradingError(
            f"no key of {item} is kept for release {release}; run again: quizlib course {self._course.root}"
        )

    def _read_sheet(self, release: str, lesson: str, item: str) -> Sheet:
        stored = read_sheet(self._course.keys(release) / "sheets" / lesson, item)
        if not isinstance(stored, ExerciseSheet):
            return stored
        spec = self._specs(release, lesson).get(item)
        if spec is None:
            raise GradingError(f"the spec of {item} is missing from keys/{release}/solutions/exercises.")
        sheet = replace(spec, recognised=stored.recognised).grading_sheet(self._course.secret)
        return replace(sheet, number=stored.number)

    def _read_specs(self, release: str, lesson: str) -> dict[str, ExerciseSpec]:
        """Return the specs of a lesson; in keys of before each exercise had a folder they are one list in one file."""
        solutions, stem = self._course.keys(release) / "solutions", lesson.replace("-", "_")
        if (solutions / "exercises" / f"{stem}.py").is_file():
            return {spec.id: spec for spec in getattr(load_module(solutions, "exercises", stem), "EXERCISES", ())}
        return {item: written.spec for item, written in read_exercises(solutions, lesson).items()}
