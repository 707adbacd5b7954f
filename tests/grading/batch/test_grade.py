"""What happens while one student is graded is that student's, and the batch goes on."""

import pytest
from nbgrader.api import Gradebook

from quizlib.errors import GradingError
from quizlib.grading.batch import grade as batch
from quizlib.grading.batch.grade import choose, grade
from quizlib.grading.processes.messages import Done
from quizlib.grading.results.gradebook import auto_scores
from tests.grading.conftest import LESSON, hand_in

STUDENTS = ["ada", "bob", "eve"]


class Workers:
    """Stands for the workers: each submission is graded at once, and nothing is executed."""

    def ask(self, request, expected):
        return Done(seconds=0.0)

    def each(self, do, students):
        return map(do, students)

    def stop(self):
        pass


@pytest.fixture
def handed_in(course, solved, monkeypatch):
    """A course to which three have handed in, and in which nothing is executed."""
    for student in STUDENTS:
        hand_in(course, student, solved)
    monkeypatch.setattr("quizlib.grading.batch.pool.Pool", lambda *arguments: Workers())
    return course


def problems(course):
    results = grade(course, LESSON, choose(course, LESSON, []), isolation="none")
    return {graded.student: graded.problem for graded in results}


@pytest.mark.parametrize("error", [OSError(36, "File name too long"), RecursionError("too deep"), ValueError("odd")])
def test_whatever_is_raised_over_one_student_is_that_students_problem(handed_in, monkeypatch, error):
    settled = batch.is_settled

    def is_settled(course, lesson, student):
        if student == "bob":
            raise error
        return settled(course, lesson, student)

    monkeypatch.setattr(batch, "is_settled", is_settled)
    told = problems(handed_in)
    assert told == {"ada": "", "bob": f"{type(error).__name__}: {error}", "eve": ""}


def test_an_error_of_ours_is_told_in_its_own_sentence(handed_in, monkeypatch):
    def is_settled(course, lesson, student):
        raise GradingError("the gradebook is missing.")

    monkeypatch.setattr(batch, "is_settled", is_settled)
    assert set(problems(handed_in).values()) == {"the gradebook is missing."}


def test_an_interrupt_is_nobodys_problem_and_ends_the_batch(handed_in, monkeypatch):
    def is_settled(course, lesson, student):
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "is_settled", is_settled)
    with pytest.raises(KeyboardInterrupt):
        problems(handed_in)


def test_rows_that_cannot_be_made_for_one_are_made_for_the_others(handed_in, monkeypatch):
    made = Gradebook.update_or_create_submission

    def refuse(self, lesson, student, **fields):
        if student == "bob":
            self.db.execute(None)
        return made(self, lesson, student, **fields)

    monkeypatch.setattr(Gradebook, "update_or_create_submission", refuse)
    told = problems(handed_in)
    assert (told["ada"], told["eve"]) == ("", "")
    assert told["bob"].startswith("the gradebook does not take the submission (")
    assert [bool(auto_scores(handed_in, LESSON, student)) for student in STUDENTS] == [True, False, True]


def test_a_refused_name_is_looked_at_before_anything_is_done(handed_in, solved):
    hand_in(handed_in, "a*", solved)
    [graded] = [one for one in grade(handed_in, LESSON, ["a*"], isolation="none") if one.is_refused]
    assert (graded.record, graded.is_new) == (None, True)
    assert graded.problem.endswith("rename the folder")
    assert auto_scores(handed_in, LESSON, "a*") == {}
