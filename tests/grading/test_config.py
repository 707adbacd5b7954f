"""What `configure` sets in a course, also in one that was made before it named a course id."""

import csv
import shutil
import sqlite3

import pytest
from traitlets.config import Config

from quizlib.coursedir.course import Course
from quizlib.grading.batch.grade import choose, grade, is_settled
from quizlib.grading.config import AUTOGRADE_STEPS, configure
from quizlib.release.classroom import make_course

from .conftest import LESSON, TIMEOUT_SECONDS, hand_in, nbgrader, read

BEFORE = f"""\
# Settings of nbgrader for this course; add your own below.
from quizlib.grading.config import configure

c = get_config()
configure(c, __file__)
c.Execute.timeout = {TIMEOUT_SECONDS}
"""
"""Settings as they were written when they named no course id."""


@pytest.fixture
def old(course):
    """The course as it was made then: no id in its settings, and none in its gradebook."""
    (course.root / "nbgrader_config.py").write_text(BEFORE)
    with sqlite3.connect(course.root / "gradebook.db") as gradebook:
        gradebook.execute("DELETE FROM course WHERE id <> 'default_course'")
        gradebook.execute("UPDATE assignment SET course_id = ''")
    gradebook.close()
    shutil.move(course.root, course.root.with_name("spring term"))
    return Course.at(course.root.with_name("spring term"))


def test_a_course_without_an_id_is_called_after_its_folder(old):
    assert old.settings.course_id == "spring-term"


def test_an_id_that_the_user_has_set_for_all_courses_stands(monkeypatch, tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'theirs'\n")
    monkeypatch.setattr("quizlib.coursedir.settings.jupyter_config_path", lambda: [str(tmp_path)])
    c = Config()
    configure(c, str(tmp_path / "course" / "nbgrader_config.py"))
    assert "course_id" not in c.CourseDirectory


def test_settings_of_the_user_that_fail_keep_no_step_of_grading_away(monkeypatch, tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("1 / 0\n")
    monkeypatch.setattr("quizlib.coursedir.settings.jupyter_config_path", lambda: [str(tmp_path)])
    c = Config()
    configure(c, str(tmp_path / "course" / "nbgrader_config.py"))
    assert c.CourseDirectory.course_id == "course"
    assert c.Autograde.autograde_preprocessors == list(AUTOGRADE_STEPS)


def test_an_old_course_is_brought_up_to_date_without_releasing_anything_anew(old, solutions):
    before = (old.root / "nbgrader_config.py").read_bytes(), (old.root / "course.json").read_bytes()
    report = make_course(old.root, solutions, lambda text: None)
    assert (report.released, report.unchanged) == ((), (LESSON,))
    assert ((old.root / "nbgrader_config.py").read_bytes(), (old.root / "course.json").read_bytes()) == before


@pytest.mark.grading
def test_an_old_course_is_released_graded_and_exported(old, tmp_path):
    with (old.root / "nbgrader_config.py").open("a") as file:
        file.write(f"c.Exchange.root = {str(tmp_path / 'exchange')!r}\n")
    nbgrader(old, "release_assignment", LESSON)
    assert (tmp_path / "exchange" / "spring-term" / "outbound" / LESSON / f"{LESSON}.ipynb").is_file()

    hand_in(old, "ada", read(old, "source"))
    [graded] = grade(old, LESSON, choose(old, LESSON, []), isolation="none")
    assert (graded.problem, sum(item.score for item in graded.record.items)) == ("", 10)
    assert is_settled(old, LESSON, "ada")
    nbgrader(old, "export", "--to", "grades.csv")
    [row] = csv.DictReader((old.root / "grades.csv").read_text().splitlines())
    assert (row["student_id"], float(row["score"])) == ("ada", 10.0)
