from dataclasses import replace

import pytest

from quizlib.authoring.course import read_lesson
from quizlib.authoring.spec import ExerciseSpec
from quizlib.verify.depth import secret
from quizlib.verify.exercises import judge_all, run_exercise
from quizlib.verify.subjects import subjects


@pytest.fixture
def subject(course):
    return subjects(read_lesson(course, "90-sample"))["quantize-codes"]


def test_a_stub_with_points_is_found(subject):
    generous = replace(subject, stub=subject.solution)
    report = judge_all(generous, run_exercise(generous))
    assert "exercise quantize-codes: the untouched stub gets 5 points." in report.problems


def test_private_probes_differ_between_secrets_and_agree_under_one(subject):
    spec: ExerciseSpec = subject.spec
    first, again, other = (spec.grading_sheet(secret(at)) for at in (0, 0, 1))

    def drawn(sheet):
        return [case.arguments[0].values.tolist() for case in sheet.probe.cases if case.id not in sheet.public]

    assert drawn(first) == drawn(again)
    assert drawn(first) != drawn(other)


def test_a_solution_that_hard_codes_the_public_answers_is_caught(subject):
    memorised = """
def quantize_codes(x, scale):
    known = {(-1.0, 0.0, 0.3, 0.8): [-2, 0, 1, 2], (-100.0, 100.0): [-128, 127]}
    key = tuple(round(float(value), 3) for value in x)
    return np.array(known.get(key, [0] * len(x)), dtype=np.int8)
"""
    report = judge_all(subject, run_exercise(replace(subject, solution=memorised)))
    assert any("the reference solution loses clamps, keeps-input, typical" in problem for problem in report.problems)


DECOY = "exercises/90-sample/quantize-codes/attempts.py"


def problems_of(course):
    subject = subjects(read_lesson(course, "90-sample"))["quantize-codes"]
    report = judge_all(subject, run_exercise(subject))
    return report.problems, report.attempts


def test_a_decoy_that_the_card_leaves_alone_is_counted_apart_from_the_wrong_attempts(course):
    problems, counts = problems_of(course)
    assert problems == []
    assert (counts.wrong, counts.caught, counts.decoys, counts.accused) == (6, 6, 1, 0)


def test_a_decoy_that_the_card_calls_by_the_wrong_name_is_a_problem(course, plant):
    plant(
        DECOY, "np.clip(np.round(x / scale), -127, 127).astype(np.int8)", "np.round(x / scale).astype(int).astype('b')"
    )
    problems, counts = problems_of(course)
    accused = "the card accuses the attempt 'decoy not-clamped' of not-clamped, which it is not."
    assert problems == [f"exercise quantize-codes: {accused}"]
    assert (counts.decoys, counts.accused) == (1, 1)


def test_a_decoy_must_lose_what_its_head_says(course, plant):
    plant(
        DECOY, 'decoy misconception="not-clamped" loses="clamps"', 'decoy misconception="not-clamped" loses="typical"'
    )
    told = "the attempt 'decoy not-clamped' loses clamps, its label says typical."
    assert problems_of(course)[0] == [f"exercise quantize-codes: {told}"]
