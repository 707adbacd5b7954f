import pytest
from pydantic import ValidationError

from quizlib.items.base import Item, Misconception


def item(**changes):
    return Item(**{"id": "why-quantize", "lesson": "01-overview", "points": 2, **changes})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Why"),
        ("id", "why_quantize"),
        ("id", "-why"),
        ("id", "../secret"),
        ("id", "a" * 61),
        ("id", ""),
        ("lesson", "overview"),
        ("lesson", "01bc-overview"),
        ("points", 0),
        ("points", 21),
        ("revision", 0),
        ("hints", (" ",)),
        ("colour", "red"),
    ],
)
def test_field_that_breaks_its_rule_is_an_error(field, value):
    with pytest.raises(ValidationError):
        item(**{field: value})


def test_item_may_be_of_a_lesson_that_goes_on_from_another():
    assert item(lesson="01b-more").lesson == "01b-more"


def test_items_cannot_be_changed():
    with pytest.raises(ValidationError):
        item().points = 5


def test_misconception_may_be_named_after_the_longest_item():
    assert Misconception(id="a" * 60 + "-value-12", text="t", remedy="r")
