from dataclasses import replace

import pytest

from quizlib.authoring import fact
from quizlib.authoring.course import read_lesson
from quizlib.verify.corpus import corpus_problems


@pytest.fixture
def lesson(course):
    return read_lesson(course, "90-sample")


@pytest.fixture
def spec(lesson):
    return lesson.exercises["quantize-codes"]


@pytest.fixture
def attempts(lesson):
    return lesson.attempts["quantize-codes"]


def test_the_corpus_of_the_sample_lacks_nothing(spec, attempts):
    assert corpus_problems(spec, attempts) == []


def test_the_corpus_of_an_exercise_must_fail_each_criterion(spec, attempts):
    kept = [attempt for attempt in attempts if attempt.kind == "decoy" or "clamps" not in attempt.loses]
    assert "has criteria that no wrong attempt fails: clamps." in corpus_problems(spec, kept)


def test_each_misconception_must_be_shown_by_a_first_variant(spec, attempts):
    kept = [attempt for attempt in attempts if attempt.label != "wrong not-clamped/1"]
    assert corpus_problems(spec, kept) == ["has misconceptions that no wrong attempt shows as variant 1: not-clamped."]


def test_three_misconceptions_must_have_a_second_variant_and_no_more(spec, attempts):
    kept = [attempt for attempt in attempts if attempt.label != "wrong not-clamped/2"]
    assert corpus_problems(spec, kept) == ["has a second variant of 2 misconceptions; at least 3 are asked."]
    told = (*spec.misconceptions, spec.misconceptions[0].model_copy(update={"id": "fourth"}))
    fourth = replace(attempts[0], misconception="fourth")
    assert corpus_problems(replace(spec, misconceptions=told), [*attempts, fourth]) == []


def test_the_corpus_of_an_exercise_must_hold_three_misconceptions(spec, attempts):
    kept = [attempt for attempt in attempts if attempt.misconception != "works-in-place"]
    found = corpus_problems(replace(spec, misconceptions=spec.misconceptions[:2]), kept)
    assert "has 2 misconceptions; at least 3 are asked." in found


def test_the_corpus_of_an_exercise_must_hold_two_right_attempts(spec, attempts):
    kept = [attempt for attempt in attempts if not attempt.is_right]
    assert corpus_problems(spec, kept) == ["has fewer than 2 right attempts."]


def test_a_misconception_that_is_recognised_by_facts_must_have_a_decoy(spec, attempts):
    told = [
        symptom.model_copy(update={"conditions": (fact("largest", at_most=1),)})
        for symptom in spec.misconceptions
        if symptom.id != "works-in-place"
    ]
    found = corpus_problems(replace(spec, misconceptions=(*told, spec.misconceptions[2])), attempts)
    assert found == ["has symptoms without a decoy: floor-for-round."]
