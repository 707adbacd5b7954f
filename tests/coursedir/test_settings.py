import sys
from pathlib import Path

import pytest

from quizlib.coursedir.course import Course
from quizlib.coursedir.settings import make_settings, read_config, read_outer_config
from quizlib.errors import GradingError

from .conftest import configure

OUTSIDE = "c = get_config()\nc.CourseDirectory.course_id = 'everywhere'\nc.Exchange.root = '/srv/exchange'\n"


def test_new_settings_call_one_function_of_grading_and_name_the_course(tmp_path: Path) -> None:
    make_settings(tmp_path, "serving")
    lines = (tmp_path / "nbgrader_config.py").read_text().splitlines()
    assert lines[1] == "from quizlib.grading.config import configure"
    assert lines[-2:] == ["configure(c, __file__)", 'c.CourseDirectory.course_id = "serving"']


def test_settings_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("mine")
    make_settings(tmp_path, "serving")
    assert (tmp_path / "nbgrader_config.py").read_text() == "mine"


def test_the_course_has_the_last_word_over_the_users_settings(course: Course, no_settings_outside: Path) -> None:
    (no_settings_outside / "nbgrader_config.py").write_text(OUTSIDE + "c.CourseDirectory.root = '/elsewhere'\n")
    assert course.settings.course_id == "everywhere"
    mine = configure(course, "c.CourseDirectory.course_id = 'mine'")
    assert (mine.settings.course_id, mine.settings.root) == ("mine", str(course.root))
    assert mine.config.Exchange.root == "/srv/exchange"


def test_settings_in_json_and_those_of_jupyter_count_as_they_do_for_nbgrader(
    course: Course, no_settings_outside: Path
) -> None:
    (no_settings_outside / "jupyter_config.py").write_text(OUTSIDE)
    (no_settings_outside / "nbgrader_config.json").write_text('{"CourseDirectory": {"course_id": "json"}}')
    assert course.settings.course_id == "json"
    assert course.config.Exchange.root == "/srv/exchange"


def test_settings_outside_say_nothing_of_a_course_unless_they_do(no_settings_outside: Path) -> None:
    assert "course_id" not in read_outer_config().CourseDirectory
    (no_settings_outside / "nbgrader_config.py").write_text(OUTSIDE)
    assert read_outer_config().CourseDirectory.course_id == "everywhere"


def test_settings_import_what_lies_beside_them_and_leave_no_trace(course: Course) -> None:
    (course.root / "beside_settings.py").write_text("NAME = 'imported'\n")
    before = list(sys.path)
    imported = configure(course, "from beside_settings import NAME\nc.CourseDirectory.course_id = NAME")
    assert imported.settings.course_id == "imported"
    assert sys.path == before


def test_settings_that_fail_are_one_sentence_with_the_file(course: Course) -> None:
    configure(course, "1 / 0")
    with pytest.raises(GradingError, match=r"course/nbgrader_config\.py fails: ZeroDivisionError: division by zero"):
        read_config(course.root)


def test_the_gradebook_is_where_nbgrader_has_it_unless_it_is_told_otherwise(course: Course) -> None:
    assert course.settings.db_url == f"sqlite:///{course.root}/gradebook.db"
    relative = configure(course, "c.CourseDirectory.db_url = 'sqlite:///sub/grades.db'")
    assert relative.settings.db_url == f"sqlite:///{course.root}/sub/grades.db"
    server = configure(course, "c.CourseDirectory.db_url = 'postgresql://ada:secret@host/grades'")
    assert server.settings.db_url == "postgresql://ada:secret@host/grades"
