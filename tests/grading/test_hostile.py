"""Hostile submissions, all graded in one batch, between honest ones.

A fixture is a file `hostile/<name>.yaml` in the format of a sample class (`SampleSubmission` in
`quizlib/grading/batch/sample.py`): what the student did to the notebook of the lesson `90-sample` (`solved`, `answers`,
`cells`, `drop`, `content`, ...), and the honest score: `others` for all items, `expected` for those that differ, and
`status` where the submission as a whole does not end as `graded`. What no notebook can hold, such as a folder or a
pipe beside it, and what no program writes into one, is made by `hostile/<name>.py`: its `hand_in(folder)` is called
with the folder of the submission, after the notebook was written there.

An honest submission is handed in before the first, after every fourth and after the last; each has to keep its points.
"""

import runpy
import shutil
from itertools import count

import nbformat
import pytest

from quizlib.authoring.course import read_lesson
from quizlib.coursedir.course import Course
from quizlib.grading.batch.demo import compare_all
from quizlib.grading.batch.grade import choose, grade, is_settled
from quizlib.grading.batch.sample import SampleSubmission, class_of, hand_in

from .conftest import HERE, LESSON

pytestmark = pytest.mark.grading

FOLDER = HERE / "hostile"
HOSTILE = class_of(FOLDER, read_lesson(HERE.parent / "release" / "course", LESSON))
HONEST = SampleSubmission(about="Everything right, and nothing else.", solved="all", others="full")
EVERY = 4


def in_order():
    """Return all submissions by the name under which they are handed in, which is the order of the batch."""
    number = count()
    made = {f"{next(number):03}-honest": HONEST}
    for at, (name, sample) in enumerate(HOSTILE.items(), 1):
        made[f"{next(number):03}-{name}"] = sample
        if at % EVERY == 0 or at == len(HOSTILE):
            made[f"{next(number):03}-honest"] = HONEST
    return made


STUDENTS = in_order()


@pytest.fixture(scope="module")
def batch(tmp_path_factory, template, solutions):
    """The course after the batch, and what each student got beside what they should get."""
    folder = tmp_path_factory.mktemp("hostile") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    hand_in(course, read_lesson(solutions, LESSON), STUDENTS)
    for student in STUDENTS:
        script = FOLDER / f"{student.partition('-')[2]}.py"
        if script.is_file():
            runpy.run_path(str(script))["hand_in"](course.submission(student, LESSON))
    results = grade(course, LESSON, choose(course, LESSON, []), isolation="none", workers=2)
    return course, {row.student: row for row in compare_all(course, LESSON, STUDENTS, results)}


@pytest.mark.parametrize("student", STUDENTS)
def test_every_submission_of_the_batch_gets_its_honest_score(batch, student):
    row = batch[1][student]
    assert row.differences == []
    assert row.agrees


def test_no_submission_is_a_fault_of_ours_and_each_is_settled(batch):
    course, rows = batch
    assert [row.student for row in rows.values() if row.status == "infrastructure"] == []
    assert [student for student in STUDENTS if not is_settled(course, LESSON, student)] == []


def test_no_widget_of_a_learners_stays_in_what_formgrader_shows(batch):
    [student] = [name for name in STUDENTS if name.endswith("-widget-in-depth")]
    notebook = nbformat.read(batch[0].autograded(student, LESSON) / f"{LESSON}.ipynb", as_version=4)
    assert "widgets" not in notebook.metadata


def test_every_file_beside_the_fixtures_belongs_to_one():
    assert {path.stem for path in FOLDER.iterdir() if path.suffix in (".yaml", ".py")} == set(HOSTILE)
