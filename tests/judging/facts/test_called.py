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
