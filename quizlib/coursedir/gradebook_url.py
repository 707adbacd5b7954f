"""The address of a gradebook, as `c.CourseDirectory.db_url` gives it: a SQLite file, or a database on a server."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from quizlib.errors import GradingError


def absolute(url: str, root: Path) -> str:
    """Return the address of a gradebook, where a relative SQLite file lies in the course directory.

    That is where nbgrader finds it when it is run there; so it is the same one wherever we are run.

    >>> absolute("sqlite:///grades.db", Path("/courses/serving"))
    'sqlite:////courses/serving/grades.db'

    Raises:
        GradingError: `url` is no address of a database.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise GradingError(
            "c.CourseDirectory.db_url is no address of a database; expected one such as sqlite:////srv/grades.db."
        ) from error
    file = sqlite_file(parsed)
    return url if file is None else parsed.set(database=str(root / file)).render_as_string(hide_password=False)


def sqlite_file(url: URL) -> Path | None:
    """Return the file that an address means, or None if it is none: a server, or SQLite in memory."""
    name = url.database or ""
    is_file = url.get_backend_name() == "sqlite" and name not in ("", ":memory:") and not name.startswith("file:")
    return Path(name) if is_file else None


def shown(url: str) -> str:
    """Return the address as it may be printed: a file's path, or the address without its password.

    >>> shown("postgresql://ada:secret@db.example.org/grades")
    'postgresql://ada:***@db.example.org/grades'
    """
    parsed = make_url(url)
    file = sqlite_file(parsed)
    return parsed.render_as_string(hide_password=True) if file is None else str(file)
