from datetime import UTC, datetime

import pytest

from quizlib.errors import ArgumentError
from quizlib.release.due_dates import read_due, shown


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-12-24T23:59", "2026-12-24 23:59"),
        ("2026-12-24 23:59", "2026-12-24 23:59"),
        ("2026-12-24T23:59Z", "2026-12-24 23:59"),
        ("2026-12-24T23:59+01:00", "2026-12-24 22:59"),
        ("2026-12-24T23:59 Europe/Berlin", "2026-12-24 22:59"),
        ("2026-07-24 23:59 Europe/Berlin", "2026-07-24 21:59"),
        ("2026-12-24T20:00-08:00", "2026-12-25 04:00"),
    ],
)
def test_a_time_is_read_with_its_zone_and_kept_in_utc(written: str, utc: str) -> None:
    [(lesson, when)] = read_due([f"01-overview={written}"]).items()
    assert lesson == "01-overview"
    assert when == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert shown(when) == f"{utc} UTC"


@pytest.mark.parametrize(
    "text",
    [
        "01-overview",
        "=2026-12-24T23:59",
        "01-overview=",
        "01-overview=2026-12-24",
        "01-overview=tomorrow at noon",
        "01-overview=2026-13-24T23:59",
        "01-overview=2026-12-24T23:59 Europe/Nowhere",
        "01-overview=2026-12-24T23:59+01:00 Europe/Berlin",
        "01-overview=2026-12-24T23:59 ../etc/passwd",
        "01-overview=0001-01-01T00:00+10:00",
    ],
)
def test_what_is_no_due_date_is_told_with_what_was_expected(text: str) -> None:
    with pytest.raises(ArgumentError, match="expected a lesson and a date with a time, such as 01-overview=2026") as it:
        read_due([text])
    assert repr(text) in str(it.value)


def test_the_last_date_of_a_lesson_counts_and_one_can_be_taken_away() -> None:
    assert read_due(["a=2026-12-24T23:59", "a=none", "b=2026-12-24T23:59"])["a"] is None
    assert shown(None) == "no due date"
