"""Which lessons a course is set up with, run by run."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from quizlib.errors import ArgumentError
from quizlib.release.classroom import CourseReport, make_course
from quizlib.release.due_dates import read_due

from .test_classroom import SETTINGS, add_lesson

FIRST, SECOND, THIRD = "90-sample", "91-own", "92-more"


@pytest.fixture
def written(checkout: Path) -> Path:
    """A course of three lessons, as it is written."""
    solutions = checkout / "solutions"
    add_lesson(solutions)
    for path in (solutions / "lessons" / "91_own.py", solutions / "questions" / "91_own.yaml"):
        text = path.read_text(encoding="utf-8").replace("91-own", "92-more").replace(": own", ": more")
        path.with_stem("92_more").write_text(text, encoding="utf-8")
    return solutions


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "nbgrader_config.py").write_text(SETTINGS)
    return tmp_path / "course"


def make(root: Path, solutions: Path, lessons: Sequence[str] | None = None, *due: str) -> CourseReport:
    return make_course(root, solutions, lambda text: None, lessons=lessons, due=read_due(due))


def set_up(root: Path) -> list[str]:
    """Return the lessons in the gradebook, which must be those that are released and judged by the keys."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        known = sorted(assignment.name for assignment in gradebook.assignments)
    current = json.loads((root / "course.json").read_text())["current"]
    assert sorted(path.name for path in (root / "release").iterdir()) == known
    assert sorted(json.loads((root / "keys" / current / "lessons.json").read_text())) == known
    return known


def test_lessons_are_set_up_as_they_are_named_and_added_run_by_run(root: Path, written: Path) -> None:
    assert make(root, written, [SECOND]).released == (SECOND,)
    assert set_up(root) == [SECOND]
    added = make(root, written, [FIRST])
    assert (added.released, added.unchanged) == ((FIRST,), (SECOND,))
    assert set_up(root) == [FIRST, SECOND]
    kept = make(root, written)
    assert (kept.released, kept.unchanged) == ((), (FIRST, SECOND))
    assert set_up(root) == [FIRST, SECOND]


def test_a_course_of_all_lessons_stays_one_whatever_is_named_later(root: Path, written: Path) -> None:
    for path in written.rglob("92_more*"):
        path.rename(path.with_suffix(".later"))
    make(root, written)
    assert set_up(root) == [FIRST, SECOND]
    for path in written.rglob("*.later"):
        path.rename(path.with_suffix(".yaml" if path.parent.name == "questions" else ".py"))
    make(root, written, [FIRST])
    assert set_up(root) == [FIRST, SECOND, THIRD]


def test_an_unknown_lesson_and_none_at_all_are_told_before_anything_is_made(root: Path, written: Path) -> None:
    with pytest.raises(ArgumentError, match=f"there is no lesson '09-x' in this course; expected one of: {FIRST}, "):
        make(root, written, [FIRST, "09-x"])
    with pytest.raises(ArgumentError, match="--lessons names no lesson"):
        make(root, written, [])
    with pytest.raises(ArgumentError, match=f"no lesson '{SECOND}' in this course; expected one of: {FIRST}"):
        make(root, written, [FIRST], f"{SECOND}=2026-12-24T23:59")
    assert not (root / "course.json").exists()
    assert not (root / "secret").exists()


def due_dates(root: Path) -> dict[str, str]:
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {assignment.name: str(assignment.duedate) for assignment in gradebook.assignments}


def test_due_dates_end_in_nbgraders_own_place_and_stay_until_they_are_changed(root: Path, written: Path) -> None:
    make(root, written, [FIRST, SECOND], f"{FIRST}=2026-12-24T23:59", f"{SECOND}=2026-12-24T23:59+01:00")
    expected = {FIRST: "2026-12-24 23:59:00", SECOND: "2026-12-24 22:59:00"}
    assert due_dates(root) == expected
    make(root, written)
    assert due_dates(root) == expected
    report = make(root, written, None, f"{FIRST}=none")
    assert report.due == {FIRST: None}
    assert due_dates(root) == {**expected, FIRST: "None"}
