"""`quizlib grade` and `quizlib demo`, as they are typed."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from quizlib.cli import app
from quizlib.coursedir.course import Course
from quizlib.grading.batch.grade import grade
from quizlib.grading.record import read_record
from quizlib.grading.results.gradebook import auto_scores
from tests.grading.conftest import (
    ANOTHER_ENGINE,
    HERE,
    LESSON,
    hand_in,
    judge_otherwise,
    read,
    solutions,  # noqa: F401  a fixture
    template,  # noqa: F401  a fixture
)


@pytest.fixture
def course(tmp_path, template):  # noqa: F811  the fixture of the grading tests
    shutil.copytree(template, tmp_path / "course")
    return Course.at(tmp_path / "course")


def quizlib(*arguments, answer=None):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=answer)


def said(result):
    return " ".join((result.stdout + result.stderr).split())


def test_help_has_an_example():
    assert "Example: quizlib grade 01-overview" in said(quizlib("grade", "--help"))
    assert "Example: quizlib demo 01-overview" in said(quizlib("demo", "--help"))


def test_a_folder_that_is_no_course_is_one_sentence(tmp_path):
    result = quizlib("grade", LESSON, "--course", tmp_path)
    assert result.exit_code == 1
    assert result.stderr == (
        f"quizlib: {tmp_path} is not a course directory; make one with: quizlib course {tmp_path}\n"
    )


def test_an_unknown_lesson_is_one_sentence_with_those_there_are(course):
    result = quizlib("grade", "99-none", "--course", course.root)
    assert result.exit_code == 1
    assert f"99-none is no released lesson of {course.root}; there are: {LESSON}." in said(result)


def test_no_submissions_is_one_sentence_with_what_to_do(course):
    result = quizlib("grade", LESSON, "--course", course.root)
    assert result.exit_code == 1
    assert f"nobody has handed in {LESSON}" in said(result)
    assert f"nbgrader collect {LESSON}" in said(result)


def test_a_student_who_is_not_there_is_one_sentence(course):
    hand_in(course, "ada", read(course, "source"))
    result = quizlib("grade", LESSON, "--course", course.root, "--student", "bob")
    assert result.exit_code == 1
    assert f"bob has not handed in {LESSON}; 1 others have." in said(result)


def test_an_isolation_that_is_not_there_is_one_sentence(course):
    hand_in(course, "ada", read(course, "source"))
    result = quizlib("grade", LESSON, "--course", course.root, "--isolation", "jail")
    assert result.exit_code == 1
    assert "isolation is 'jail'; this version has: none." in said(result)


@pytest.mark.grading
def test_grading_prints_a_table_and_where_everything_lies(course, tmp_path):
    hand_in(course, "ada", read(course, "source"))
    report = tmp_path / "out" / "report.json"
    result = quizlib("grade", LESSON, "--course", course.root, "--isolation", "none", "--json", report)
    assert result.exit_code == 0, said(result)
    for text in ("isolation none", "ada", "10 / 10", str(course.root / "gradebook.db"), str(report)):
        assert text in said(result)
    [row] = json.loads(report.read_text())["submissions"]
    assert (row["student"], row["score"], row["status"]) == ("ada", 10, "graded")
    again = quizlib("grade", LESSON, "--course", course.root)
    assert "1 unchanged since they were graded; --force grades them again." in said(again)


@pytest.mark.grading
def test_a_fault_of_ours_is_told_and_the_exit_status_is_1(course):
    hand_in(course, "ada", read(course, "source"))
    (course.root / "secret").write_text("not hex")
    result = quizlib("grade", LESSON, "--course", course.root)
    assert result.exit_code == 1
    assert "infrastructure" in said(result)
    assert "cannot be read as hex" in said(result)


def test_an_id_that_nbgrader_cannot_take_is_told_and_printed_as_it_is(course):
    hand_in(course, "ada[bold]", read(course, "source"))
    result = quizlib("grade", LESSON, "--course", course.root)
    assert result.exit_code == 1
    assert "ada[bold]: nbgrader cannot take an id with *, ? or [; rename the folder" in said(result)


@pytest.fixture(scope="module")
def judged(tmp_path_factory, template):  # noqa: F811  a fixture
    """A course in which another engine gave ada 8 of 10 points."""
    folder = tmp_path_factory.mktemp("judged") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    hand_in(course, "ada", read(course, "source"))
    grade(course, LESSON, ["ada"], isolation="none")
    judge_otherwise(course, "ada", size_table=0.0)
    return folder


@pytest.fixture
def mended(tmp_path, judged):
    """A copy of that course, after the judge was mended."""
    shutil.copytree(judged, tmp_path / "mended")
    return Course.at(tmp_path / "mended")


def held(course):
    """Return ada's points in the gradebook, and the engine in her record."""
    return sum(auto_scores(course, LESSON, "ada").values()), read_record(course, "ada", LESSON).engine


@pytest.mark.grading
def test_a_grade_by_another_engine_is_told_with_the_command_and_left(mended, tmp_path):
    result = quizlib("grade", LESSON, "--course", mended.root, "--json", tmp_path / "report.json")
    assert result.exit_code == 0
    assert "8 / 10 │ graded (judged by another engine)" in said(result)
    assert (
        f"1 judged by another engine, and left as they are; to see who would change: quizlib grade {LESSON} --again"
        in said(result)
    )
    assert "unchanged since" not in said(result)
    [row] = json.loads((tmp_path / "report.json").read_text())["submissions"]
    assert (row["score"], row["engine"]) == (8, "another")
    assert held(mended) == (8, ANOTHER_ENGINE)


@pytest.mark.grading
def test_again_without_a_terminal_shows_who_would_change_and_changes_nothing(mended):
    result = quizlib("grade", LESSON, "--course", mended.root, "--again")
    assert result.exit_code == 1
    assert "1 judged by another engine, 1 would change" in said(result)
    assert "│ ada │ 8 │ 10 │ size-table 0 → 2 │" in said(result)
    assert "there is no terminal to ask on; nothing was changed." in said(result)
    assert f"quizlib grade {LESSON} --again --yes" in said(result)
    assert held(mended) == (8, ANOTHER_ENGINE)


@pytest.mark.grading
def test_again_asks_and_does_as_it_is_told(mended, monkeypatch):
    monkeypatch.setattr("quizlib.cli.asking.has_terminal", lambda: True)
    declined = quizlib("grade", LESSON, "--course", mended.root, "--again", answer="n\n")
    assert declined.exit_code == 0
    assert "Change 1 grade? [y/N]: n Nothing was changed." in said(declined)
    assert held(mended) == (8, ANOTHER_ENGINE)
    agreed = quizlib("grade", LESSON, "--course", mended.root, "--again", answer="y\n")
    assert agreed.exit_code == 0
    assert "10 / 10 │ graded" in said(agreed)
    assert held(mended)[0] == 10
    assert "Score: 10.0 / 10.0" in (mended.feedback("ada", LESSON) / f"{LESSON}.html").read_text()
    once_more = quizlib("grade", LESSON, "--course", mended.root, "--again")
    assert once_more.exit_code == 0
    assert f"No grade of {LESSON} was judged by another engine." in said(once_more)


@pytest.mark.grading
def test_again_with_yes_asks_nobody_and_notes_the_engine_where_nothing_changes(mended, tmp_path):
    graded = quizlib("grade", LESSON, "--course", mended.root, "--again", "--yes")
    assert graded.exit_code == 0
    assert held(mended)[0] == 10
    judge_otherwise(mended, "ada")
    noted = quizlib("grade", LESSON, "--course", mended.root, "--again", "--json", tmp_path / "report.json")
    assert noted.exit_code == 0
    assert "1 judged by another engine, 0 would change" in said(noted)
    [row] = json.loads((tmp_path / "report.json").read_text())["submissions"]
    assert (row["score"], row["engine"]) == (10, "this")


def test_again_and_force_together_are_one_sentence(course):
    result = quizlib("grade", LESSON, "--course", course.root, "--again", "--force")
    assert result.exit_code == 1
    assert "--again and --force were given; pass --force alone to grade everybody again." in said(result)


@pytest.mark.grading
def test_demo_compares_and_fails_when_a_score_differs(solutions, tmp_path):  # noqa: F811  a fixture
    written = tmp_path / "solutions"
    shutil.copytree(solutions, written)
    shutil.rmtree(written / "class")
    (written / "class" / "90_sample").mkdir(parents=True)
    shutil.copy(HERE / "class" / "perfect.yaml", written / "class" / "90_sample")
    wrong = "about: Expects too much.\nothers: full\n"
    (written / "class" / "90_sample" / "hopes.yaml").write_text(wrong)
    result = quizlib("demo", LESSON, "--solutions", written, "--into", tmp_path / "demo")
    assert result.exit_code == 1
    assert "hopes: quantize-codes should get 5, got 0." in said(result)
    assert "perfect:" not in said(result)
    assert (tmp_path / "demo" / "report.json").is_file()


def test_demo_leaves_a_folder_that_is_in_use_alone(tmp_path, solutions):  # noqa: F811  a fixture
    (tmp_path / "mine.txt").write_text("x")
    result = quizlib("demo", LESSON, "--solutions", solutions, "--into", tmp_path)
    assert result.exit_code == 1
    assert "is not empty" in said(result)


def test_a_lesson_without_a_sample_class_is_one_sentence(tmp_path, solutions):  # noqa: F811  a fixture
    result = quizlib("demo", "91-other", "--solutions", solutions, "--into", tmp_path / "new")
    assert result.exit_code == 1
    assert "91-other has no sample class" in said(result)
