import pytest
from pydantic import ValidationError

from quizlib.judging.verdict import CriterionResult, Verdict, status_of


@pytest.mark.parametrize(("score", "status"), [(2, "correct"), (3, "correct"), (0.5, "partial"), (0, "wrong")])
def test_status_follows_the_score(score, status):
    assert status_of(score, 2) == status


def test_criterion_is_met_by_all_its_points():
    assert CriterionResult(id="a", text="t", score=2, points=2).is_met
    assert not CriterionResult(id="a", text="t", score=1.9, points=2).is_met


@pytest.mark.parametrize(
    "changes", [{"score": float("nan")}, {"score": float("inf")}, {"status": "fine"}, {"colour": "red"}]
)
def test_verdict_that_a_gradebook_could_not_take_is_an_error(changes):
    given = {"item": "a", "score": 1, "max_score": 2, "status": "partial", "summary": "s"}
    assert Verdict(**given)
    with pytest.raises(ValidationError):
        Verdict(**{**given, **changes})
