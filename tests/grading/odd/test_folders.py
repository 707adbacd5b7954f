"""Whatever lies in a folder that is handed in, its notebook is graded, and the others are not concerned."""

import csv
import shutil

import nbformat
import pytest

from quizlib.coursedir.course import Course
from quizlib.grading.batch.grade import choose, grade
from quizlib.grading.batch.report import as_json
from quizlib.grading.record import read_record
from quizlib.grading.removal import remove_tree
from quizlib.grading.results.gradebook import auto_scores
from tests.grading.conftest import LESSON, hand_in, nbgrader, read, scores

from .folders import REFUSED, TAKEN, name_of, nest

pytestmark = pytest.mark.grading

HONEST = ("aaa", "mmm", "zzz")

WRITES = f"""
import os
from pathlib import Path
here = Path.cwd()
for name in ("mine.csv", "left.csv", "{LESSON}.ipynb", "timestamp.txt"):
    Path(name).write_text("by the kernel")
Path("pipe").symlink_to("/dev/zero")
os.mkfifo("data")
for _ in range(2_000):
    os.mkdir("d")
    os.chdir("d")
os.chdir(here)
"""
"""A cell that leaves all kinds of things beside the notebook."""


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, template):
    """A course to which every odd folder was handed in, and an honest one before, between and after them."""
    folder = tmp_path_factory.mktemp("odd") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    (course.source(LESSON) / "given").mkdir()
    for name in ("given.csv", "given/b.csv"):
        (course.source(LESSON) / name).write_text("the course's own")
    notebook = read(course, "source")
    for student in HONEST:
        (hand_in(course, student, notebook).parent / "mine.csv").write_text("1")
    notebook.cells.append(nbformat.v4.new_code_cell(WRITES, id="writes"))
    (hand_in(course, "writes", notebook).parent / "mine.csv").write_text("1")
    notebook.cells.pop()
    for make in (*TAKEN, *REFUSED):
        make(hand_in(course, name_of(make), notebook).parent)
    yield course
    remove_tree(folder)  # deeper than what pytest can delete


@pytest.fixture(scope="module")
def results(handed_in):
    return grade(handed_in, LESSON, choose(handed_in, LESSON, []), isolation="none", workers=2)


@pytest.fixture(scope="module")
def rows(results):
    return {row["student"]: row for row in as_json(LESSON, results)["submissions"]}


def test_every_submission_is_graded_and_none_is_a_fault_of_ours(results):
    assert [graded.student for graded in results] == sorted([*HONEST, "writes", *map(name_of, (*TAKEN, *REFUSED))])
    assert [(graded.student, graded.problem) for graded in results if graded.problem] == []


@pytest.mark.parametrize("student", [*HONEST, "writes"])
def test_the_honest_keep_their_points_and_nothing_is_said_of_them(rows, student):
    assert (rows[student]["score"], rows[student]["status"], rows[student]["reason"]) == (10, "graded", None)


@pytest.mark.parametrize("make", TAKEN, ids=name_of)
def test_a_notebook_counts_whatever_lies_beside_it_and_what_was_left_out_is_told(handed_in, rows, make):
    row, said = rows[name_of(make)], TAKEN[make]
    assert (row["score"], row["status"]) == (10, "graded")
    notebook = nbformat.read(handed_in.autograded(name_of(make), LESSON) / f"{LESSON}.ipynb", as_version=4)
    if said is None:
        assert row["reason"] is None
        assert notebook.cells[0].id != "admission-notice"
    else:
        assert said in row["reason"]
        assert said in notebook.cells[0].source


@pytest.mark.parametrize("make", REFUSED, ids=name_of)
def test_who_handed_in_nothing_to_grade_gets_0_the_reason_and_a_page_that_says_it(handed_in, rows, make):
    row, (status, reason) = rows[name_of(make)], REFUSED[make]
    assert (row["score"], row["status"]) == (0, status)
    assert row["reason"].startswith(f"4 of 4 items {status}: ")
    assert reason in row["reason"]
    assert reason in (handed_in.feedback(name_of(make), LESSON) / f"{LESSON}.html").read_text()
    assert set(auto_scores(handed_in, LESSON, name_of(make)).values()) == {0}


def test_everybody_is_in_the_export(handed_in, results, tmp_path):
    nbgrader(handed_in, "export", "--to", str(tmp_path / "grades.csv"))
    table = csv.DictReader((tmp_path / "grades.csv").read_text().splitlines())
    points = {row["student_id"]: float(row["score"]) for row in table}
    assert points == {graded.student: graded.record.score for graded in results}


def test_only_regular_files_are_copied_to_where_the_graded_notebook_lies(handed_in, results):
    root = handed_in.place("autograded")
    assert all(path.is_dir() or path.is_file() for path in root.rglob("*"))
    assert not [path for path in root.rglob("*") if path.is_symlink()]
    files = {path.name for path in handed_in.autograded("aaa", LESSON).rglob("*") if path.is_file()}
    assert files == {f"{LESSON}.ipynb", "mine.csv", "given.csv", "b.csv"}
    assert (handed_in.autograded("one-folder-deeper", LESSON) / "mine.csv").read_text() == "1"
    written = handed_in.autograded("writes", LESSON)
    assert {path.name for path in written.rglob("*") if path.is_file()} == files
    assert (written / "mine.csv").read_text() == "1"
    own = handed_in.autograded("a-folder-for-a-file-of-the-course", LESSON) / "given.csv"
    assert own.read_text() == "the course's own"


def test_a_second_run_finds_everything_settled(handed_in, results):
    again = grade(handed_in, LESSON, choose(handed_in, LESSON, []), isolation="none")
    assert [graded.student for graded in again if graded.is_new or graded.problem] == []


def test_handed_in_again_each_is_graded_as_before(handed_in, results):
    again = ["aaa", "folders-in-folders", "longer-than-a-path", "a-letter-only", "pipe"]
    for student in again[:-2]:
        (handed_in.submission(student, LESSON) / "more.csv").write_text("2")
    nest(handed_in.autograded("pipe", LESSON), "d", 1_500)  # as a kernel has left it before copies were made
    forced = grade(handed_in, LESSON, again, isolation="none", workers=2, force=True)
    assert [(graded.problem, graded.record.score) for graded in forced] == [("", 10)] * 3 + [("", 0), ("", 10)]


def test_plain_nbgrader_gives_everybody_the_same_scores(handed_in, results, tmp_path):
    before = {graded.student: auto_scores(handed_in, LESSON, graded.student) for graded in results}
    records = {graded.student: (scores(graded.record), graded.record.notebooks[0].notes) for graded in results}
    for step in ("autograded", "feedback"):
        shutil.rmtree(handed_in.place(step))
    shutil.rmtree(handed_in.root / "verdicts")
    nbgrader(handed_in, "autograde", LESSON)
    assert {student: auto_scores(handed_in, LESSON, student) for student in before} == before
    found = {student: read_record(handed_in, student, LESSON) for student in before}
    assert {name: (scores(record), record.notebooks[0].notes) for name, record in found.items()} == records
