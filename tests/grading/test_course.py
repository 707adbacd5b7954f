import pytest

from quizlib.errors import GradingError
from quizlib.grading.course import Course

from .conftest import LESSON, hand_in


def test_a_folder_that_is_no_course_is_said_to_be_none(tmp_path):
    with pytest.raises(GradingError, match="is not a course directory; make one with: quizlib course"):
        Course.at(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"current": 3}'])
def test_a_broken_description_is_told_at_once(course, text):
    (course.root / "course.json").write_text(text)
    with pytest.raises(GradingError, match=r"course\.json"):
        Course.at(course.root)


def test_a_course_knows_its_lessons_and_who_handed_in(course, solved):
    hand_in(course, "ada", solved)
    hand_in(course, "bob", solved)
    assert course.lessons == [LESSON]
    assert course.students(LESSON) == ["ada", "bob"]
    assert course.students("91-other") == []


def test_a_secret_that_is_not_hex_is_told(course):
    (course.root / "secret").write_text("not hex")
    with pytest.raises(GradingError, match="cannot be read as hex"):
        _ = course.secret
