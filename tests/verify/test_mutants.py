from dataclasses import replace

import pytest

from quizlib.authoring.accepted import AcceptedMutant
from quizlib.authoring.course import read_lesson
from quizlib.errors import SpecError
from quizlib.mutants import Mutant, mutants_of
from quizlib.verify import mutants
from quizlib.verify.depth import FULL, QUICK, secret
from quizlib.verify.forked import Limits
from quizlib.verify.mutants import FEWEST_OF_TRAINING, judge_mutants, run_mutants, solution_of
from quizlib.verify.subjects import subjects


@pytest.fixture
def subject(course):
    return subjects(read_lesson(course, "90-sample"))["quantize-codes"]


def answering(body):
    return f"def quantize_codes(x, scale):\n    {body}\n"


@pytest.fixture
def report_on(subject, monkeypatch):
    """Report on a few mutants, given by the body of the function, with some of their diffs listed."""

    def report(*bodies, accepted=(), solution=subject.solution, depth=FULL, **fields):
        made = tuple(Mutant("a", f"tried {at}", answering(body), f"+{at}", **fields) for at, body in enumerate(bodies))
        monkeypatch.setattr(mutants, "mutants_of", lambda solution: made)
        listed = tuple(AcceptedMutant(diff=diff, reason="a reason", kind=kind) for diff, kind in accepted)
        given = replace(subject, accepted=listed, solution=solution)
        return judge_mutants(given, run_mutants(given, depth))

    return report


@pytest.fixture
def fate(report_on):
    """Say whether a mutant is caught in grading and in practice."""

    def caught(body):
        counts = report_on(body, depth=QUICK).mutants
        return counts.caught == 1, counts.in_practice == 1

    return caught


RIGHT = "return np.clip(np.round(x / scale), -128, 127).astype(np.int8)"
IN_PRACTICE_ALONE = "return np.clip(np.round(x / scale), -128, 127).astype(np.int8) if x.size < 5 else x"
WRONG = "return x"


def test_mutants_of_an_exercise_have_the_first_public_case_frozen_and_are_of_every_kind(subject):
    made = mutants_of(solution_of(subject.spec, subject.solution))

    assert any("+    x = np.array([" in mutant.diff for mutant in made)
    assert {mutant.kind for mutant in made} == set("abcde")


def test_mutant_that_is_right_is_caught_nowhere(fate):
    assert fate(RIGHT) == (False, False)


def test_mutant_that_knows_the_public_cases_is_caught_in_grading_alone(fate):
    assert fate(IN_PRACTICE_ALONE) == (True, False)


@pytest.mark.parametrize("body", [WRONG, "while True: pass", "import os; os._exit(0)", "return 1 // 0"])
def test_mutant_that_gives_something_else_or_never_ends_or_dies_is_caught(fate, body, monkeypatch):
    monkeypatch.setattr("quizlib.verify.trial.QUICK", Limits(seconds=3))

    assert fate(body) == (True, True)


def test_mutant_that_is_right_under_one_secret_alone_is_not_caught(subject, fate):
    first = subject.spec.grading_sheet(secret(1)).probe.cases[-1].arguments[0].values
    knowing = f"{RIGHT} if x.size < 64 and (x.size < 5 or float(x[0]) == {{}}) or x.size == 64 else x"

    assert fate(knowing.format(float(first[0]))) == (False, False)
    assert fate(knowing.format(7.0)) == (True, False)


def test_solution_that_loses_points_itself_is_refused(report_on):
    with pytest.raises(SpecError, match="the solution itself loses points"):
        report_on(solution=answering(WRONG))


def test_survivor_is_a_problem_that_shows_its_diff_as_the_list_has_it(report_on):
    report = report_on(RIGHT, WRONG)

    told = "exercise quantize-codes: a mutant keeps all points in grading (a: tried 0)\n- diff: |\n    +0"
    assert report.problems == [told]
    counts = report.mutants
    assert (counts.made, counts.caught, counts.in_practice, counts.equivalent) == (2, 1, 1, 0)
    assert report.mutant_kinds["a"] == counts


def test_survivor_in_practice_is_told_as_one(report_on):
    (problem,) = report_on(IN_PRACTICE_ALONE).problems

    assert "a mutant keeps all points in practice alone (a: tried 0)" in problem


def test_listed_mutants_are_no_problem_and_are_counted(report_on):
    accepted = [("+0", "equivalent"), ("+1", "practice")]
    report = report_on(RIGHT, IN_PRACTICE_ALONE, accepted=accepted)

    assert report.problems == []
    counts = report.mutants
    assert (counts.made, counts.caught, counts.in_practice, counts.equivalent) == (2, 1, 0, 1)


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (RIGHT, "practice", "keeps all points in grading; it is listed as one that loses them there"),
        (IN_PRACTICE_ALONE, "equivalent", "keeps all points in practice alone; it is listed as equivalent, and is not"),
        (WRONG, "equivalent", "loses points in grading and in practice; delete its entry"),
        (WRONG, "practice", "loses points in grading and in practice; delete its entry"),
    ],
)
def test_mutant_that_is_listed_as_what_it_is_not_is_a_problem(report_on, body, kind, told):
    (problem,) = report_on(body, accepted=[("+0", kind)]).problems

    assert told in problem


def test_listed_diff_that_no_mutant_has_is_a_problem(report_on):
    (problem,) = report_on(WRONG, accepted=[("+9", "practice")]).problems

    assert "no mutant has this diff of mutants.yaml any more; delete its entry.\n- diff: |\n    +9" in problem


def test_more_than_one_in_ten_may_not_be_equivalent_but_two_may(report_on):
    three = [(f"+{at}", "equivalent") for at in range(3)]

    assert report_on(RIGHT, RIGHT, WRONG, accepted=three[:2]).problems == []
    assert (
        "exercise quantize-codes: mutants.yaml lists 3 of 3 mutants as equivalent; at most 2 may be."
        in report_on(RIGHT, RIGHT, RIGHT, accepted=three).problems
    )
    assert report_on(RIGHT, RIGHT, RIGHT, *[WRONG] * 27, accepted=three).problems == []


def test_work_left_undone_that_gets_points_is_a_problem(report_on):
    half = "return np.round(x / scale)[:4].astype(np.int8)"

    assert report_on(half).problems == []
    (problem,) = report_on(half, is_undone=True).problems
    assert "a response that leaves the work undone gets" in problem


def test_quick_run_takes_a_dozen_and_all_that_leave_the_work_undone_and_a_full_one_takes_all(subject):
    quick, full = run_mutants(subject, QUICK), run_mutants(subject, replace(FULL, secrets=1))
    undone = {mutant for mutant in quick.made if mutant.is_undone}
    ran = [mutant for mutant, _ in quick.ran]

    assert undone
    assert undone <= set(ran)
    assert QUICK.mutants <= len(ran) == len(set(ran)) <= QUICK.mutants + len(undone)
    assert tuple(mutant for mutant, _ in full.ran) == full.made == quick.made


def test_training_with_fewer_than_eight_mutants_is_a_problem(report_on, monkeypatch):
    monkeypatch.setattr(mutants, "has_training", lambda solution: True)
    told = "exercise quantize-codes: its solution trains a model and has {} mutants; 8 are asked."

    assert told.format(7) in report_on(*[WRONG] * 7).problems
    assert report_on(*[WRONG] * 8).problems == []


def test_quick_run_takes_fewer_of_a_solution_that_trains(subject, monkeypatch):
    monkeypatch.setattr(mutants, "has_training", lambda solution: True)
    quick = run_mutants(subject, QUICK)

    assert len(quick.ran) <= FEWEST_OF_TRAINING + sum(mutant.is_undone for mutant in quick.made)
    assert len(run_mutants(subject, replace(FULL, secrets=1)).ran) == len(quick.made)
