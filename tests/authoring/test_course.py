from pathlib import Path

import pytest

from quizlib.authoring.course import read_lesson
from quizlib.authoring.texts import lesson_ids

SAMPLE = Path(__file__).parents[1] / "release" / "course"


@pytest.fixture
def lesson():
    return read_lesson(SAMPLE, "90-sample")


def test_a_lesson_knows_the_files_of_each_part_and_where_they_lie_in_the_course(lesson):
    assert [lesson.place(path) for path in lesson.files("lessons", "questions")] == [
        "lessons/90_sample.py",
        "questions/90_sample.yaml",
    ]
    assert [lesson.place(path) for path in lesson.files("exercises")] == [
        "exercises/90-sample/common.py",
        "exercises/90-sample/quantize-codes/spec.py",
        "exercises/90-sample/size-table/spec.py",
    ]
    assert [lesson.place(path) for path in lesson.files("attempts")] == [
        "exercises/90-sample/quantize-codes/attempts.py",
        "exercises/90-sample/size-table/attempts.py",
    ]


def test_a_lesson_that_goes_on_from_another_comes_after_it(tmp_path):
    (tmp_path / "lessons").mkdir()
    for name in ("10_last.py", "02b_second.py", "02_first.py", "02_first_notes.txt", "helper.py"):
        (tmp_path / "lessons" / name).touch()
    assert lesson_ids(tmp_path) == ["02-first", "02b-second", "10-last"]
    assert [read_lesson(tmp_path, lesson).number for lesson in lesson_ids(tmp_path)] == ["2", "2b", "10"]


def test_a_part_that_a_lesson_does_not_have_has_no_file(lesson):
    assert lesson.files("numbers") == []


def test_an_exercise_rests_on_its_own_folder_and_on_what_it_may_share(lesson):
    assert [lesson.place(path) for path in lesson.files_of("size-table")] == [
        "exercises/90-sample/common.py",
        "exercises/90-sample/size-table/spec.py",
        "exercises/90-sample/size-table/attempts.py",
    ]


def test_exercises_and_attempts_are_read_by_id(lesson):
    assert list(lesson.exercises) == list(lesson.attempts) == ["quantize-codes", "size-table"]
    assert {attempt.item for attempt in lesson.attempts["size-table"]} == {"size-table"}
