import json
import shutil

import pytest

from quizlib.coursedir.course import Course
from quizlib.grading.batch.grade import grade
from quizlib.release.classroom import make_course

from ..grading.conftest import LESSON, cell, hand_in, read, solutions, template  # noqa: F401  fixtures
from .test_grade import quizlib, said


@pytest.fixture(scope="module")
def mended(tmp_path_factory, template, solutions):  # noqa: F811  fixtures
    """A course in which the key of float-bytes was corrected after ada, whom it changes, and bob were graded."""
    folder = tmp_path_factory.mktemp("mended")
    shutil.copytree(template, folder / "course")
    course = Course.at(folder / "course")
    hand_in(course, "ada", read(course, "source"))
    hand_in(course, "bob", read(course, "release"))
    grade(course, LESSON, ["ada", "bob"], isolation="none", workers=2)
    shutil.copytree(solutions, folder / "solutions")
    questions = folder / "solutions" / "questions" / "90_sample.yaml"
    text = questions.read_text().replace("- id: float-bytes\n  revision: 1", "- id: float-bytes\n  revision: 2")
    questions.write_text(text.replace("key: 4000", "key: 4001"))
    make_course(course.root, folder / "solutions", lambda told: None)
    return course.root


@pytest.fixture
def course(tmp_path, mended):
    shutil.copytree(mended, tmp_path / "course")
    return Course.at(tmp_path / "course")


@pytest.mark.grading
def test_newer_keys_are_told_and_nothing_is_changed_without_a_terminal(course):
    told = quizlib("grade", LESSON, "--course", course.root)
    assert f"newer keys (float-bytes) exist for 2 of 2; to see who would change: quizlib regrade {LESSON}" in said(told)
    assert "2 unchanged since they were graded" in said(told)
    result = quizlib("regrade", LESSON, "--course", course.root)
    assert result.exit_code == 1
    assert "newer keys of float-bytes; 1 of 2 would change" in said(result)
    assert "│ ada │ 10 │ 8 │ float-bytes 2 → 0 │" in said(result)
    assert f"nothing was changed. To change them: quizlib regrade {LESSON} --yes" in said(result)
    assert json.loads((course.root / "course.json").read_text())["corrected"] == {}


@pytest.mark.grading
def test_yes_changes_whom_the_table_named_and_the_report_says_so(course, tmp_path):
    report = tmp_path / "report.json"
    result = quizlib("regrade", LESSON, "--course", course.root, "--yes", "--json", report)
    assert result.exit_code == 0, said(result)
    ada, bob = json.loads(report.read_text())["submissions"]
    assert [(row["student"], row["final_score"]) for row in (ada, bob)] == [("ada", 8), ("bob", 0)]
    again = quizlib("regrade", LESSON, "--course", course.root)
    assert again.exit_code == 0
    assert f"No grade of {LESSON} was judged by an older key." in said(again)


def test_an_item_that_is_not_there_is_one_sentence(course):
    result = quizlib("regrade", LESSON, "--course", course.root, "--item", "float-byte")
    assert result.exit_code == 1
    assert (
        f"{LESSON} has no item 'float-byte'; there are: float-bytes, quantize-codes, size-table, smallest-dtype."
        in said(result)
    )
