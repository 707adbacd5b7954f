import pytest

from quizlib.items.question import Question, QuestionKey
from quizlib.judging.near_misses import near_miss


def told(right, answer, tolerance=0.0, unit=None):
    question = Question(id="any", lesson="01-overview", points=1, kind="number", stem="?", unit=unit)
    key = QuestionKey(item="any", revision=1, answer=right, tolerance=tolerance, rationale="r", source="s")
    return near_miss(question, key, answer)


@pytest.mark.parametrize(
    ("right", "answer", "tolerance", "unit", "sentence"),
    [
        (0.64, 64.0, 0.01, None, "64 looks like a percentage; give a fraction, between 0 and 1."),
        (0.64, 64.2, 0.01, None, "64.2 looks like a percentage; give a fraction, between 0 and 1."),
        (64.0, 0.64, 0.5, "%", "0.64 looks like a fraction; give it in per cent."),
        (1.67, 2.0, 0.01, None, "Rounded too far: give 2 decimals."),
        (0.03228, 0.032, 0.00002, None, "Rounded too far: give 5 decimals."),
        (1.67, 1.7, 0.01, None, "Rounded too far: give 2 decimals."),
        (1.67, 1.72, 0.01, None, "Close, but not within the tolerance of 0.01; compute it with more digits."),
        (24952.0, 24900.0, 0.0, "bytes", "Close, but the exact number is asked for."),
    ],
)
def test_near_miss_is_told_by_what_is_off(right, answer, tolerance, unit, sentence):
    assert told(right, answer, tolerance, unit) == sentence


@pytest.mark.parametrize(
    ("right", "answer", "tolerance", "unit"),
    [
        (0.64, 50.0, 0.01, None),
        (64.0, 6400.0, 0.01, None),
        (0.5, 50.0, 0.01, "ms"),
        (1.67, 3.0, 0.01, None),
        (0.3, 0.0, 0.01, None),
        (0.02, 0.0, 0.001, None),
        (0.0, 0.001, 0.0001, None),
        (8.0, 7.0, 0.0, "bits"),
        (24952.0, 6240.0, 0.0, None),
    ],
)
def test_what_is_far_off_gets_no_sentence(right, answer, tolerance, unit):
    assert told(right, answer, tolerance, unit) == ""
