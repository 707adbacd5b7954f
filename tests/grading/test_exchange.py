"""The whole exchange in a course directory, with nbgrader's own commands."""

import csv
import getpass
import shutil
import subprocess
import sysconfig
from pathlib import Path

import nbformat
import pytest

from quizlib.grading.record import read_record

from .conftest import LESSON, cell, nbgrader, scores

pytestmark = pytest.mark.grading


@pytest.fixture
def exchange(course, tmp_path):
    """A course with an exchange of its own, and a learner's folder that uses it."""
    folder, learner = tmp_path / "exchange", tmp_path / "learner"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    learner.mkdir()
    shared = f"c = get_config()\nc.Exchange.root = {str(folder)!r}\nc.CourseDirectory.course_id = 'serving'\n"
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(shared)
    (learner / "nbgrader_config.py").write_text(f"{shared}c.Exchange.cache = {str(tmp_path / 'cache')!r}\n")
    return learner


def learner_runs(folder, *arguments):
    command = [str(Path(sysconfig.get_path("scripts")) / "nbgrader"), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def test_a_lesson_goes_out_and_feedback_comes_back(course, exchange, solved):
    me = getpass.getuser()
    nbgrader(course, "release_assignment", LESSON)
    learner_runs(exchange, "fetch_assignment", LESSON)
    fetched = exchange / LESSON / f"{LESSON}.ipynb"
    assert (exchange / LESSON / "items" / "quantize-codes.json").is_file()

    notebook = nbformat.read(fetched, as_version=4)
    for name in ("smallest-dtype-answer", "quantize-codes-answer"):
        cell(notebook, name).source = cell(solved, name).source
    nbformat.write(notebook, fetched)
    learner_runs(exchange, "submit", LESSON)

    nbgrader(course, "collect", LESSON)
    nbgrader(course, "autograde", LESSON)
    record = read_record(course, me, LESSON)
    assert scores(record) == {"smallest-dtype": 1, "float-bytes": 0, "quantize-codes": 5, "size-table": 0}

    nbgrader(course, "generate_feedback", LESSON)
    nbgrader(course, "release_feedback", LESSON)
    learner_runs(exchange, "fetch_feedback", LESSON)
    [page] = exchange.glob(f"{LESSON}/feedback/**/*.html")
    assert "Score: 6.0 / 10.0" in page.read_text()

    nbgrader(course, "export", "--to", "grades.csv")
    [row] = csv.DictReader((course.root / "grades.csv").read_text().splitlines())
    assert (row["student_id"], float(row["score"]), float(row["max_score"])) == (me, 6.0, 10.0)


def test_the_button_of_formgrader_takes_the_same_path(course, solved):
    from tests.grading.conftest import hand_in

    hand_in(course, "ada", solved, "my work.ipynb")
    script = (
        "from nbgrader.apps import NbGrader\n"
        "from nbgrader.apps.api import NbGraderAPI\n"
        "app = NbGrader()\n"
        "app.load_cwd_config = True\n"
        "app.initialize([])\n"
        f"result = NbGraderAPI(app.coursedir, parent=app).autograde({LESSON!r}, 'ada')\n"
        "assert result['success'], result\n"
    )
    python = shutil.which("python", path=sysconfig.get_path("scripts"))
    done = subprocess.run([python, "-c", script], cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert set(scores(read_record(course, "ada", LESSON)).values()) == {1, 2, 5}


def test_validate_tells_a_wrong_public_case_in_one_line(course, released, solved):
    folder = course.root / "release" / LESSON
    cell(solved, "quantize-codes-answer").source = "def quantize_codes(x, scale):\n    return x"
    for name, notebook in (("right", None), ("wrong", solved), ("blank", released)):
        right = nbformat.read(course.root / "source" / LESSON / f"{LESSON}.ipynb", as_version=4)
        for index, done in enumerate(right.cells):  # released checksums, so that nothing counts as tampered with
            done.metadata = released.cells[index].metadata
            if notebook is not None:
                done.source = notebook.cells[index].source
        nbformat.write(right, folder / f"{name}.ipynb")
    said = {
        name: nbgrader(course, "validate", f"release/{LESSON}/{name}.ipynb") for name in ("right", "wrong", "blank")
    }
    assert "Success! Your notebook passes all the tests." in said["right"]
    assert "VALIDATION FAILED ON 1 CELL(S)" in said["wrong"]
    assert said["wrong"].count("CheckFailedError: quantize-codes:") == 1
    assert "Traceback" not in said["wrong"]
    assert "VALIDATION FAILED ON 4 CELL(S)" in said["blank"]
