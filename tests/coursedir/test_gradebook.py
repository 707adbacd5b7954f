import os
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from quizlib.coursedir.course import Course
from quizlib.coursedir.gradebook import is_missing, opened, scripts_on_path, where, writing
from quizlib.errors import GradingError

from .conftest import configure


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook without rows, which takes nbgrader seconds to make."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with scripts_on_path(), Gradebook(f"sqlite:///{path}"):
        return path


def test_a_gradebook_that_is_missing_is_told_and_not_made(course: Course) -> None:
    assert is_missing(course)
    with pytest.raises(GradingError, match=r"gradebook\.db is missing; run again: quizlib course"), opened(course):
        pass
    assert not (course.root / "gradebook.db").exists()


def test_the_gradebook_that_is_configured_is_the_one_opened(course: Course, empty: Path, tmp_path: Path) -> None:
    shutil.copy(empty, tmp_path / "grades.db")
    moved = configure(
        course, f"c.CourseDirectory.db_url = 'sqlite:///{tmp_path}/grades.db'\nc.CourseDirectory.course_id = 'serving'"
    )
    assert where(moved) == str(tmp_path / "grades.db")
    assert not is_missing(moved)
    with opened(moved) as gradebook:
        assert gradebook.add_assignment("90-sample").course_id == "serving"
    with Gradebook(f"sqlite:///{tmp_path}/grades.db") as gradebook:
        assert [assignment.name for assignment in gradebook.assignments] == ["90-sample"]


def test_a_gradebook_on_a_server_is_not_looked_for_as_a_file(course: Course) -> None:
    server = configure(course, "c.CourseDirectory.db_url = 'nosuch://ada:hidden@host/grades'")
    assert not is_missing(server)
    with pytest.raises(GradingError, match=r"the gradebook nosuch://ada:\*\*\*@host/grades cannot be opened"):
        opened(server).__enter__()


def test_one_writer_holds_the_gradebook(course: Course) -> None:
    with writing(course.root) as held:
        assert held.is_locked
        assert not writing(course.root).is_locked
    assert not held.is_locked


def test_the_scripts_of_this_environment_come_first_and_only_for_a_while() -> None:
    before = os.environ["PATH"]
    with scripts_on_path():
        assert shutil.which("alembic") is not None
        assert os.environ["PATH"].endswith(os.pathsep + before)
    assert os.environ["PATH"] == before
