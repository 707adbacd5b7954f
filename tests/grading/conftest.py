"""A tiny course to grade: the lesson that the release is tested with, which needs NumPy only."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from quizlib.coursedir.course import Course
from quizlib.grading.cells import graded_item
from quizlib.grading.record import ItemRecord, NotebookRecord, read_record, write_record
from quizlib.grading.results.recording import record_of
from quizlib.release.classroom import make_course

LESSON = "90-sample"
HERE = Path(__file__).parent
TIMEOUT_SECONDS = 5


@pytest.fixture(scope="session")
def solutions(tmp_path_factory):
    """The sample lesson as it is written, with a sample class."""
    folder = tmp_path_factory.mktemp("written") / "solutions"
    shutil.copytree(HERE.parent / "release" / "course", folder)
    shutil.copytree(HERE / "class", folder / "class" / "90_sample")
    return folder


@pytest.fixture(scope="session")
def template(tmp_path_factory, solutions):
    """A course that nobody has handed anything in to; tests take copies of it."""
    folder = tmp_path_factory.mktemp("template") / "course"
    make_course(folder, solutions, lambda text: None)
    with (folder / "nbgrader_config.py").open("a") as file:
        file.write(f"c.Execute.timeout = {TIMEOUT_SECONDS}\n")
    return folder


@pytest.fixture
def course(tmp_path, template):
    """A course of the test's own."""
    shutil.copytree(template, tmp_path / "course")
    return Course.at(tmp_path / "course")


@pytest.fixture
def released(course):
    return read(course, "release")


@pytest.fixture
def solved(course):
    return read(course, "source")


def read(course, part):
    return nbformat.read(course.root / part / LESSON / f"{LESSON}.ipynb", as_version=4)


def hand_in(course, student, notebook, name=f"{LESSON}.ipynb"):
    """Put a notebook, or the bytes of a file, where nbgrader looks for what `student` handed in."""
    folder = course.submission(student, LESSON)
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, bytes):
        (folder / name).write_bytes(notebook)
    else:
        nbformat.write(notebook, folder / name)
    return folder / name


def cell(notebook, name):
    """Return the cell of an id."""
    return next(cell for cell in notebook.cells if cell.id == name)


def nbgrader(course, *arguments):
    """Run a command of nbgrader in a course, as an instructor does, and return what it said."""
    command = [str(Path(sysconfig.get_path("scripts")) / "nbgrader"), *arguments]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def scores(record):
    return {item.id: item.score for item in record.items}


ANOTHER_ENGINE = "0" * 64


def judge_otherwise(course, student, **scores):
    """Make a grade look as if another engine had judged it, and given `scores` (of items, `_` for `-`)."""
    record = read_record(course, student, LESSON)
    given = {item.replace("_", "-"): score for item, score in scores.items()}
    [book] = record.notebooks
    items = [
        item.model_copy(update={"score": given[item.id], "status": "wrong"}) if item.id in given else item
        for item in book.items
    ]
    book = book.model_copy(update={"items": tuple(items)})
    write_record(course, record.model_copy(update={"engine": ANOTHER_ENGINE, "notebooks": (book,)}))
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        for item, score in given.items():
            gradebook.find_grade(item, LESSON, LESSON, student).auto_score = score
        gradebook.db.commit()


def nothing_handed_in(course, student, lesson, isolation):
    """Return a record that is easily made: of somebody who handed in no notebook."""
    items = [
        ItemRecord(
            id=graded_item(one),
            grade_id=one.metadata.nbgrader.grade_id,
            score=0.0,
            max_score=one.metadata.nbgrader.points,
            status="missing",
            judged="judged outside the kernel",
            message="no notebook was handed in.",
        )
        for one in read(course, "release").cells
        if graded_item(one)
    ]
    book = NotebookRecord(notebook=lesson, file="", release="", status="missing", items=tuple(items))
    return record_of(course, student, lesson, isolation, 0.0, (book,))
