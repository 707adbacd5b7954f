"""What a rehearsal finds is what grading writes down, and the isolation that is chosen holds for both."""

import shutil

import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import PyFileConfigLoader

from quizlib.authoring.course import read_lesson
from quizlib.coursedir.course import Course
from quizlib.errors import InfrastructureError
from quizlib.grading.batch.grade import grade
from quizlib.grading.batch.rehearsal import rehearse
from quizlib.grading.batch.sample import hand_in as hand_in_class
from quizlib.grading.batch.sample import read_class
from quizlib.grading.execution.isolation import ISOLATIONS
from quizlib.grading.execution.isolation.none import Unconfined
from quizlib.grading.judge.client import judge_of
from quizlib.grading.record import read_record
from tests.grading.conftest import HERE, LESSON, cell, hand_in, read, scores

pytestmark = pytest.mark.grading

STUDENTS = ["dies", "misconceptions", "not-a-notebook", "renamed", "reads"]

READS = """
from pathlib import Path
found = sorted(str(path) for path in Path().rglob("*") if path.is_file())
smallest_dtype = "C" if found == ["data/mine.csv", "given.csv"] else str(found)
assert Path("given.csv").read_text() == "the course's own"
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory, template, solutions):
    """A course with some of the class, and one who reads what lies beside the notebook, all graded."""
    folder = tmp_path_factory.mktemp("rehearsed") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    samples = {name: sample for name, sample in read_class(HERE / "class").items() if name in STUDENTS}
    hand_in_class(course, read_lesson(solutions, LESSON), samples)
    notebook = read(course, "source")
    cell(notebook, "smallest-dtype-answer").source = READS
    submission = hand_in(course, "reads", notebook).parent
    (course.root / "source" / LESSON / "given.csv").write_text("the course's own")
    (submission / "given.csv").write_text("edited")
    (submission / "data").mkdir()
    (submission / "data" / "mine.csv").write_text("1")
    (submission / "link.csv").symlink_to(folder / "secret")
    (submission / "items").mkdir()
    (submission / "items" / "size-table.json").write_text("{}")
    grade(course, LESSON, STUDENTS, isolation="none", workers=2)
    yield course
    judge_of(course.root).stop()


def converter(course, isolation="none"):
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    config.ExecuteSubmission.isolation = isolation
    return Autograde(coursedir=CourseDirectory(config=config), config=config)


@pytest.mark.parametrize("student", STUDENTS)
def test_a_rehearsal_gives_what_grading_has_written(graded, student):
    rehearsed, written = rehearse(converter(graded), student, LESSON), read_record(graded, student, LESSON)
    assert rehearsed.model_dump(exclude={"seconds"}) == written.model_dump(exclude={"seconds"})


def test_a_rehearsal_lays_out_the_files_that_grading_does(graded):
    assert scores(read_record(graded, "reads", LESSON))["smallest-dtype"] == 1


class Counted(Unconfined):
    """An isolation that keeps what it is asked for."""

    asked = None

    def start(self, manager):
        self.asked.append("start")
        super().start(manager)

    def cause_of_death(self):
        self.asked.append("cause of death")
        return super().cause_of_death()

    def kill(self):
        self.asked.append("kill")
        super().kill()


def test_an_isolation_in_the_table_starts_explains_and_kills_the_kernel(graded, monkeypatch):
    monkeypatch.setitem(ISOLATIONS, "counted", Counted)
    monkeypatch.setattr(Counted, "asked", [])
    record = rehearse(converter(graded, "counted"), "dies", LESSON)
    assert Counted.asked == ["start", "cause of death", "kill", "kill"]
    assert {item.verdict.isolation for item in record.items} == {record.isolation} == {"counted"}


def test_an_isolation_that_cannot_start_is_a_fault_of_ours(graded, monkeypatch):
    def refuse(self, manager):
        raise OSError("no user namespaces here")

    monkeypatch.setattr(Unconfined, "start", refuse)
    with pytest.raises(InfrastructureError, match="the kernel could not be started: no user namespaces here"):
        rehearse(converter(graded), "renamed", LESSON)
