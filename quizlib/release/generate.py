"""Run nbgrader's own `generate_assignment` in a course, with the settings of its `nbgrader_config.py`."""

from __future__ import annotations

import contextlib
import os
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from traitlets.config.loader import Config, PyFileConfigLoader

from quizlib.errors import GradingError

CONFIG_NAME = "nbgrader_config.py"


def read_config(folder: Path) -> Config:
    """Return the settings of a course, as nbgrader reads them there.

    Raises:
        GradingError: the file fails.
    """
    try:
        config: Config = PyFileConfigLoader(CONFIG_NAME, path=str(folder)).load_config()
    except Exception as error:  # the file is code of the instructor
        raise GradingError(f"{folder / CONFIG_NAME} fails: {type(error).__name__}: {error}") from error
    config.CourseDirectory.setdefault("root", str(folder.resolve()))
    return config


def generate(folder: Path, lesson: str) -> None:
    """Derive `release/<lesson>` from `source/<lesson>`, as `nbgrader generate_assignment <lesson> --force` does.

    Raises:
        GradingError: nbgrader could not; the message has its last error.
    """
    config = read_config(folder)
    config.CourseDirectory.assignment_id = lesson
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    converter.force = True
    with scripts_on_path():
        result: dict[str, Any] = capture_log(converter)
    if not result["success"]:
        reason = _last_error(result.get("log", "") or result.get("error", ""))
        raise GradingError(f"nbgrader could not release {lesson}: {reason}")


def _last_error(log: str) -> str:
    r"""Return the line of a log that says why it failed.

    >>> _last_error("[ERROR] Traceback\n  RuntimeError: no end solution statement found\n[ERROR] See above")
    'RuntimeError: no end solution statement found'
    """
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    raised = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)]
    return (raised or lines or ["it gave no reason"])[-1]


@contextlib.contextmanager
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


def require_same_cells(folder: Path, lesson: str, notebook: NotebookNode) -> None:
    """Raise a GradingError if `notebook` changes the graded cells of a lesson that has submissions already.

    nbgrader refuses such a change half way through; this refuses it before anything is touched.
    """
    coursedir = CourseDirectory(config=read_config(folder))
    if coursedir.db_url.startswith("sqlite:///") and not Path(coursedir.db_url.removeprefix("sqlite:///")).exists():
        return
    with scripts_on_path(), Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            known = gradebook.find_notebook(lesson, lesson)
        except MissingEntry:
            return
        submissions, before = len(known.submissions), {cell.name for cell in known.source_cells}
    ours = {cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata}
    changed = sorted(ours ^ before)
    if submissions and changed:
        raise GradingError(
            f"{lesson} has {submissions} submissions in the gradebook and this release adds or removes "
            f"{', '.join(changed)}; nbgrader keeps the cells of a lesson that is being graded, so make a new course."
        )
