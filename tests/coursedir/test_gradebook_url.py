from pathlib import Path

import pytest
from sqlalchemy import make_url

from quizlib.coursedir.gradebook_url import absolute, shown, sqlite_file
from quizlib.errors import GradingError

ROOT = Path("/courses/serving")
SERVER = "postgresql+psycopg://ada:p%40ss@db.example.org:5433/grades"


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("sqlite:///grades.db", "sqlite:////courses/serving/grades.db"),
        ("sqlite:///sub/my grades.db?timeout=5", "sqlite:////courses/serving/sub/my grades.db?timeout=5"),
        ("sqlite:////srv/grades.db", "sqlite:////srv/grades.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        (SERVER, SERVER),
    ],
)
def test_only_a_relative_file_is_looked_for_in_the_course(url: str, whole: str) -> None:
    assert absolute(url, ROOT) == whole


def test_what_is_no_address_is_told_without_repeating_it() -> None:
    with pytest.raises(GradingError, match=r"db_url is no address of a database") as raised:
        absolute("ada:secret", ROOT)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("sqlite:////srv/my grades.db", "/srv/my grades.db"),
        ("sqlite://", "sqlite://"),
        (SERVER, "postgresql+psycopg://ada:***@db.example.org:5433/grades"),
    ],
)
def test_a_file_is_printed_as_a_path_and_a_server_without_its_password(url: str, printed: str) -> None:
    assert shown(url) == printed


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x.db?uri=true", SERVER])
def test_an_address_that_names_no_file_has_none(url: str) -> None:
    assert sqlite_file(make_url(url)) is None
