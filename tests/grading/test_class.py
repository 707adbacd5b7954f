"""The sample class, graded as `quizlib grade` does and as plain nbgrader does."""

import json
import re
import shutil
import subprocess
import sysconfig
from contextlib import suppress
from pathlib import Path

import pytest

from quizlib.authoring.course import read_lesson
from quizlib.coursedir.course import Course
from quizlib.grading.batch.demo import compare_all
from quizlib.grading.batch.grade import choose, grade, is_settled
from quizlib.grading.batch.report import as_json
from quizlib.grading.batch.sample import class_of, hand_in
from quizlib.grading.record import read_record
from quizlib.grading.results.gradebook import auto_scores

from .conftest import HERE, LESSON, nbgrader

pytestmark = pytest.mark.grading

STUDENTS = class_of(HERE / "class", read_lesson(HERE.parent / "release" / "course", LESSON))


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, template, solutions):
    """A course that the whole class has handed in to."""
    folder = tmp_path_factory.mktemp("handed-in") / "course"
    shutil.copytree(template, folder)
    hand_in(Course.at(folder), read_lesson(solutions, LESSON), STUDENTS)
    return folder


@pytest.fixture(scope="module")
def graded(tmp_path_factory, handed_in):
    """The course after `quizlib grade`, and its results."""
    folder = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(handed_in, folder)
    course = Course.at(folder)
    return course, grade(course, LESSON, choose(course, LESSON, []), isolation="none", workers=2)


@pytest.fixture(scope="module")
def plain(tmp_path_factory, handed_in):
    """The course after plain `nbgrader autograde`."""
    folder = tmp_path_factory.mktemp("plain") / "course"
    shutil.copytree(handed_in, folder)
    nbgrader(Course.at(folder), "autograde", LESSON)
    return Course.at(folder)


@pytest.mark.parametrize("student", sorted(STUDENTS))
def test_every_student_gets_the_expected_score_on_every_item(graded, student):
    course, results = graded
    [row] = [row for row in compare_all(course, LESSON, STUDENTS, results) if row.student == student]
    assert row.differences == []
    assert row.agrees


@pytest.mark.parametrize("student", sorted(STUDENTS))
def test_plain_nbgrader_gives_the_same_scores_item_by_item(graded, plain, student):
    ours, theirs = (auto_scores(course, LESSON, student) for course in (graded[0], plain))
    assert ours == theirs
    assert len(ours) == 4


def test_the_gradebook_holds_what_the_verdicts_say(graded):
    course, results = graded
    for result in results:
        held = auto_scores(course, LESSON, result.student)
        assert {item.grade_id: item.score for item in result.record.items} == {k[1]: v for k, v in held.items()}


def test_statuses_say_how_each_item_ended(graded):
    _, results = graded
    found = {result.student: {item.id: item.status for item in result.record.items} for result in results}
    assert found["dies"] == {**dict.fromkeys(found["dies"], "correct"), "size-table": "died"}
    assert found["swallows"] == {**dict.fromkeys(found["swallows"], "correct"), "size-table": "timeout"}
    assert found["loops"]["quantize-codes"] == "timeout"
    assert set(found["not-a-notebook"].values()) == {"invalid"}
    assert set(found["blanks-checks"].values()) == {"missing"}
    assert set(found["blank"].values()) == {"unanswered"}


def test_misconceptions_are_named(graded):
    [result] = [result for result in graded[1] if result.student == "misconceptions"]
    named = {item.id: item.misconception for item in result.record.items}
    assert named["quantize-codes"] == "floor-for-round"
    assert named["smallest-dtype"] == "smallest-dtype-b"


def test_every_verdict_records_its_isolation(graded):
    assert {item.verdict.isolation for result in graded[1] for item in result.record.items} == {"none"}


def test_the_report_keeps_its_contract(graded):
    report = json.loads(json.dumps(as_json(LESSON, graded[1]), allow_nan=False))
    assert list(report) == ["lesson", "submissions"]
    first = report["submissions"][0]
    assert list(first) == [
        "student",
        "score",
        "max_score",
        "status",
        "isolation",
        "seconds",
        "engine",
        "final_score",
        "marks",
        "reason",
        "items",
    ]
    assert list(first["items"][0]) == ["id", "score", "max_score", "status", "misconception", "message"]
    assert all(row["score"] == sum(item["score"] for item in row["items"]) for row in report["submissions"])


@pytest.mark.parametrize("student", ["perfect", "misconceptions", "not-a-notebook", "dies"])
def test_feedback_shows_the_score_and_a_card_for_each_item(graded, student):
    course, results = graded
    [record] = [result.record for result in results if result.student == student]
    page = (course.feedback(student, LESSON) / f"{LESSON}.html").read_text()
    total = sum(item.score for item in record.items)
    assert f"Score: {total} / 10.0" in page
    for item in record.items:
        assert item.verdict.title in page


def test_feedback_says_why_nothing_could_be_graded(graded):
    page = (graded[0].feedback("not-a-notebook", LESSON) / f"{LESSON}.html").read_text()
    assert "the file is not a notebook: it does not hold JSON." in page


def test_no_private_probe_is_in_any_feedback_or_graded_copy(graded):
    from quizlib.grading.judge.keys import Keys

    course, results = graded
    books = {
        result.student: book for result in results if result.record for book in result.record.notebooks if book.code
    }
    assert len({book.code for book in books.values()}) > 1
    for student, book in books.items():
        sheet = Keys(course).sheet(book.release, LESSON, "quantize-codes", book.code)
        [case] = [case for case in sheet.probe.cases if case.id == "private-0"]
        # A number on its own: seconds such as 10.592948 are none of the probe's.
        shown = [re.compile(rf"(?<!\d){value:.4f}".encode()) for value in case.arguments[0].values[:3]]
        for path in [*course.feedback(student, LESSON).rglob("*"), *course.autograded(student, LESSON).rglob("*")]:
            if path.is_file():
                assert not any(value.search(path.read_bytes()) for value in shown)


def test_a_second_run_leaves_everything_as_it_is(graded):
    course, results = graded
    before = {path: path.stat().st_mtime_ns for path in course.root.glob("autograded/**/*.ipynb")}
    again = grade(course, LESSON, choose(course, LESSON, []), isolation="none", workers=1)
    assert not any(result.is_new for result in again)
    assert [result.record for result in again] == [result.record for result in results]
    assert before == {path: path.stat().st_mtime_ns for path in course.root.glob("autograded/**/*.ipynb")}


def test_whatever_is_unfinished_or_changed_is_graded_again(graded, tmp_path):
    shutil.copytree(graded[0].root, tmp_path / "course")
    course = Course.at(tmp_path / "course")
    assert is_settled(course, LESSON, "perfect")
    course.verdicts("perfect", LESSON).unlink()  # as after kill -9 in the middle
    with course.verdicts("renamed", LESSON).open("a") as file:  # as after a full disk
        file.write("}")
    (course.submission("warns", LESSON) / "data.csv").write_text("1")  # handed in again
    shutil.rmtree(course.feedback("blank", LESSON))  # only the feedback is missing
    again = grade(course, LESSON, ["blank", "dies", "perfect", "renamed", "warns"], isolation="none", workers=2)
    assert [result.student for result in again if result.is_new] == ["perfect", "renamed", "warns"]
    assert [sum(item.score for item in result.record.items) for result in again] == [0, 8, 10, 10, 10]
    assert any(course.feedback("blank", LESSON).glob("*.html"))


def test_a_run_that_is_killed_ends_like_one_that_was_not(graded, handed_in, tmp_path):
    shutil.copytree(handed_in, tmp_path / "course")
    course, quick = Course.at(tmp_path / "course"), ["another-style", "half-right", "misconceptions", "perfect"]
    command = [
        str(Path(sysconfig.get_path("scripts")) / "quizlib"),
        "grade",
        LESSON,
        "--course",
        str(course.root),
        "--workers",
        "2",
    ]
    command += [argument for student in quick for argument in ("--student", student)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not list(course.root.glob("verdicts/*/*.json")):
            with suppress(subprocess.TimeoutExpired):
                assert process.wait(timeout=0.1) == 0, "it ended before it could be killed"
        process.kill()
    grade(course, LESSON, quick, isolation="none", workers=2)
    for student in quick:
        assert auto_scores(course, LESSON, student) == auto_scores(graded[0], LESSON, student)


def test_a_score_that_only_the_gradebook_lacks_is_graded_again(graded, tmp_path):
    from nbgrader.api import Gradebook

    shutil.copytree(graded[0].root, tmp_path / "course")
    course = Course.at(tmp_path / "course")
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.find_grade("size-table", LESSON, LESSON, "perfect").auto_score = 0.0
        gradebook.db.commit()
    assert not is_settled(course, LESSON, "perfect")
    assert is_settled(course, LESSON, "blank")


def test_the_copies_of_a_class_hold_no_released_items(graded):
    assert not list(graded[0].root.glob("autograded/**/items"))


def test_a_graded_copy_carries_one_card_and_one_number_a_check(graded):
    import nbformat

    from quizlib.grading.cells import check_cells

    course, _ = graded
    for student in STUDENTS:
        notebook = nbformat.read(course.autograded(student, LESSON) / f"{LESSON}.ipynb", as_version=4)
        for index in check_cells(notebook):
            card, number = notebook.cells[index].outputs
            assert (card.output_type, number.output_type) == ("display_data", "execute_result")
            assert re.fullmatch(r"\d+(\.\d+)?", number.data["text/plain"])


def test_records_can_be_read_back(graded):
    course, results = graded
    assert [read_record(course, result.student, LESSON) for result in results] == [r.record for r in results]
