"""Folders of killed runs are removed at the next start, and no other."""

import subprocess
import sys
from pathlib import Path

import pytest

from quizlib.grading.scratch import LOCK, PREFIX, Scratch, sweep

KILLED = """
import os, signal
from quizlib.grading.scratch import Scratch
print(Scratch().root, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder for temporary ones, of this test and of what it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_of_a_killed_process_is_removed_and_one_in_use_is_not(place):
    mine = Scratch()
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, check=False)
    left = place / Path(done.stdout.strip()).name
    (left / "deep" / "er").mkdir(parents=True)
    assert left.is_dir()
    assert sweep(place) == [left]
    assert list(place.iterdir()) == [mine.root]
    mine.remove()


def test_a_process_that_starts_removes_what_a_killed_one_left(place):
    started = [
        subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, check=False) for _ in range(2)
    ]
    first, second = (done.stdout.strip() for done in started)
    assert first != second
    assert [str(path) for path in place.iterdir()] == [second]


def test_what_is_no_scratch_folder_of_ours_is_left_alone(place):
    (place / "elsewhere").mkdir()
    (place / "elsewhere" / LOCK).write_text("")
    (place / f"{PREFIX}link").symlink_to(place / "elsewhere")
    (place / f"{PREFIX}without-lock").mkdir()
    (place / f"{PREFIX}linked-lock").mkdir()
    (place / f"{PREFIX}linked-lock" / LOCK).symlink_to(place / "elsewhere" / LOCK)
    (place / f"{PREFIX}file").write_text("")
    before = sorted(place.rglob("*"))
    assert sweep(place) == []
    assert sorted(place.rglob("*")) == before


def test_a_folder_of_somebody_else_is_left_alone(place, monkeypatch):
    (place / f"{PREFIX}theirs").mkdir()
    (place / f"{PREFIX}theirs" / LOCK).write_text("")
    monkeypatch.setattr("os.getuid", lambda: place.stat().st_uid + 1)
    assert sweep(place) == []
    monkeypatch.undo()
    assert sweep(place) == [place / f"{PREFIX}theirs"]


def test_a_place_that_cannot_be_listed_stops_nobody(place):
    assert sweep(place / "nowhere") == []
