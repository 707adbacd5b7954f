"""Everything uses the gradebook, and the folders, that a course's settings name."""

import csv

import nbformat
import pytest
from typer.testing import CliRunner

from quizlib.cli import app
from quizlib.coursedir.course import Course
from quizlib.errors import GradingError
from quizlib.grading.results.gradebook import auto_scores, create_rows
from tests.grading.conftest import LESSON, hand_in, nbgrader, read


def quizlib(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.grading
@pytest.mark.parametrize("url", ["sqlite:////{elsewhere}/grades.db", "sqlite:///grades.db"])
def test_course_grade_feedback_and_export_use_the_gradebook_that_is_configured(tmp_path, solutions, url):
    root, elsewhere = tmp_path / "course", tmp_path / "elsewhere"
    elsewhere.mkdir()
    url = url.format(elsewhere=str(elsewhere).lstrip("/"))
    file = elsewhere / "grades.db" if "elsewhere" in url else root / "grades.db"
    root.mkdir()
    (root / "nbgrader_config.py").write_text(
        "from quizlib.grading.config import configure\n\n"
        f"c = get_config()\nconfigure(c, __file__)\nc.CourseDirectory.db_url = {url!r}\n"
    )
    quizlib("course", root, "--solutions", solutions)
    assert file.is_file()

    course = Course.at(root)
    hand_in(course, "ada", read(course, "source"))
    output = quizlib("grade", LESSON, "--course", root)
    assert f"gradebook  {file}" in output
    assert set(auto_scores(course, LESSON, "ada").values()) == {1, 2, 5}
    assert "1 unchanged since they were graded" in quizlib("grade", LESSON, "--course", root)

    nbgrader(course, "generate_feedback", LESSON, "--force")
    [page] = course.feedback("ada", LESSON).glob("*.html")
    assert "Score: 10.0 / 10.0" in page.read_text()
    nbgrader(course, "export", "--to", "grades.csv")
    [row] = csv.DictReader((root / "grades.csv").read_text().splitlines())
    assert (row["student_id"], float(row["score"])) == ("ada", 10.0)
    assert not (root / "gradebook.db").exists()


@pytest.mark.grading
def test_work_is_taken_from_and_feedback_put_into_the_folders_that_are_configured(course, solved, tmp_path):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(
            f"c.CourseDirectory.submitted_directory = {str(tmp_path / 'in')!r}\n"
            "c.CourseDirectory.autograded_directory = 'graded'\n"
            "c.CourseDirectory.feedback_directory = 'pages'\n"
        )
    course = Course.at(course.root)
    hand_in(course, "ada", solved, "my work.ipynb")
    output = quizlib("grade", LESSON, "--course", course.root)
    assert f"feedback   {course.root / 'pages'}" in output
    assert (tmp_path / "in" / "ada" / LESSON / "my work.ipynb").is_file()
    assert nbformat.read(course.root / "graded" / "ada" / LESSON / f"{LESSON}.ipynb", as_version=4).cells
    assert list((course.root / "pages" / "ada" / LESSON).glob("*.html"))
    assert not [name for name in ("submitted", "autograded", "feedback") if (course.root / name).exists()]


def test_a_missing_gradebook_is_named_as_it_is_configured(course, tmp_path):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"c.CourseDirectory.db_url = 'sqlite:///{tmp_path}/moved.db'\n")
    with pytest.raises(GradingError, match=r"moved\.db is missing; run again: quizlib course"):
        create_rows(Course.at(course.root), LESSON, ["ada"])


def test_a_lesson_that_the_gradebook_does_not_know_is_told(course):
    with pytest.raises(GradingError, match="91-other is not in the gradebook"):
        create_rows(course, "91-other", ["ada"])
