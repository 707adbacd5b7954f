"""What is taken of a folder: regular files within caps, the same ones whatever order a file system lists them in."""

import os
from pathlib import Path

import pytest

from quizlib.grading.admission import regular_files
from quizlib.grading.admission.regular_files import LeftOut, plain_name, survey, told


def files(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("12345")


def test_regular_files_are_found_by_name_and_sorted_and_patterns_are_passed_over_in_silence(tmp_path):
    files(tmp_path, "b.csv", "a/c.csv", "a/__pycache__/x.pyc", ".git/config", "a.csv")
    found = survey(tmp_path, ["__pycache__", ".*"])
    assert list(found.files) == ["a/c.csv", "a.csv", "b.csv"]
    assert found.left_out == ()


def test_a_folder_that_is_none_or_a_link_holds_nothing(tmp_path):
    files(tmp_path, "folder/a.csv")
    (tmp_path / "link").symlink_to("folder")
    for name in ("nowhere", "link", "folder/a.csv"):
        assert survey(tmp_path / name) == regular_files.Survey()


@pytest.mark.parametrize(
    ("cap", "value", "kept", "reason"),
    [
        ("MAX_FILES", 2, ["a.csv", "z.csv"], "beyond the 2 files that are taken of a submission"),
        ("MAX_BYTES", 14, ["a.csv", "z.csv"], "beyond the 14 bytes that are taken of a submission"),
        ("MAX_FILE_BYTES", 4, [], "over 4 bytes"),
        ("MAX_DEPTH", 1, ["a.csv", "data/b.csv", "z.csv"], "below 1 folders"),
        ("MAX_PATH", 10, ["a.csv", "data/b.csv", "z.csv"], "a name, with its folders, of over 10 bytes"),
        ("MAX_ENTRIES", 4, ["a.csv", "data/b.csv", "z.csv"], "beyond the 4 files and folders that are looked at"),
    ],
)
def test_beyond_a_cap_the_outermost_files_are_kept_and_the_rest_is_told(
    tmp_path, monkeypatch, cap, value, kept, reason
):
    files(tmp_path, "z.csv", "a.csv", "data/b.csv", "data/deeper/c.csv")
    monkeypatch.setattr(regular_files, cap, value)
    found = survey(tmp_path)
    assert list(found.files) == kept
    assert {one.reason for one in found.left_out} == {reason}


def test_a_folder_with_more_than_is_looked_at_gives_the_first_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(regular_files, "MAX_ENTRIES", 3)
    files(tmp_path, *(f"{number}.csv" for number in (7, 3, 9, 1, 5)))
    assert list(survey(tmp_path).files) == ["1.csv", "3.csv", "5.csv"]


def test_what_cannot_be_read_is_told_and_the_rest_is_taken(tmp_path, monkeypatch):
    files(tmp_path, "a.csv", "locked/b.csv")
    scandir = os.scandir

    def refuse(place):
        if Path(place).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    monkeypatch.setattr("quizlib.grading.admission.regular_files.os.scandir", refuse)
    found = survey(tmp_path)
    assert list(found.files) == ["a.csv"]
    assert told(found.left_out) == ["locked left out: a folder that cannot be read (Permission denied)."]


def test_sentences_are_short_however_much_was_left_out():
    left_out = [LeftOut(f"{'x' * 200}{number}", "a link") for number in range(5_000)]
    [sentence] = told(left_out)
    assert sentence.endswith("and 4,999 more left out: a link.")
    assert len(sentence) < 130


def test_a_name_means_nothing_to_markdown_html_or_a_terminal():
    assert plain_name("\x1b[1m<script>`*_[a](b).ipynb") == "__1m_script_____a_(b).ipynb"
    assert plain_name("\u202ecaf\udce9\u2028") == "_caf_xe9_"
