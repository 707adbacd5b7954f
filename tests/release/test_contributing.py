"""Somebody follows CONTRIBUTING's steps for an exercise in a copy of the course, and needs no other."""

import inspect
import re
import shutil
from pathlib import Path

import pytest

from quizlib.authoring.course import read_course
from quizlib.coursedir.course import Course
from quizlib.release.audit import problems
from quizlib.release.derive import update
from quizlib.release.lesson_release import LessonRelease
from quizlib.verify.tasks import run, tasks_of
from tests.grading import test_lesson_classes as classes

pytestmark = pytest.mark.proof

ROOT = Path(__file__).parents[2]
WRITTEN = Path(__file__).with_name("contributed")
LESSON, ITEM = "02-measure", "aligned-bytes"
MOST_FILES = 8
HEAD = "# %% exercise: quantized-bytes"  # the second exercise; the new one is put before it


@pytest.fixture(scope="module")
def steps() -> str:
    """What CONTRIBUTING says of an exercise."""
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## An exercise\n")[2]
    return section.partition("\n## ")[0]


def place(steps: str, pattern: str) -> str:
    """Return a path that the steps name, for this lesson and item."""
    [named] = set(re.findall(pattern, steps))
    stem = LESSON.replace("-", "_")
    path = named.replace("<id>", ITEM)
    return path.replace("<lesson>", stem if path.startswith("solutions/lessons") else LESSON)


@pytest.fixture(scope="module")
def added(tmp_path_factory, steps):
    """The course of one lesson, derived, then with one more exercise and derived again; and what that changed."""
    checkout = tmp_path_factory.mktemp("checkout")
    for part in ("lessons", "questions", "proofs", "exercises", "numbers", "figures", "class"):
        for path in (ROOT / "solutions" / part).glob("02[-_]measure*"):
            copy = shutil.copytree if path.is_dir() else shutil.copyfile
            (checkout / "solutions" / part).mkdir(parents=True, exist_ok=True)
            copy(path, checkout / "solutions" / part / path.name)
    shutil.copyfile(ROOT / "README.md", checkout / "README.md")
    update(releases(checkout), checkout, all_lessons=True)
    before = contents(checkout)

    folder = checkout / place(steps, r"`(solutions/exercises/<lesson>/<id>/)`")
    folder.mkdir()
    for name in ("spec.py", "attempts.py"):
        assert f"`{name}`" in steps
        shutil.copyfile(WRITTEN / name, folder / name)
    text = checkout / place(steps, r"`(solutions/lessons/<lesson>\.py)`")
    lesson, part = text.read_text(encoding="utf-8"), (WRITTEN / "lesson.py").read_text(encoding="utf-8")
    assert lesson.count(HEAD) == 1
    text.write_text(lesson.replace(HEAD, f"{part}{HEAD}"), encoding="utf-8")
    assert "`quizlib release`" in steps
    update(releases(checkout), checkout, all_lessons=True)
    after = contents(checkout)
    return checkout, {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def releases(checkout):
    return [LessonRelease(lesson, lambda _: None) for lesson in read_course(checkout / "solutions")]


def contents(checkout):
    files = (path for path in checkout.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(checkout).as_posix(): path.read_bytes() for path in files}


def test_an_exercise_more_changes_no_file_but_its_own_and_those_of_the_whole_lesson(added):
    _, changed = added
    assert changed == {
        "README.md",
        "solutions/lessons/02_measure.py",
        "solutions/exercises/02-measure/aligned-bytes/spec.py",
        "solutions/exercises/02-measure/aligned-bytes/attempts.py",
        "solutions/notebooks/02-measure/02-measure.ipynb",
        "notebooks/02-measure/02-measure.ipynb",
        "notebooks/02-measure/items/lesson.json",
        "notebooks/02-measure/items/aligned-bytes.json",
    }
    assert len(changed) <= MOST_FILES


def test_the_exercise_is_proved(added):
    checkout, _ = added
    tasks = {task.item: task for task in tasks_of(checkout / "solutions", LESSON)}
    assert run(tasks[ITEM]).problems == []
    assert run(tasks["text and bank"]).problems == []


def test_the_release_is_fresh_and_gives_nothing_away(added):
    checkout, _ = added
    assert problems(releases(checkout), checkout) == []


def test_the_sample_class_takes_the_exercise_in(added, monkeypatch, tmp_path):
    checkout, _ = added
    monkeypatch.setattr(classes, "SOLUTIONS", checkout / "solutions")
    (tmp_path / "release").symlink_to(checkout / "notebooks")
    (tmp_path / "source").symlink_to(checkout / "solutions" / "notebooks")
    [lesson] = read_course(checkout / "solutions")
    assert ITEM in lesson.exercises
    given = {"course": Course(tmp_path), "lesson": lesson}
    every = [test for name, test in vars(classes).items() if name.startswith("test_")]
    asked = [test for test in every if "lesson" in inspect.signature(test).parameters]
    assert len(asked) >= 6
    for test in asked:
        test(**{name: given[name] for name in inspect.signature(test).parameters})


def test_its_number_is_that_of_its_place(added):
    checkout, _ = added
    notebook = (checkout / "notebooks" / LESSON / f"{LESSON}.ipynb").read_text(encoding="utf-8")
    assert "## Exercise 2.2 · Rows that begin where a register does (5 points)" in notebook
    assert "## Exercise 2.3 · What a quantized weight really costs (5 points)" in notebook
