import pytest

from quizlib.authoring.course import read_lesson
from quizlib.errors import SpecError
from quizlib.mutants import Mutant
from quizlib.verify.exercises import SECRETS
from quizlib.verify.forked import Limits
from quizlib.verify.mutants import made_of, try_mutants
from quizlib.verify.subjects import subjects


@pytest.fixture
def subject(course):
    return subjects(read_lesson(course, "90-sample"))["quantize-codes"]


def fate(subject, source):
    """Return whether a mutant keeps its points in grading and in practice."""
    (one,) = try_mutants(subject.spec, subject.solution, [Mutant("a", "tried", source, "-old\n+new")], SECRETS[:2])
    return one.survives_grading, one.survives_practice


def answering(body):
    return f"def quantize_codes(x, scale):\n    {body}\n"


def test_mutants_of_an_exercise_have_the_first_public_case_frozen(subject):
    made = made_of(subject.spec, subject.solution)

    assert any("+    x = np.array([" in mutant.diff for mutant in made)
    assert {mutant.kind for mutant in made} == set("abcde")


def test_mutant_that_is_right_survives_everywhere(subject):
    assert fate(subject, subject.solution) == (True, True)


def test_mutant_that_knows_the_public_answers_survives_in_practice_alone(subject):
    known = "return np.clip(np.round(x / scale), -128, 127).astype(np.int8) if x.size in {sizes} else x"
    sizes = {case.arguments[0].size for case in subject.spec.public}
    private = [case.arguments[0].values.size for case in subject.spec.grading_sheet(SECRETS[0]).probe.cases]
    assert set(private) - sizes

    assert fate(subject, answering(known.format(sizes=sizes))) == (False, True)


@pytest.mark.parametrize("body", ["return x", "while True: pass", "import os; os._exit(0)", "return 1 // 0"])
def test_mutant_that_gives_something_else_or_never_ends_or_dies_survives_nowhere(subject, body, monkeypatch):
    monkeypatch.setattr("quizlib.verify.trial.QUICK", Limits(seconds=3))

    assert fate(subject, answering(body)) == (False, False)


def test_survivor_is_told_with_its_diff(subject):
    (one,) = try_mutants(
        subject.spec, subject.solution, [Mutant("a", "line 2: tried", subject.solution, "@@\n-old\n+new")], SECRETS[:1]
    )

    assert one.told == "a mutant keeps all points in grading (a: line 2: tried):\n    @@\n    -old\n    +new"


def test_solution_that_loses_points_itself_is_refused(subject):
    with pytest.raises(SpecError, match="the solution itself loses points"):
        try_mutants(subject.spec, answering("return x"), [], SECRETS[:1])
