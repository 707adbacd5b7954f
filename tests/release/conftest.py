"""A checkout that holds the sample lesson, to be edited and released at will."""

import shutil
from pathlib import Path

import pytest

from quizlib.authoring.course import read_course
from quizlib.release.derive import update
from quizlib.release.lesson_release import LessonRelease

SAMPLE = Path(__file__).with_name("course")
LESSON = "90-sample"

collect_ignore = ["contributed", "course"]  # course files, run as lessons and attempts; no tests are in them


def releases(checkout: Path) -> list[LessonRelease]:
    """Return all lessons of a checkout, ready to be released."""
    return [LessonRelease(lesson, _say_nothing) for lesson in read_course(checkout / "solutions")]


def _say_nothing(text: str) -> None:
    pass


def edit(path: Path, before: str, after: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the sample lesson, not derived yet."""
    shutil.copytree(SAMPLE, tmp_path / "checkout" / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "checkout"


@pytest.fixture(scope="session")
def derived_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the sample lesson and all that is derived from it; tests only read it."""
    root = tmp_path_factory.mktemp("derived")
    shutil.copytree(SAMPLE, root / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    update(releases(root), root, all_lessons=True)
    return root


@pytest.fixture
def derived(derived_once: Path, tmp_path: Path) -> Path:
    """A derived checkout of the test's own."""
    shutil.copytree(derived_once, tmp_path / "derived")
    return tmp_path / "derived"
