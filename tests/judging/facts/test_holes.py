import pytest

from quizlib.errors import SpecError
from quizlib.evidence.values import Array
from quizlib.items.exercise import Condition
from quizlib.judging.facts.holes import Asked, Told
from quizlib.judging.facts.registry import fact, own_facts, place_of


def asked(**bounds):
    return Condition(fact="sparsity", **bounds)


@pytest.mark.parametrize(
    ("bounds", "spec", "told"),
    [
        ({"equals": "float32"}, "", "float32 is asked for"),
        ({"differs": 0}, "", "anything but 0 is asked for"),
        ({"at_least": 0.9, "at_most": 0.93}, "%", "from 90 % to 93 % is asked for"),
        ({"at_least": 2, "at_most": 2}, "", "2 is asked for"),
        ({"at_least": 1}, "%", "100 % is asked for"),
        ({"at_least": 1e-6}, "", "more than 0 is asked for"),
        ({"at_most": 1e-6}, "", "0 but for rounding is asked for"),
        ({"at_most": 0}, "%", "none is asked for"),
        ({"at_most": 0}, "", "0 is asked for"),
        ({"equals": 64}, "scale", "64 are asked for"),
        ({"equals": 1}, "scale", "1 is asked for"),
        ({"at_least": 2}, "activation grid", "at least 2 are asked for"),
        ({"at_most": 18382}, "byte", "at most 18,382 are asked for"),
        ({"at_most": 71156.4}, "byte", "at most 71,156 are asked for"),
    ],
)
def test_what_is_asked_for_is_told_in_words(bounds, spec, told):
    assert format(Asked(asked(**bounds)), spec) == told


@pytest.mark.parametrize(
    ("value", "bounds", "spec", "told"),
    [
        (0.9930556, {"at_most": 0}, "%", "99.3 %"),
        (0.99999, {"at_least": 1}, "%", "99.999 %"),
        (1.0, {"at_most": 0.5}, "%", "100 %"),
        (2.9e7, {"at_most": 0.001}, "%", "over 1,000 %"),
        (0.94999, {"at_least": 0.95}, "%", "94.999 %"),
        (0, {"equals": 4}, "weight", "no weight"),
        (1, {"equals": 4}, "weight", "1 weight"),
        (12, {"equals": 4}, "weight", "12 weights"),
        (0.999996, {"at_most": 0.51}, "step", "1 step"),
        (203304, {"at_most": 71156.4}, "byte", "203,304 bytes"),
        (-2.96e-9, {"at_least": 0.3}, ".2", "0"),
        ("qint8", {"equals": "float32"}, "", "qint8"),
        (False, {"equals": True}, "should/should not", "should"),
        (0.50000001, {"at_most": 0.5}, "", "0.50000001"),
    ],
)
def test_value_is_told_in_as_many_digits_as_tell_it_from_its_bounds(value, bounds, spec, told):
    assert format(Told(value, asked(**bounds)), spec) == told


def test_hole_that_nothing_fills_is_refused():
    def loudness(output, context, *, floor=0.0):
        """Return the loudness of an output."""

    with own_facts(), pytest.raises(SpecError, match="holes that nothing fills: ceiling"):
        fact(unit="dB", of=(Array,), sentence="{value} is above {ceiling}, not {floor}")(loudness)


def test_place_belongs_to_a_fact_whose_sentence_has_a_hole_for_it():
    def loudness(output, context):
        """Return the loudness of an output."""

    with own_facts():
        fact(unit="dB", of=(Array,), sentence="it has {value}")(loudness)
        with pytest.raises(SpecError, match="loudness is no fact with a hole"):
            place_of(loudness)(lambda subject, context, condition: "there")
