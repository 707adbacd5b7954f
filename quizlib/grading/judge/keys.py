"""The keys of a course, for the judge alone: what each item is judged by, release by release."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache

from quizlib.authoring.exercises import read_exercises
from quizlib.authoring.modules import load_module
from quizlib.authoring.spec import ExerciseSpec
from quizlib.coursedir.course import Course
from quizlib.errors import GradingError
from quizlib.items.released import ExerciseSheet, Sheet, read_sheet

KEPT_SHEETS = 64
"""Sheets that are kept once they are drawn: enough for one submission, from its probes to its verdicts."""


class Keys:
    """The sheets by which submissions of one course are judged, private probes among them."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._stored = cache(self._read_sheet)
        self._specs = cache(self._read_specs)
        self._sheet = lru_cache(KEPT_SHEETS)(self._draw_sheet)

    def sheet(self, release: str, lesson: str, item: str, code: str) -> Sheet:
        """Return the sheet of `item` as it was released; one that was corrected or added since, as it is now.

        Args:
            release: Id of the release that the submission came from.
            lesson: Id of the lesson.
            item: Id of the item.
            code: What the submission's code is told by, from which the private probes of an exercise are drawn.

        Raises:
            GradingError: no key of it is kept.
        """
        name = self._course.judging_release(release, lesson, item)
        return self._sheet(name, lesson, item, code)

    def newest(self, lesson: str, item: str, code: str) -> Sheet:
        """Return the sheet of `item` as it is now, whatever a submission came from.

        Raises:
            GradingError: no key of it is kept.
        """
        return self.sheet(self._course.current_release, lesson, item, code)

    def _read_sheet(self, release: str, lesson: str, item: str) -> Sheet:
        return read_sheet(self._course.kept(release).sheets(lesson), item)

    def _draw_sheet(self, release: str, lesson: str, item: str, code: str) -> Sheet:
        stored = self._stored(release, lesson, item)
        if not isinstance(stored, ExerciseSheet):
            return stored
        sheet = self._spec(release, lesson, item).grading_sheet(self._course.secret, code)
        return replace(sheet, recognised=stored.recognised, number=stored.number)

    def _spec(self, release: str, lesson: str, item: str) -> ExerciseSpec:
        spec = self._specs(release, lesson).get(item)
        if spec is None:
            raise GradingError(f"the spec of {item} is missing from keys/{release}/solutions/exercises.")
        return spec

    def _read_specs(self, release: str, lesson: str) -> dict[str, ExerciseSpec]:
        """Return the specs of a lesson; in keys of before each exercise had a folder they are one list in one file."""
        solutions, stem = self._course.keys(release) / "solutions", lesson.replace("-", "_")
        if (solutions / "exercises" / f"{stem}.py").is_file():
            return {spec.id: spec for spec in getattr(load_module(solutions, "exercises", stem), "EXERCISES", ())}
        return {item: written.spec for item, written in read_exercises(solutions, lesson).items()}
