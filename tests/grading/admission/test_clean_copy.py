"""What nbgrader gets to copy of a submission, and where it asks for it."""

import os

import pytest
from nbgrader.coursedir import CourseDirectory

from quizlib.errors import EvidenceError
from quizlib.grading.admission import clean_copy
from quizlib.grading.admission.clean_copy import CleanDirectory, copy_clean
from tests.grading.conftest import LESSON, hand_in


@pytest.fixture
def submission(course, solved):
    return hand_in(course, "ada", solved).parent


@pytest.fixture
def target(tmp_path):
    (tmp_path / "target").mkdir()
    return tmp_path / "target"


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_are_copied_and_what_was_handed_in_stays_as_it_is(course, submission, target):
    (submission / "data").mkdir()
    (submission / "data" / "mine.csv").write_text("1")
    (submission / "run.sh").write_text("exit")
    (submission / "run.sh").chmod(0o755)
    before = {path: path.stat().st_mtime_ns for path in submission.rglob("*")}
    assert copy_clean(course, "ada", LESSON, target, ["*.pyc"]) == []
    assert names(target) == [f"{LESSON}.ipynb", "data/mine.csv", "run.sh"]
    assert (target / "run.sh").stat().st_mode & 0o111 == 0
    assert {path: path.stat().st_mtime_ns for path in submission.rglob("*")} == before


def test_notebooks_released_items_and_what_nbgrader_ignores_are_passed_over_in_silence(course, submission, target):
    for name in ("items/size-table.json", "feedback/page.html", "mine/other.ipynb", "a.pyc", "kept/items/a.csv"):
        (submission / name).parent.mkdir(parents=True, exist_ok=True)
        (submission / name).write_text("{}")
    assert copy_clean(course, "ada", LESSON, target, ["*.pyc", "feedback"]) == []
    assert names(target) == [f"{LESSON}.ipynb", "kept/items/a.csv"]


def test_a_folder_that_is_called_like_a_page_is_left_out_and_a_page_is_not(course, submission, target):
    for name in (f"{LESSON}.html/mine.csv", "own.html/a/b.csv", "kept/own.html/a.csv", "page.html"):
        (submission / name).parent.mkdir(parents=True, exist_ok=True)
        (submission / name).write_text("1")
    [note] = copy_clean(course, "ada", LESSON, target, [])
    assert note.endswith("left out: it lies in a folder that is called like a page of feedback.")
    assert names(target) == [f"{LESSON}.ipynb", "kept/own.html/a.csv", "page.html"]


@pytest.mark.parametrize("written", ["2026-12-01 10:00:00.5 UTC", "2026-12-01 10:00:00 +0100\n", "2026-12-01T10:00Z"])
def test_a_time_that_nbgrader_can_read_is_kept(course, submission, target, written):
    (submission / "timestamp.txt").write_text(written)
    assert copy_clean(course, "ada", LESSON, target, []) == []
    assert (target / "timestamp.txt").read_text() == written


@pytest.mark.parametrize("written", [b"", b"soon", b"\xff", b"2026-01-01 00:00:00 99999999999999999999", b"9" * 500])
def test_a_time_that_it_cannot_read_is_left_out_and_told(course, submission, target, written):
    (submission / "timestamp.txt").write_bytes(written)
    [note] = copy_clean(course, "ada", LESSON, target, [])
    assert note.startswith("timestamp.txt left out: ")
    assert not (target / "timestamp.txt").exists()


def test_of_work_one_folder_deeper_what_lies_beside_it_is_copied_and_what_nbgrader_noted_above(
    course, submission, target
):
    (submission / "deeper").mkdir()
    (submission / f"{LESSON}.ipynb").rename(submission / "deeper" / f"{LESSON}.ipynb")
    for name in ("timestamp.txt", "deeper/timestamp.txt"):
        (submission / name).write_text(f"2026-12-0{len(name) // 6} 10:00:00 UTC")
    for name in ("submission_secret.txt", "above.csv", "deeper/beside.csv"):
        (submission / name).write_text("1")
    assert copy_clean(course, "ada", LESSON, target, []) == []
    assert names(target) == [f"{LESSON}.ipynb", "beside.csv", "submission_secret.txt", "timestamp.txt"]
    assert (target / "timestamp.txt").read_text() == "2026-12-02 10:00:00 UTC"


def test_a_file_that_cannot_be_read_is_left_out_and_told(course, submission, target, monkeypatch):
    (submission / "mine.csv").write_text("1")

    def refuse(path, limit):
        raise EvidenceError(f"{path.name} cannot be read (Permission denied).")

    monkeypatch.setattr(clean_copy, "read_capped", refuse)
    assert copy_clean(course, "ada", LESSON, target, []) == [
        "mine.csv left out: it cannot be read (Permission denied)."
    ]


def test_a_link_in_the_place_of_the_student_leads_to_nobody_elses_files(course, submission, target):
    (submission / "mine.csv").write_text("1")
    os.symlink(submission.parent, course.place("submitted") / "bob")  # noqa: PTH211  shorter so
    assert copy_clean(course, "bob", LESSON, target, []) == []
    assert names(target) == [f"{LESSON}.ipynb"]


def test_nbgrader_is_told_the_copy_of_one_submission_and_the_real_place_of_everything_else(course, submission):
    given = CourseDirectory(root=str(course.root), assignment_id=LESSON)
    clean = CleanDirectory.like(given)
    assert clean.trait_values(config=True) == given.trait_values(config=True)
    asked = [
        ("submitted", "*", LESSON, False),
        ("submitted", "(?P<s>.*)", "(?P<a>.*)", True),
        ("autograded", "ada", LESSON, False),
    ]
    for question in asked:
        assert clean.format_path(*question) == given.format_path(*question)
    copy = clean.format_path("submitted", "ada", LESSON)
    assert copy != given.format_path("submitted", "ada", LESSON)
    assert os.listdir(copy) == [f"{LESSON}.ipynb"]  # noqa: PTH208  shorter so


def test_a_copy_is_deleted_once_it_is_copied_on_and_what_was_left_out_stays_known(course, submission):
    os.mkfifo(submission / "a.csv")
    clean = CleanDirectory(root=str(course.root))
    copy = clean.format_path("submitted", "ada", LESSON)
    assert clean.finish("ada", LESSON) == clean.finish("ada", LESSON) == ["a.csv left out: no regular file."]
    assert not os.path.exists(copy)  # noqa: PTH110  shorter so


def test_a_copy_is_made_once_and_deleted_with_the_next_or_with_the_directory(course, submission, solved):
    hand_in(course, "bob", solved)
    clean = CleanDirectory(root=str(course.root))
    first = clean.format_path("submitted", "ada", LESSON)
    assert clean.format_path("submitted", "ada", LESSON) == first
    second = clean.format_path("submitted", "bob", LESSON)
    assert not os.path.exists(first)  # noqa: PTH110  shorter so
    del clean
    assert not os.path.exists(second)  # noqa: PTH110  shorter so
