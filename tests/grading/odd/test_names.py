"""Whatever a student's folder is called, it is graded or refused with a sentence, and the others are graded."""

import json
import os
import shutil

import pytest
from typer.testing import CliRunner

from quizlib.cli import app
from quizlib.coursedir.course import Course
from quizlib.grading.results.gradebook import auto_scores
from tests.grading.conftest import LESSON, hand_in, nbgrader, read

pytestmark = pytest.mark.grading

TAKEN = [
    "aaa",
    "Ada",
    "ada",
    "e\u0301ve",  # the same name in two normal forms of Unicode
    "\u00e9ve",
    "o'brien",
    "50%s",
    "{ada}",
    "a\\b",
    "-rf",
    "李",
    "x" * 128,
    "zzz",
]

REFUSED = {
    os.fsdecode(b"caf\xe9"): ("caf\\xe9", "not UTF-8"),
    "line\nbreak": ("line\nbreak", "line break"),
    "\x1b]0;evil\x07": ("\x1b]0;evil\x07", "control character"),
    " blank": (" blank", "blanks"),
    "blank ": ("blank ", "blanks"),
    "ada[1]": ("ada[1]", "*, ? or ["),
    "a*": ("a*", "*, ? or ["),
    "who?": ("who?", "*, ? or ["),
    ".hidden": (".hidden", "begins with a dot"),
    "Lovelace, Ada": ("Lovelace, Ada", "comma"),
    '"ada"': ('"ada"', "double quote"),
    "<b>": ("<b>", "< or >"),
    "y" * 255: ("y" * 255, "255 characters"),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory, template):
    folder = tmp_path_factory.mktemp("names") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    for student in (*TAKEN, *REFUSED):
        hand_in(course, student, read(course, "source" if student != "ada" else "release"))
    return course


@pytest.fixture(scope="module")
def ran(course, tmp_path_factory):
    """What `quizlib grade` says, and the bytes of its JSON."""
    report = tmp_path_factory.mktemp("report") / "report.json"
    arguments = ["grade", LESSON, "--course", str(course.root), "--workers", "2", "--json", str(report)]
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "300"}), report.read_bytes()


def test_every_name_has_a_row_and_the_file_is_json_in_utf8_that_any_reader_takes(ran):
    text = ran[1].decode("utf-8")
    rows = {row["student"]: row for row in json.loads(text)["submissions"]}
    json.dumps(rows, ensure_ascii=False).encode("utf-8")
    assert rows.keys() == {*TAKEN, *(shown for shown, _ in REFUSED.values())}
    for student in TAKEN:
        expected = (0 if student == "ada" else 10, "graded", None)
        assert (rows[student]["score"], rows[student]["status"], rows[student]["reason"]) == expected
    for shown, reason in REFUSED.values():
        assert (rows[shown]["score"], rows[shown]["status"], rows[shown]["items"]) == (None, "refused", [])
        assert reason in rows[shown]["reason"]
        assert rows[shown]["reason"].endswith("rename the folder")


def test_the_exit_status_says_that_some_were_refused_and_the_terminal_gets_no_control_character(ran):
    result = ran[0]
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    said = result.stdout + result.stderr
    assert "infrastructure" not in said
    assert "\x07" not in said
    assert "evil" in said
    for _, reason in REFUSED.values():
        assert reason in said


def test_each_of_two_names_that_look_the_same_has_its_own_points(course, ran):
    assert [sum(auto_scores(course, LESSON, student).values()) for student in ("Ada", "ada")] == [10, 0]
    assert [sum(auto_scores(course, LESSON, student).values()) for student in ("e\u0301ve", "\u00e9ve")] == [10, 10]


def test_nothing_of_a_refused_name_is_in_the_gradebook_or_beside_it(course, ran):
    for student in REFUSED:
        assert not course.autograded(student, LESSON).exists()
        assert not course.verdicts(student, LESSON).exists()
    known = nbgrader(course, "db", "student", "list")
    assert "Lovelace" not in known
    assert "zzz" in known


def test_plain_nbgrader_passes_over_refused_names_says_so_and_grades_the_others(course, ran):
    before = {student: auto_scores(course, LESSON, student) for student in TAKEN}
    said = nbgrader(course, "autograde", LESSON, "--force")
    assert {student: auto_scores(course, LESSON, student) for student in TAKEN} == before
    assert "'Lovelace, Ada' is not graded: nbgrader's export" in said
    assert "is not graded: nbgrader cannot take an id with a line break" in said
