from pathlib import Path

import pytest

from quizlib.authoring.course import read_lesson, with_recognised
from quizlib.evidence.places import GRADING_FOLDER
from quizlib.items.released import write_sheet
from quizlib.learner import find, front, session

COURSE = Path(__file__).parents[1] / "release" / "course"
LESSON = "90-sample"


def write_items(folder, flavour):
    """Write the items of the sample lesson into `folder`, as a release does."""
    folder.mkdir(parents=True)
    lesson = read_lesson(COURSE, LESSON)
    for question in lesson.questions.values():
        write_sheet(folder, question.sheet(LESSON), flavour)
    for item, spec in lesson.exercises.items():
        write_sheet(folder, with_recognised(spec, lesson.attempts[item]).public_sheet(), flavour)
    (folder / "lesson.json").write_text(f'{{"lesson": "{LESSON}", "release": "r1", "flavour": "{flavour}"}}')


@pytest.fixture(scope="session")
def releases(tmp_path_factory):
    """Return a folder with the lesson in both flavours, in `self-study/90-sample` and `class/90-sample`."""
    root = tmp_path_factory.mktemp("releases")
    for flavour in ("self-study", "class"):
        write_items(root / flavour / LESSON / "items", flavour)
    return root


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch):
    """Begin each test as a kernel that has run nothing yet."""
    monkeypatch.setattr(session, "_sessions", [])
    monkeypatch.setattr(front, "_shown", {})
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv(GRADING_FOLDER, raising=False)


@pytest.fixture
def package(monkeypatch, releases):
    """Let the installed package hold the sample lesson, self-study."""
    monkeypatch.setattr(find, "course_folder", lambda: releases / "self-study")


@pytest.fixture
def study(monkeypatch, releases):
    """Return nothing; a self-study notebook has begun, with its items beside it."""
    monkeypatch.chdir(releases / "self-study" / LESSON)
    front.begin(LESSON, release="r1")


@pytest.fixture
def classroom(monkeypatch, releases):
    """Return nothing; a class notebook has begun, with its items beside it."""
    monkeypatch.chdir(releases / "class" / LESSON)
    front.begin(LESSON, flavour="class", release="r1")
