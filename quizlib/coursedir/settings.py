"""How nbgrader is configured in a course directory: its `nbgrader_config.py`, read as nbgrader reads it there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path
from traitlets.config.loader import (
    Config,
    ConfigFileNotFound,
    FileConfigLoader,
    JSONFileConfigLoader,
    PyFileConfigLoader,
)

from quizlib.coursedir.gradebook_url import absolute
from quizlib.errors import GradingError

NAME = "nbgrader_config.py"

TEXT = """\
# Settings of nbgrader for this course; add your own below.
from quizlib.grading.config import configure

c = get_config()
configure(c, __file__)
c.CourseDirectory.course_id = "{course_id}"
"""
"""What a new course's file says; `configure` has a course id for older ones, which do not name theirs."""


def make_settings(root: Path, course_id: str) -> None:
    """Write the settings of a new course; a file that is there is the instructor's own and stays as it is."""
    if not (root / NAME).exists():
        (root / NAME).write_text(TEXT.format(course_id=course_id), encoding="utf-8")


def read_config(root: Path) -> Config:
    """Return the settings of a course: the machine's and the user's, and over them those of its directory.

    Raises:
        GradingError: a file of settings fails, or names a gradebook that has no address.
    """
    with importable(root):
        config = _read([*_outside(), root])
    config.CourseDirectory.root = str(root)
    url = config.CourseDirectory.get("db_url")
    if url:
        config.CourseDirectory.db_url = absolute(url, root)
    return config


def read_outer_config() -> Config:
    """Return the settings that hold for all courses of this user.

    Raises:
        GradingError: a file of settings fails.
    """
    return _read(_outside())


def _outside() -> list[Path]:
    """Return the folders of settings outside a course, the weakest first."""
    return [Path(folder) for folder in reversed(jupyter_config_path())]


def _read(folders: Sequence[Path]) -> Config:
    config = Config()
    for name in ("jupyter_config", "nbgrader_config"):
        for folder in folders:
            config.merge(_loaded(PyFileConfigLoader(f"{name}.py", path=str(folder)), folder))
            config.merge(_loaded(JSONFileConfigLoader(f"{name}.json", path=str(folder)), folder))
    return config


def _loaded(loader: FileConfigLoader, folder: Path) -> Config:
    try:
        return loader.load_config()
    except ConfigFileNotFound:
        return Config()
    except Exception as error:  # the file is code of the instructor
        raise GradingError(f"{folder / loader.filename} fails: {type(error).__name__}: {error}") from error


@contextmanager
def importable(root: Path) -> Iterator[None]:
    """Let settings import what lies beside them, as nbgrader does."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))


def nbgraders_directory(config: Config, **traits: Any) -> Any:  # noqa: ANN401  nbgrader publishes no types
    """Return nbgrader's own `CourseDirectory` with these settings, which has its defaults.

    Raises:
        GradingError: the settings lay the directory out in another way than nbgrader does of itself.
    """
    from nbgrader.coursedir import CourseDirectory

    made = CourseDirectory(config=config, **traits)
    if made.directory_structure != CourseDirectory.directory_structure.default_value:
        raise GradingError(
            f"c.CourseDirectory.directory_structure is {made.directory_structure!r}; quizlib needs nbgrader's own, "
            f"{CourseDirectory.directory_structure.default_value!r}: take the setting away."
        )
    return made
