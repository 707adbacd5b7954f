import numpy as np
import pytest

from quizlib.authoring import Case, Condition, Criterion, Matches, Measured, Raises, Symptom, Unchanged, ZooModel
from quizlib.errors import SpecError
from tests.authoring.specs import KEEPS, RAISES, TYPICAL, spec

HALF = {"fact": "sparsity", "args": {"weight": "hidden1.weight"}, "at_least": 0.5}
ON_TEXT = (Case("typical", 1), Case("raises", "text"))


def measured(condition, points=4):
    return Criterion(id="measured", text="t", points=points, requirement=Measured(conditions=(Condition(**condition),)))


def model(**changes):
    """Return a spec of a model without cases."""
    given = {"response": "torch_model", "reference": None, "public": (), "private": None}
    return spec(**{**given, **changes})


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({**HALF, "fact": "sparsty"}, "no fact is called 'sparsty'; there are"),
        ({**HALF, "args": {}}, "sparsity: missing a required argument: 'weight'"),
        ({**HALF, "args": {"weight": "w", "axis": 0}}, "sparsity: got an unexpected keyword argument 'axis'"),
        (
            {"fact": "accuracy", "at_least": 0.9},
            "accuracy: no case has a model of the zoo, so name the original as origin",
        ),
        (
            {"fact": "weight_dtype", "args": {"weight": "w"}, "at_least": 1},
            "weight_dtype is a text, its bounds are not",
        ),
        ({"fact": "weight_dtype", "args": {"weight": "w"}, "equals": 8}, "weight_dtype is a text, its bounds are not"),
        ({**HALF, "equals": "half"}, "sparsity is no text, its bounds are one"),
    ],
)
class TestConditionThatCanNeverHold:
    def test_of_a_criterion_is_an_error(self, condition, told):
        with pytest.raises(SpecError, match=f"^double-it, criterion measured: {told}"):
            model(criteria=[measured(condition)]).public_sheet()

    def test_of_a_misconception_is_an_error(self, condition, told):
        symptom = Symptom(id="dense", text="t", remedy="r", conditions=(Condition(**condition),))
        with pytest.raises(SpecError, match=f"^double-it, misconception dense: {told}"):
            model(criteria=[measured(HALF)], misconceptions=[symptom]).public_sheet()


def test_original_may_come_from_the_cases_or_by_name():
    condition = {"fact": "accuracy", "at_least": 0.9}
    cases = {"public": [Case("measured", ZooModel("digits_mlp"))]}

    model(criteria=[measured({**condition, "args": {"origin": "digits_mlp"}})]).public_sheet()
    model(criteria=[measured(condition)], **cases).public_sheet()


@pytest.mark.parametrize(
    ("criteria", "told"),
    [
        ([TYPICAL, RAISES], "criterion raises: it has no case of its own to raise on"),
        ([Criterion(id="shape", text="t", points=4, requirement=Matches())], "criterion shape: it has no case"),
    ],
)
def test_criterion_without_a_case_is_an_error(criteria, told):
    public = () if len(criteria) == 1 else (Case("typical", 1),)
    with pytest.raises(SpecError, match=told):
        spec(criteria=criteria, public=public).public_sheet()


def test_unchanged_inputs_of_what_is_never_called_are_an_error():
    with pytest.raises(SpecError, match="criterion keeps: nothing is called, so no input can change"):
        model(criteria=[measured(HALF), KEEPS]).public_sheet()
    with pytest.raises(SpecError, match="criterion keeps: nothing is called"):
        model(response="value", criteria=[TYPICAL, KEEPS], reference=lambda: 1).public_sheet()


def test_matches_without_a_reference_is_an_error():
    with pytest.raises(SpecError, match="criterion typical: there is no reference to compare with"):
        spec(reference=None).public_sheet()


def test_reference_that_raises_where_an_output_is_compared_is_an_error():
    with pytest.raises(SpecError, match="criterion typical: the reference raises TypeError on public-0: x is text"):
        spec(public=[Case("typical", "text")]).public_sheet()


def test_reference_that_does_not_raise_where_that_is_asked_is_an_error():
    with pytest.raises(SpecError, match="criterion raises: the reference does not raise TypeError on public-1"):
        spec(criteria=[TYPICAL, RAISES], public=[Case("typical", 1), Case("raises", 2)]).public_sheet()


def test_reference_that_raises_where_that_is_asked_is_right():
    spec(criteria=[TYPICAL, RAISES], public=ON_TEXT).public_sheet()


def test_more_than_a_fifth_on_the_kernels_word_is_an_error():
    heavy = Criterion(id="keeps", text="k", points=2, requirement=Unchanged())
    with pytest.raises(SpecError, match="2 of 6 points rest on what the kernel reports of itself"):
        spec(criteria=[TYPICAL, heavy]).public_sheet()
    reported = measured({"fact": "unsaved_tensors", "equals": 0}, points=1)
    with pytest.raises(SpecError, match="1 of 1 points rest"):
        model(criteria=[reported]).public_sheet()
    spec(criteria=[TYPICAL, KEEPS]).public_sheet()


def test_function_without_private_cases_is_an_error():
    with pytest.raises(SpecError, match="double-it: a function needs private cases"):
        spec(private=None).public_sheet()


def test_criterion_that_only_visible_cases_show_is_an_error():
    shape = Criterion(id="shape", text="t", points=1, requirement=Matches())
    public = [Case("typical", 1), Case("shape", 2)]

    with pytest.raises(SpecError, match="criterion shape: no private case shows it"):
        spec(criteria=[TYPICAL, shape], public=public).grading_sheet(b"secret")
    with pytest.raises(SpecError, match="criterion raises: no private case shows it"):
        spec(criteria=[TYPICAL, RAISES], public=ON_TEXT).grading_sheet(b"secret")


def test_criterion_that_only_private_cases_show_is_an_error():
    shape = Criterion(id="shape", text="t", points=1, requirement=Matches())
    drawn = [Case("typical", np.ones(2)), Case("shape", 2)]

    with pytest.raises(SpecError, match="criterion shape: only private cases show it"):
        spec(criteria=[TYPICAL, shape], private=lambda generator: drawn).grading_sheet(b"secret")


def test_criterion_on_all_cases_needs_none_of_its_own():
    dtype = Criterion(id="dtype", text="t", points=1, requirement=Matches(dtype=True))

    spec(criteria=[TYPICAL, dtype, KEEPS]).grading_sheet(b"secret")


def test_message_of_what_is_raised_may_be_asked_for():
    named = Criterion(id="raises", text="t", points=1, requirement=Raises(types=("Exception",), mentions=("x",)))

    spec(criteria=[TYPICAL, named], public=ON_TEXT).public_sheet()
