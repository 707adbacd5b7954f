"""A grade that another engine has judged stays until somebody who has seen who would change says so."""

import hashlib
import shutil
import subprocess
import sysconfig
from contextlib import suppress
from pathlib import Path

import pytest

from quizlib.coursedir.course import Course
from quizlib.grading.batch.again import Review, grade_again, preview
from quizlib.grading.batch.grade import grade
from quizlib.grading.batch.report import review_table
from quizlib.grading.record import read_record, write_record
from quizlib.grading.results.gradebook import auto_scores
from tests.grading.batch.test_report import shown
from tests.grading.conftest import ANOTHER_ENGINE, LESSON, hand_in, judge_otherwise, nbgrader, nothing_handed_in, read

EVERYBODY = ["ada", "bob", "eve"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory, template):
    """A course where ada and bob are graded, full marks for both, and eve is not."""
    folder = tmp_path_factory.mktemp("judged") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    for student in EVERYBODY:
        hand_in(course, student, read(course, "source"))
    (course.submission("ada", LESSON) / "data.csv").write_text("1,2")
    grade(course, LESSON, ["ada", "bob"], isolation="none", workers=2)
    return folder


@pytest.fixture
def mended(tmp_path, judged):
    """The same after the judge was mended: the one before took two points from ada."""
    shutil.copytree(judged, tmp_path / "course")
    course = Course.at(tmp_path / "course")
    judge_otherwise(course, "ada", size_table=0.0)
    judge_otherwise(course, "bob")
    nbgrader(course, "generate_feedback", LESSON, "--force")  # as that engine left it
    return course


def content(course):
    """Return a hash of every file of a course but the locks."""
    files = [path for path in sorted(course.root.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    return {path.relative_to(course.root): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def held(course, student):
    return sum(auto_scores(course, LESSON, student).values())


def reviewed(course):
    return preview(course, LESSON, EVERYBODY, isolation="none", workers=2)


@pytest.mark.grading
def test_a_grade_by_another_engine_is_left_as_it_is_and_told(mended):
    before = content(mended)
    results = grade(mended, LESSON, ["ada", "bob"], isolation="none")
    assert [result.is_by_another_engine for result in results] == [True, True]
    assert not any(result.is_new for result in results)
    assert [result.record.score for result in results] == [8, 10]
    assert content(mended) == before


@pytest.mark.grading
def test_a_preview_says_who_would_change_and_touches_nothing(mended):
    before = content(mended)
    ada, bob = reviewed(mended)
    assert (ada.student, ada.before.score, ada.after.score) == ("ada", 8, 10)
    assert ada.changes == ["size-table 0 → 2"]
    assert (bob.student, bob.changes) == ("bob", [])
    assert content(mended) == before


@pytest.mark.grading
def test_grading_again_changes_those_who_change_and_notes_the_engine_of_the_others(mended):
    reviews, before = reviewed(mended), content(mended)
    ada, bob = grade_again(mended, LESSON, reviews, isolation="none")
    assert (held(mended, "ada"), ada.record.score, ada.is_new) == (10, 10, True)
    assert "Score: 10.0 / 10.0" in (mended.feedback("ada", LESSON) / f"{LESSON}.html").read_text()
    assert (held(mended, "bob"), bob.is_new, bob.is_by_another_engine) == (10, False, False)
    assert reviewed(mended) == []
    changed = {path.parts[:2] for path, digest in content(mended).items() if before.get(path) != digest}
    graded = {(part, "ada") for part in ("autograded", "feedback", "verdicts")}
    assert changed <= {*graded, ("verdicts", "bob"), ("gradebook.db",)}


@pytest.mark.grading
def test_a_preview_of_a_fault_of_ours_changes_no_grade(mended):
    keys = mended.keys(mended.current_release)
    keys.rename(keys.with_name("away"))
    ada, bob = reviewed(mended)
    assert (ada.after, ada.changes) == (None, [])
    assert "the judge failed twice: no key of" in ada.problem
    before = content(mended)
    results = grade_again(mended, LESSON, [ada, bob], isolation="none")
    assert [result.problem == ada.problem for result in results] == [True, True]
    assert content(mended) == before


@pytest.mark.grading
def test_grading_again_that_is_killed_loses_nothing(mended):
    command = [str(Path(sysconfig.get_path("scripts")) / "quizlib"), "grade", LESSON, "--course", str(mended.root)]
    with subprocess.Popen([*command, "--again", "--yes"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while mended.verdicts("ada", LESSON).exists():  # until grading has begun, after the preview
            with suppress(subprocess.TimeoutExpired):
                assert run.wait(timeout=0.05) == 0, "it failed before it could be killed"
        run.kill()
    assert held(mended, "bob") == 10
    [ada] = grade(mended, LESSON, ["ada"], isolation="none")
    assert (held(mended, "ada"), ada.record.score) == (10, 10)
    assert reviewed(mended) == []


@pytest.mark.grading
def test_a_grade_that_has_changed_since_the_preview_is_not_noted_as_this_engines(mended):
    bob = read_record(mended, "bob", LESSON)
    write_record(mended, bob.model_copy(update={"seconds": bob.seconds + 1}))
    (result,) = grade_again(mended, LESSON, [Review("bob", bob, bob)], isolation="none")
    assert result.is_by_another_engine


@pytest.mark.grading
def test_a_submission_that_has_changed_since_the_preview_is_not_noted_as_this_engines(mended):
    bob = read_record(mended, "bob", LESSON)
    (mended.submission("bob", LESSON) / "data.csv").write_text("1")
    grade_again(mended, LESSON, [Review("bob", bob, bob)], isolation="none")
    assert read_record(mended, "bob", LESSON).engine == ANOTHER_ENGINE


@pytest.fixture
def record(course):
    return nothing_handed_in(course, "ada", LESSON, "none")


def with_first(record, **fields):
    """Return `record` with other fields in its first item."""
    [book] = record.notebooks
    items = (book.items[0].model_copy(update=fields), *book.items[1:])
    return record.model_copy(update={"notebooks": (book.model_copy(update={"items": items}),)})


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        ({"score": 0.5}, "smallest-dtype 0 → 0.5"),
        ({"max_score": 3.0}, "smallest-dtype 0/1 → 0/3"),
        ({"status": "wrong"}, "smallest-dtype missing → wrong"),
        ({"misconception": "floor"}, "smallest-dtype no misconception → floor"),
    ],
)
def test_a_change_of_an_item_is_told_in_words(record, fields, change):
    assert Review("ada", record, with_first(record, **fields)).changes == [change]


def test_a_message_alone_is_no_change(record):
    assert Review("ada", record, with_first(record, message="accuracy 0.8912")).changes == []


def test_items_that_come_and_go_are_changes(record):
    other = with_first(record, id="fresh", grade_id="fresh")
    assert Review("ada", record, other).changes == ["smallest-dtype is gone", "fresh is new"]


def test_the_table_shows_who_changes_and_what_could_not_be_judged(record):
    changing = Review("ada", record, with_first(record, score=1.0))
    printed = shown(review_table(LESSON, [changing, Review("bob", record, record), Review("eve", record, None, "why")]))
    assert "3 judged by another engine, 1 would change" in printed
    assert "smallest-dtype 0 → 1" in printed
    assert "bob" not in printed
    assert "not judged" in printed
