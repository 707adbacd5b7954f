"""Whatever is handed in is admitted or refused, and what is executed of it decides its own fate alone."""

import json
import random
import shutil

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizlib.coursedir.course import Course
from quizlib.grading.admission.admit import Admission, admit
from quizlib.grading.batch.grade import choose, grade
from quizlib.grading.batch.report import status
from quizlib.grading.cells import is_graded, role

from .conftest import LESSON, hand_in, read
from .mutating import CHANGES, TIMES, mutated, some

EXECUTED = min(6 * TIMES, 200)
HONEST_EVERY = 5
LINES = (
    "raise SystemExit",
    "del check",
    "check = print",
    "1 / 0",
    "import sys; sys.stdout.write('x' * 100_000)",
    "quantize_codes = None",
    "float_bytes = float('nan')",
    "get_ipython().run_cell('%reset -f')",
    "import quizlib; quizlib.begin('90-sample')",
    "print(open('/dev/urandom', 'rb').read(2_000))",
    "sizes = {10**5_000: sizes}",
    "import os; os.chdir('/')",
    "\x00",
    "def quantize_codes(x, scale): return quantize_codes(x, scale)",
)


@pytest.fixture(scope="module")
def waiting(tmp_path_factory, template):
    """A course to which anything may be handed in, and the bytes of a notebook that is solved."""
    folder = tmp_path_factory.mktemp("random") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    return course, nbformat.writes(read(course, "source")).encode()


def admitted(course, content):
    hand_in(course, "ada", content)
    notebook = admit(course, "ada", LESSON, LESSON)
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    released = [role(cell)["grade_id"] for cell in read(course, "release").cells if is_graded(cell)]
    assert sorted(role(cell)["grade_id"] for cell in notebook.cells if is_graded(cell)) == sorted(released)
    return Admission.of(notebook)


@some(60)
@given(content=st.binary(max_size=400))
def test_random_bytes_are_refused_with_a_sentence(waiting, content):
    admission = admitted(waiting[0], content)
    assert (admission.status, admission.refused != "") == ("invalid", True)


@some(100)
@given(changes=CHANGES)
def test_a_notebook_with_anything_changed_is_admitted_or_refused(waiting, changes):
    course, solved = waiting
    assert admitted(course, mutated(solved, changes)).status in {"graded", "invalid", "missing"}


def changed_code(solved, chance):
    """Return the bytes of a solved notebook with cells moved, doubled, left out, cut short and added to at random."""
    notebook = nbformat.reads(solved.decode(), as_version=4)
    for _ in range(chance.randint(1, 4)):
        cells, at = notebook.cells, chance.randrange(len(notebook.cells))
        match chance.randrange(6):
            case 0:
                cells.insert(at, nbformat.v4.new_code_cell(chance.choice(LINES)))
            case 1:
                cells.insert(chance.randrange(len(cells)), nbformat.from_dict(cells[at]))
            case 2 if len(cells) > 3:
                del cells[at]
            case 3:
                cells[at].source = cells[at].source[: chance.randrange(len(cells[at].source) + 1)]
            case 4:
                cells[at].source += "\n" + chance.choice(LINES)
            case _:
                cells.insert(chance.randrange(len(cells)), cells.pop(at))
    return json.dumps(notebook).encode()  # nbformat would mend it


@pytest.mark.grading
def test_random_notebooks_are_executed_and_the_honest_ones_between_keep_their_points(waiting, tmp_path):
    course = Course.at(shutil.copytree(waiting[0].root, tmp_path / "course"))
    shutil.rmtree(course.place("submitted"), ignore_errors=True)
    solved, chance = waiting[1], random.Random(6)
    for number in range(EXECUTED):
        hand_in(course, f"{number:03}-random", changed_code(solved, chance))
        if number % HONEST_EVERY == 0:
            hand_in(course, f"{number:03}-honest", solved)
    results = grade(course, LESSON, choose(course, LESSON, []), isolation="none", workers=2)
    scores = {result.student: result.record and result.record.score for result in results}
    assert {student: score for student, score in scores.items() if "honest" in student and score != 10} == {}
    assert [result.student for result in results if status(result) == "infrastructure"] == []
    assert all(0 <= score <= 10 for score in scores.values())
