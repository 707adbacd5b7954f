from pathlib import Path

import pytest

from quizlib.coursedir.course import Course
from quizlib.errors import GradingError

from .conftest import LESSON, configure


def hand_in(course: Course, *students: str) -> None:
    for student in students:
        course.submission(student, LESSON).mkdir(parents=True)


def test_a_folder_that_is_no_course_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="is not a course directory; make one with: quizlib course"):
        Course.at(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"current": 3}'])
def test_a_broken_description_is_told_at_once(course: Course, text: str) -> None:
    (course.root / "course.json").write_text(text)
    with pytest.raises(GradingError, match=r"course\.json"):
        Course.at(course.root)


def test_a_course_knows_its_lessons_and_who_handed_in(course: Course) -> None:
    hand_in(course, "bob", "ada")
    assert course.lessons == [LESSON]
    assert course.students(LESSON) == ["ada", "bob"]
    assert course.students("91-other") == []


def test_a_release_that_never_was_counts_as_the_current_one(course: Course) -> None:
    assert [course.release_of(claimed) for claimed in ("old", "new", "forged", None)] == ["old", "new", "new", "new"]


def test_folders_are_where_nbgrader_has_them_unless_it_is_told_otherwise(course: Course, tmp_path: Path) -> None:
    places = [course.submission("ada", LESSON), course.autograded("ada", LESSON), course.feedback("ada", LESSON)]
    assert [path.relative_to(course.root).parts[0] for path in places] == ["submitted", "autograded", "feedback"]
    assert course.released(LESSON) == course.root / "release" / LESSON
    moved = configure(
        course,
        f"c.CourseDirectory.submitted_directory = {str(tmp_path / 'in')!r}\n"
        "c.CourseDirectory.autograded_directory = 'graded'\n"
        "c.CourseDirectory.feedback_directory = 'pages'\n"
        "c.CourseDirectory.source_directory = 'ours'\n"
        "c.CourseDirectory.release_directory = 'theirs'\n",
    )
    hand_in(moved, "ada")
    assert moved.students(LESSON) == ["ada"]
    assert moved.submission("ada", LESSON) == tmp_path / "in" / "ada" / LESSON
    assert moved.autograded("ada", LESSON) == course.root / "graded" / "ada" / LESSON
    assert moved.feedback("ada", LESSON) == course.root / "pages" / "ada" / LESSON
    assert (moved.source(LESSON), moved.released(LESSON)) == (
        course.root / "ours" / LESSON,
        course.root / "theirs" / LESSON,
    )


def test_another_order_of_folders_is_refused(course: Course) -> None:
    other = configure(course, "c.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}/{student_id}'")
    with pytest.raises(GradingError, match=r"directory_structure is .* take the setting away"):
        other.students(LESSON)


def test_keys_and_secret_are_read_without_running_the_instructors_settings(course: Course) -> None:
    judged = configure(course, "raise SystemExit('run')")
    assert judged.secret == b"\x0a" * 32
    assert judged.keys("old") == course.root / "keys" / "old"
    assert judged.current_release == "new"
