import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizlib.items.question import Question, QuestionKey, WrongValue, is_close

OPTIONS = ("a", "b", "c", "d")


def question(**changes):
    given = {"id": "any-item", "lesson": "01-overview", "points": 1, "stem": "Why?", "kind": "one", "options": OPTIONS}
    return Question(**{**given, **changes})


def key(**changes):
    return QuestionKey(**{"item": "any-item", "revision": 1, "answer": 4.0, "rationale": "r", "source": "s", **changes})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"options": ("a", "b")}, "3 to 8 options, found 2"),
        ({"options": tuple("abcdefghi")}, "3 to 8 options, found 9"),
        ({"options": ("a", "b", "a")}, "same text"),
        ({"kind": "number"}, "has no options"),
        ({"kind": "predict"}, "has no options"),
        ({"kind": "essay"}, "kind"),
        ({"stem": "  "}, "stem"),
    ],
)
def test_question_that_contradicts_itself_is_an_error(changes, told):
    with pytest.raises(ValidationError) as caught:
        question(**changes)
    assert told in str(caught.value)


def test_letters_follow_the_options():
    assert question().letters == "ABCD"


@pytest.mark.parametrize("value", [4.0, 4.05, "4"])
def test_wrong_value_within_the_tolerance_is_an_error(value):
    answer = "4" if value == "4" else 4.0
    with pytest.raises(ValidationError, match="within the tolerance"):
        key(answer=answer, tolerance=0.1, wrong=(WrongValue(value=value, misconception="m", feedback="f"),))


def test_wrong_value_outside_the_tolerance_is_kept():
    assert key(tolerance=0.1, wrong=(WrongValue(value=4.2, misconception="m", feedback="f"),)).wrong


@given(st.floats(-1e6, 1e6), st.floats(0, 1e3))
def test_number_is_close_within_its_tolerance_and_nowhere_else(expected, tolerance):
    assert is_close(expected, expected + 0.99 * tolerance, tolerance)
    assert not is_close(expected, expected + 1.01 * tolerance + 1e-2, tolerance)


def test_text_is_close_where_it_is_the_same_output():
    assert is_close("torch.Size([2, 3])", " torch.Size([2,  3])\n", 9.0)
    assert not is_close("torch.Size([2, 3])", "torch.Size([3, 2])", 9.0)
