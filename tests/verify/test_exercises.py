from dataclasses import replace

import pytest

from quizlib.authoring.attempts import Attempt
from quizlib.authoring.course import read_lesson
from quizlib.authoring.spec import ExerciseSpec
from quizlib.verify import exercises
from quizlib.verify.depth import Depth, secret
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


def with_attempt(subject, body, loses):
    attempt = Attempt(
        "quantize-codes", "decoy", f"def quantize_codes(x, scale):\n    {body}\n", "not-clamped", loses=loses
    )
    return replace(subject, attempts=(*subject.attempts, attempt))


RIGHT = "np.clip(np.round(x / scale), -128, 127).astype(np.int8)"


def test_an_attempt_that_loses_by_the_luck_of_a_draw_is_a_problem_that_names_the_secret(subject):
    cases = subject.spec.grading_sheet(secret(1)).probe.cases
    unlucky = next(case.arguments[0].values[0] for case in cases if case.id == "private-0")
    body = f"return {RIGHT} + (x.size == 3) + (float(x[0]) == {float(unlucky)!r})"
    lucky = with_attempt(subject, body, frozenset({"typical"}))
    report = judge_all(lucky, run_exercise(lucky))

    assert report.problems == [
        "exercise quantize-codes: the attempt 'decoy not-clamped' loses nothing under the secret 0 of verify, but "
        "typical under 1; its label says typical. Draw cases of which each shows the mistake."
    ]


def test_what_then_counts_for_nothing_need_not_stand_in_a_label(subject):
    nothing = with_attempt(subject, "return x", frozenset({"typical", "clamps"}))

    assert judge_all(nothing, run_exercise(nothing)).problems == []


def test_under_how_many_secrets_code_is_judged_depends_on_its_time(subject, monkeypatch):
    depth = Depth("any", secrets=2, draws=5, mutants=None)
    quick = [len(one.evidence) for one in run_exercise(subject, depth)]
    monkeypatch.setattr(exercises, "CHEAP", 0.0)
    slow = [len(one.evidence) for one in run_exercise(subject, depth)]

    assert set(slow) == {2}
    assert quick == [5] * len(slow)
    assert judge_all(subject, run_exercise(subject, depth)).problems == []


def test_an_exercise_whose_mistakes_are_named_too_rarely_is_a_problem(subject):
    first = next(one for one in subject.attempts if one.misconception == "not-clamped" and one.variant == 1)
    other = replace(first, source="def quantize_codes(x, scale):\n    return 0\n", variant=2)
    unlike = replace(subject, attempts=(*subject.attempts, other))

    told = "feedback names the misconception for 3 of 4 second variants; at least 90% are asked."
    assert f"exercise quantize-codes: {told}" in judge_all(unlike, run_exercise(unlike)).problems


def test_draws_are_made_under_all_secrets_of_code_that_is_slow_too(subject, monkeypatch):
    seen = []
    grading_sheet = ExerciseSpec.grading_sheet
    monkeypatch.setattr(
        ExerciseSpec, "grading_sheet", lambda spec, at, *code: seen.append(at) or grading_sheet(spec, at, *code)
    )
    monkeypatch.setattr(exercises, "CHEAP", 0.0)
    run_exercise(subject, Depth("any", secrets=2, draws=5, mutants=None))

    assert {secret(at) for at in range(5)} <= set(seen)
