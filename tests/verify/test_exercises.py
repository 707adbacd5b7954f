from dataclasses import replace

import pytest

from quizlib.authoring.course import read_lesson, with_recognised
from quizlib.authoring.spec import ExerciseSpec
from quizlib.verify.exercises import SECRETS, corpus_problems, judge_all, run_all
from quizlib.verify.subjects import subjects


@pytest.fixture
def subject(course):
    return subjects(read_lesson(course, "90-sample"))["quantize-codes"]


def test_the_corpus_of_an_exercise_must_fail_each_criterion(subject):
    kept = tuple(attempt for attempt in subject.attempts if "clamps" not in attempt.loses)
    assert "has criteria that no wrong attempt fails: clamps." in corpus_problems(subject.spec, kept)


def test_the_corpus_of_an_exercise_must_hold_both_variants(subject):
    kept = tuple(attempt for attempt in subject.attempts if attempt.label != "wrong not-clamped/2")
    assert corpus_problems(subject.spec, kept) == ["lacks the variants not-clamped/2."]


def test_the_corpus_of_an_exercise_must_hold_two_right_attempts(subject):
    kept = tuple(attempt for attempt in subject.attempts if attempt.is_wrong)
    assert corpus_problems(subject.spec, kept) == ["has fewer than 2 right attempts."]


def test_a_stub_with_points_is_found(subject):
    generous = replace(subject, stub=subject.solution)
    spec = with_recognised(subject.spec, list(subject.attempts))
    report = judge_all(spec, generous, list(run_all(spec, generous)))
    assert "exercise quantize-codes: the untouched stub gets 5 points." in report.problems


def test_private_probes_differ_between_secrets_and_agree_under_one(subject):
    spec: ExerciseSpec = subject.spec
    first, again, other = (spec.grading_sheet(secret) for secret in (SECRETS[0], SECRETS[0], SECRETS[1]))

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
    spec = with_recognised(subject.spec, list(subject.attempts))
    report = judge_all(spec, subject, list(run_all(spec, replace(subject, solution=memorised))))
    assert any("the reference solution loses clamps, typical" in problem for problem in report.problems)
