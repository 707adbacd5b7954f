"""What a person and a due date make of a grade is told, and no feedback that is older than the marks goes out."""

import datetime
import shutil

import pytest
from nbgrader.api import Gradebook

from quizlib.coursedir.course import Course
from quizlib.grading.batch.grade import grade
from quizlib.grading.batch.report import as_json, table
from quizlib.grading.results.fresh_feedback import is_fresh
from quizlib.release.classroom import make_course
from tests.grading.batch.test_report import shown
from tests.grading.conftest import LESSON, hand_in, nbgrader, read

pytestmark = pytest.mark.grading

LATE = """
from nbgrader.plugins import LateSubmissionPlugin


class TwoPoints(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2.0
"""


@pytest.fixture(scope="module")
def judged(tmp_path_factory, template):
    """A course where ada and bob have full marks."""
    folder = tmp_path_factory.mktemp("judged") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    for student in ("ada", "bob"):
        path = hand_in(course, student, read(course, "source"))
        (path.parent / "timestamp.txt").write_text("2026-03-02 12:00:00 UTC")
        (path.parent / "submission_secret.txt").write_text(f"secret of {student}")
    grade(course, LESSON, ["ada", "bob"], isolation="none", workers=2)
    return folder


@pytest.fixture
def marked(tmp_path, judged):
    """A copy of it, to be marked."""
    shutil.copytree(judged, tmp_path / "course")
    return Course.at(tmp_path / "course")


def mark(course, item, **given):
    """Do what formgrader does when a person marks a cell of ada's."""
    with Gradebook(course.settings.db_url) as gradebook:
        found = gradebook.find_grade(item, LESSON, LESSON, "ada")
        for name, value in given.items():
            setattr(found, name, value)
        found.needs_manual_grade = False
        gradebook.db.commit()


def comment(course, text):
    with Gradebook(course.settings.db_url) as gradebook:
        gradebook.find_comment("quantize-codes-answer", LESSON, LESSON, "ada").manual_comment = text
        gradebook.db.commit()


def page(course, student="ada"):
    return (course.feedback(student, LESSON) / f"{LESSON}.html").read_text()


def graded_again(course):
    return grade(course, LESSON, ["ada", "bob"], isolation="none")


def test_an_override_and_extra_credit_are_in_table_json_and_feedback(marked):
    mark(marked, "quantize-codes", manual_score=1.0)
    mark(marked, "size-table", extra_credit=0.5)
    executed = marked.verdicts("ada", LESSON).stat().st_mtime_ns
    results = graded_again(marked)
    ada, bob = as_json(LESSON, results)["submissions"]
    assert (ada["score"], ada["final_score"]) == (10, 6.5)
    assert ada["marks"] == {"automatic": 5, "by_hand": 1, "extra": 0.5, "penalty": 0, "waiting": 0}
    assert (bob["score"], bob["final_score"]) == (10, 10)
    told = shown(table(LESSON, results))
    assert "6.5" in told
    assert "5 automatic + 1 by hand + 0.5 extra" in " ".join(told.replace("│", " ").split())
    assert "Score: 6.5 / 10.0" in page(marked)
    assert not any(result.is_new for result in results), "nothing is executed again for it"
    assert marked.verdicts("ada", LESSON).stat().st_mtime_ns == executed


def test_a_page_that_was_handed_in_is_no_feedback_to_write_again(marked):
    (marked.feedback("ada", LESSON) / "index.html").write_text("mine")
    assert is_fresh(marked, LESSON, "ada")
    (marked.feedback("ada", LESSON) / f"{LESSON}.html").rename(marked.feedback("ada", LESSON) / "other.html")
    assert not is_fresh(marked, LESSON, "ada")


def test_a_comment_alone_writes_the_feedback_again_and_nobody_elses(marked):
    written = (marked.feedback("bob", LESSON) / f"{LESSON}.html").stat().st_mtime_ns
    comment(marked, "Well rounded!")
    assert not is_fresh(marked, LESSON, "ada")
    graded_again(marked)
    assert "Well rounded!" in page(marked)
    assert is_fresh(marked, LESSON, "ada")
    assert (marked.feedback("bob", LESSON) / f"{LESSON}.html").stat().st_mtime_ns == written


def test_a_due_date_that_is_set_and_taken_away_changes_the_penalty(marked):
    (marked.root / "late.py").write_text(LATE)
    with (marked.root / "nbgrader_config.py").open("a") as file:
        file.write("c.AssignLatePenalties.plugin_class = 'late.TwoPoints'\n")
    set_due(marked, datetime.datetime(2026, 3, 1))
    course = Course.at(marked.root)  # as the next command reads its settings
    ada = as_json(LESSON, graded_again(course))["submissions"][0]
    assert (ada["final_score"], ada["marks"]["penalty"]) == (8, 2)
    assert "Score: 8.0 / 10.0" in page(course)
    set_due(course, datetime.datetime(2026, 3, 3))
    ada = as_json(LESSON, graded_again(course))["submissions"][0]
    assert (ada["final_score"], ada["marks"]["penalty"]) == (10, 0)
    assert "Score: 10.0 / 10.0" in page(course)


def test_a_penalty_that_fails_over_one_student_is_that_students_problem(marked):
    (marked.root / "late_and_broken.py").write_text(
        LATE.replace("return 2.0", "return 1.0 if student_id == 'bob' else 1 / 0")
    )
    with (marked.root / "nbgrader_config.py").open("a") as file:
        file.write("c.AssignLatePenalties.plugin_class = 'late_and_broken.TwoPoints'\n")
    set_due(marked, datetime.datetime(2026, 3, 1))
    ada, bob = as_json(LESSON, graded_again(Course.at(marked.root)))["submissions"]
    assert (ada["status"], ada["reason"]) == ("infrastructure", "ZeroDivisionError: division by zero")
    assert (bob["status"], bob["final_score"]) == ("graded", 9)


def set_due(course, due):
    with Gradebook(course.settings.db_url) as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate=due)


def test_cells_that_wait_for_a_person_are_counted(marked):
    with Gradebook(marked.settings.db_url) as gradebook:
        gradebook.find_grade("size-table", LESSON, LESSON, "ada").needs_manual_grade = True
        gradebook.db.commit()
    results = graded_again(marked)
    assert results[0].marks.waiting == 1
    assert results[0].marks.made_of == "10 automatic, 1 cell waits for a person"
    assert "1 cell" in shown(table(LESSON, results))


def test_release_feedback_never_ships_a_page_that_is_older_than_the_marks(marked, tmp_path):
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    with (marked.root / "nbgrader_config.py").open("a") as file:
        file.write(f"c.Exchange.root = {str(exchange)!r}\n")
    (marked.feedback("bob", LESSON) / "submission_secret.txt").unlink()  # came in by hand
    mark(marked, "quantize-codes", manual_score=1.0)
    said = nbgrader(marked, "release_feedback", LESSON)
    [shipped] = exchange.rglob("*.html")
    assert "Score: 6.0 / 10.0" in shipped.read_text()
    assert "bob handed in by hand" in said


def test_plain_nbgraders_feedback_is_known_to_be_fresh(marked):
    mark(marked, "quantize-codes", manual_score=1.0)
    assert not is_fresh(marked, LESSON, "ada")
    nbgrader(marked, "generate_feedback", LESSON, "--force")
    assert is_fresh(marked, LESSON, "ada")
    assert "Score: 6.0 / 10.0" in page(marked)


def test_what_is_graded_again_says_why_and_a_new_release_is_no_reason(course, solutions, tmp_path):
    path = hand_in(course, "ada", read(course, "source"))
    hand_in(course, "bob", read(course, "source"))

    def again(force=False):
        results = grade(Course.at(course.root), LESSON, ["ada", "bob"], isolation="none", force=force)
        return [(result.is_new, result.again) for result in results]

    assert again() == [(True, ""), (True, "")]
    changed = tmp_path / "solutions"
    shutil.copytree(solutions, changed)
    text = changed / "lessons" / "90_sample.py"
    text.write_text(text.read_text().replace("What does a weight cost", "What is the cost of a weight"))
    make_course(course.root, changed, lambda told: None)
    assert again() == [(False, ""), (False, "")]
    (path.parent / "notes.txt").write_text("one more file")
    assert again() == [(True, "the files handed in have changed"), (False, "")]
    with Gradebook(course.settings.db_url) as gradebook:
        gradebook.find_grade("size-table", LESSON, LESSON, "bob").auto_score = 1.0
        gradebook.db.commit()
    assert again() == [(False, ""), (True, "the gradebook has other scores")]
    assert again(force=True) == [(True, "with --force"), (True, "with --force")]
