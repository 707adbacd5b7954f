"""When something was handed in is told by a file that its learner may have written."""

from datetime import UTC, datetime

import pytest

from quizlib.grading.admission.timestamp import MAX_NOTE, STAMP, handed_in_at, time_in

TOLD = "2026-12-24 20:15:00 UTC"
TIME = datetime(2026, 12, 24, 20, 15, tzinfo=UTC)


NO_TIMES = [
    b"",
    b"soon",
    b"1 2 3",
    b"\xff\xfe",
    b"\x00",
    b"0" * 190,
    b"2026-13-45 00:00:00 UTC",
    b"2026-01-01 nowhere UTC",
]
BEYOND = [b"2026-01-01 00:00:00 +999999999999", b"9999-12-31 23:59:59 -99"]


@pytest.mark.parametrize("content", [*NO_TIMES, *BEYOND])
def test_what_is_no_time_is_none_whatever_nbgraders_reader_raises(content):
    assert time_in(content) is None


def test_a_time_is_told_in_utc():
    assert time_in(TOLD.encode()) == TIME
    assert time_in(b"2026-12-24 21:15:00 3600") == TIME, "nbgrader writes a zone that has no name in seconds"


def test_only_a_small_regular_file_is_read(tmp_path):
    assert handed_in_at(tmp_path) is None
    (tmp_path / STAMP).write_text(TOLD)
    assert handed_in_at(tmp_path) == TIME
    (tmp_path / STAMP).write_text(TOLD + " " * MAX_NOTE)
    assert handed_in_at(tmp_path) is None
    (tmp_path / STAMP).unlink()
    (tmp_path / "elsewhere").write_text(TOLD)
    (tmp_path / STAMP).symlink_to(tmp_path / "elsewhere")
    assert handed_in_at(tmp_path) is None
