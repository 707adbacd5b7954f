"""nbgrader's gradebook of a course, wherever it is configured to be: opened, and held by one writer at a time."""

from __future__ import annotations

import os
import sysconfig
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from quizlib.coursedir.course import Course
from quizlib.coursedir.gradebook_url import shown, sqlite_file
from quizlib.errors import GradingError

if TYPE_CHECKING:
    from filelock import FileLock
    from nbgrader.api import Gradebook

LOCK = ".gradebook.lock"


def where(course: Course) -> str:
    """Return where the gradebook is, as it may be printed."""
    return shown(course.settings.db_url)


def is_missing(course: Course) -> bool:
    """Say whether the gradebook is a file that is not there; of a server this cannot be seen beforehand."""
    file = sqlite_file(make_url(course.settings.db_url))
    return file is not None and not file.is_file()


@contextmanager
def opened(course: Course) -> Iterator[Gradebook]:
    """Open the gradebook of a course.

    Raises:
        GradingError: there is none, and nbgrader would make an empty one; or it cannot be opened.
    """
    if is_missing(course):
        raise GradingError(f"{where(course)} is missing; run again: quizlib course {course.root}")
    with warnings.catch_warnings():
        # nbgrader's own queries touch rows that are not added yet; what they are about to add comes out right.
        warnings.simplefilter("ignore", SAWarning)
        with _connected(course) as gradebook:
            yield gradebook


def _connected(course: Course) -> Gradebook:
    from nbgrader.api import Gradebook

    try:
        return Gradebook(course.settings.db_url, course.settings.course_id)
    except (SQLAlchemyError, ImportError) as error:
        reason = str(error).partition("\n")[0]
        raise GradingError(f"the gradebook {where(course)} cannot be opened: {reason}") from error


def writing(root: Path) -> FileLock:
    """Return the lock that whoever writes to the gradebook of a course holds; it is free again when its holder dies."""
    from filelock import FileLock

    return FileLock(root / LOCK, timeout=120)


@contextmanager
def scripts_on_path() -> Iterator[None]:
    """Let nbgrader find the `alembic` command of this environment, also where the environment is not activated.

    nbgrader calls it by name when it makes a gradebook.
    """
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
