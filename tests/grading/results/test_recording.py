from quizlib.grading.results.recording import message
from quizlib.items.base import Misconception
from quizlib.judging.verdict import CriterionResult, Verdict


def test_a_message_tells_the_misconception_first_then_what_was_missed():
    missed = CriterionResult(id="a", text="Clamps", score=0, points=1, message="got 128")
    fields = {"item": "q", "score": 0, "max_score": 1, "status": "wrong", "summary": "0 of 1 criteria are met."}
    assert message(Verdict(**fields)) == "0 of 1 criteria are met."
    assert message(Verdict(**fields, criteria=(missed,))) == "0 of 1 criteria are met. Clamps: got 128"
    cause = Misconception(id="m", text="Wraps.", remedy="Clip.")
    assert message(Verdict(**fields, criteria=(missed,), misconception=cause)) == "Wraps."
    near = Verdict(**fields, criteria=(missed,), misconception=cause, is_likely=False)
    assert message(near) == "Perhaps: Wraps."


def test_message_tells_what_was_missed_before_what_was_not_shown():
    missed = CriterionResult(id="a", text="Clamps", score=0, points=1, message="got 128")
    unshown = CriterionResult(id="b", text="Keeps", score=0, points=1, message="no work", is_unshown=True)
    fields = {"item": "q", "score": 0, "max_score": 2, "status": "wrong", "summary": "None."}

    assert message(Verdict(**fields, criteria=(unshown, missed))) == "None. Clamps: got 128"
    assert message(Verdict(**fields, criteria=(unshown,))) == "None. Keeps: no work"


def test_message_is_told_for_the_end():
    fields = {"item": "q", "score": 0, "max_score": 2, "status": "unanswered", "summary": "q is not answered yet."}
    assert message(Verdict(**fields)) == "q is not answered."
