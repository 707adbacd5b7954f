import pytest
import torch

from quizlib.errors import FactError, KindError, SpecError
from quizlib.evidence.encode import encode
from quizlib.evidence.values import CaseEvidence, Failure, Unreadable
from quizlib.judging.facts.registry import FactContext
from tests.judging.facts.models import coded, fact

CODES = CaseEvidence("a", coded([[1, 2]], [[0.5]]))
CRASHED = CaseEvidence("a", None, Failure("RuntimeError", ("RuntimeError",), "no kernel"))


def gave(output):
    return CaseEvidence("a", encode(output))


def on(name, called, expected=None, output=None, **arguments):
    context = FactContext.of(None, CaseEvidence("a", None, called=expected), CaseEvidence("a", None, called=called), {})
    return fact(name, output, context, **arguments)


def test_output_of_the_returned_model_is_measured():
    given = gave(torch.tensor([1.0, 2.5]))
    assert on("called_kind", given) == "a torch tensor"
    assert on("called_dtype", given) == "float32"
    assert on("called_error", given, gave(torch.tensor([1.0, 2.0]))) == 0.5
    assert on("off_called", given, output=[7, encode(torch.tensor([1.25, 2.5]))], part=1) == 0.25


def test_codes_are_told_from_floats():
    assert on("called_kind", CODES) == "a quantized tensor"
    with pytest.raises(FactError, match="should give an array when it is called, but it gives a quantized tensor"):
        on("called_dtype", CODES)
    with pytest.raises(KindError, match="expected numbers, but it is a quantized tensor"):
        on("called_error", CODES, gave(torch.zeros(2)))


@pytest.mark.parametrize(
    ("called", "told"),
    [
        (None, "no model was returned that can be called"),
        (CRASHED, "the returned model cannot be called; it raised RuntimeError: no kernel"),
        (CaseEvidence("a", Unreadable("tensor", "holds NaN")), "the returned model gives a tensor that holds NaN"),
    ],
)
def test_model_that_gives_nothing_is_told_why(called, told):
    with pytest.raises(FactError, match=told):
        on("called_kind", called)


@pytest.mark.parametrize("expected", [None, CRASHED])
def test_reference_without_a_call_is_the_courses_fault(expected):
    with pytest.raises(SpecError, match="give the exercise a reference that returns one"):
        on("called_error", gave(torch.zeros(2)), expected)


def off_stored(gave_of, change=lambda model: model):
    from quizlib import zoo
    from quizlib.evidence.probe import ProbeCase
    from quizlib.evidence.values import ZooModel

    x, model = torch.from_numpy(zoo.load_digits().x_val[:5]), change(zoo.digits_mlp())
    case = ProbeCase("a", (ZooModel("digits_mlp"),), called_with=(encode(x),))
    with torch.no_grad():
        context = FactContext.of(case, None, CaseEvidence("a", None, called=gave(gave_of(model, x))), {})
    return fact("called_off_stored", model, context)


def test_a_model_gives_what_its_stored_numbers_give():
    assert off_stored(lambda model, x: model(x)) == 0
    assert off_stored(lambda model, x: 2 * model(x)) == pytest.approx(1)


def test_a_lost_relu_shows_in_what_a_model_gives():
    assert off_stored(lambda model, x: model.output(model.hidden2(model.hidden1(x)))) > 0.1


def test_other_shapes_than_logits_are_told():
    with pytest.raises(FactError, match="expected shape"):
        off_stored(lambda model, x: model(x)[:2])
