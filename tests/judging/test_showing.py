import numpy as np
import pytest
import torch

from quizlib.authoring import (
    Case,
    Condition,
    Criterion,
    ExerciseSpec,
    Matches,
    Measured,
    Raises,
    Unchanged,
    ZooModel,
)
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence, Failure
from quizlib.judging.showing import case_size, changed_inputs, raised, show_case

SPEC = ExerciseSpec(
    id="halve-it",
    lesson="01-overview",
    title="Halve",
    response="function",
    name="halve",
    criteria=(
        Criterion(id="typical", text="Halves", points=4, requirement=Matches()),
        Criterion(id="refuses", text="Refuses", points=1, requirement=Raises(types=("TypeError", "ValueError"))),
    ),
    reference=lambda x, by=2: x / by,
    public=(Case("typical", np.array([4.0]), by=4), Case("refuses", "text")),
    private=lambda generator: [],
)


@pytest.mark.parametrize(
    ("got", "told"),
    [
        (
            CaseEvidence("public-0", 3.0),
            ("halve(np.array([4.0]), by=4)", "np.array([1.0])", "3"),
        ),
        (CaseEvidence("public-1", None), ("halve('text')", "TypeError or ValueError", "None")),
        (
            CaseEvidence("public-1", None, Failure("KeyError", (), "'x'")),
            ("halve('text')", "TypeError or ValueError", "KeyError: 'x'"),
        ),
    ],
)
def test_case_is_told_by_call_expectation_and_result(got, told):
    shown = show_case(SPEC.public_sheet(), got)

    assert (shown.call, shown.expected, shown.got) == told


def test_what_is_raised_is_told_without_an_empty_message():
    assert raised(Failure("StopIteration", (), "")) == "raised StopIteration"
    assert raised(Failure("ValueError", (), "no")) == "raised ValueError: no"


@pytest.mark.parametrize(
    ("case", "smaller_than"),
    [
        (ProbeCase("a", (encode(np.zeros(3)),)), ProbeCase("b", (encode(np.zeros(4)),))),
        (ProbeCase("a", ([1, 2],)), ProbeCase("b", ([1, 2, 3],))),
        (ProbeCase("a", (1,)), ProbeCase("b", (1,), {"by": 2})),
        (None, ProbeCase("a", (ZooModel("digits_mlp"),))),
    ],
)
def test_case_of_fewer_numbers_is_smaller(case, smaller_than):
    assert case_size(case) < case_size(smaller_than)


def sheet_of(public, reference=lambda x: x, others=()):
    spec = ExerciseSpec(
        id="any-function",
        lesson="01-overview",
        title="Any",
        response="function",
        name="any_function",
        criteria=(
            Criterion(id="typical", text="Holds", points=5, requirement=Matches()),
            *(Criterion(id="other", text="Holds too", points=1, requirement=other) for other in others),
        ),
        reference=reference,
        public=public,
        private=lambda generator: [],
    )
    return spec.public_sheet()


def shown_for(public, got, reference=lambda x: x, others=(), **fields):
    return show_case(sheet_of(public, reference, others), CaseEvidence("public-0", encode(got), **fields))


def test_call_is_python_that_can_be_typed():
    live = (torch.zeros(2, 1, 16, 22), (8,), np.array([0.1], np.float32))
    shown = shown_for([Case("typical", *live)], None, lambda *given: 1)

    assert shown.call == "any_function(torch.zeros(2, 1, 16, 22), (8,), np.array([0.1], dtype=np.float32))"
    assert (shown.is_runnable, shown.place, shown.note) == (True, "", "")


def test_call_with_a_large_array_tells_which_example_it_is():
    shown = shown_for([Case("typical", np.arange(500.0)), Case("typical", 1.0)], 1.0)

    assert (shown.is_runnable, shown.place) == (False, "1 of 2")
    assert shown.call.startswith("any_function(<float64 NumPy array of shape (500,)")


def test_call_with_a_view_says_that_it_is_not_contiguous():
    shown = shown_for([Case("typical", np.arange(6)[::2])], 1)

    assert shown.call == "any_function(np.repeat(np.array([0, 2, 4]), 2, axis=-1)[::2])"
    assert "not contiguous" in shown.note


def test_numbers_that_differ_late_are_told_in_as_many_digits_as_it_takes():
    shown = shown_for([Case("typical", 1.0)], 1.00000001)

    assert (shown.expected, shown.got) == ("1.0", "1.00000001")


@pytest.mark.parametrize("asked", [Unchanged(), Measured(conditions=(Condition(fact="inputs_changed", equals=False),))])
def test_right_output_with_changed_input_is_told_by_the_argument_that_changed(asked):
    shown = shown_for([Case("typical", [2, 1])], [2, 1], others=[asked], inputs_changed=True, changed=(0,))

    assert shown.expected == "[2, 1], and its inputs as they were"
    assert shown.got == "[2, 1], and its first argument changed"


def test_changed_input_is_told_only_where_a_criterion_asks_for_inputs_as_they_were():
    shown = shown_for([Case("typical", [2, 1])], [2, 1], inputs_changed=True, changed=(0,))

    assert (shown.expected, shown.got) == ("[2, 1]", "[2, 1]")


@pytest.mark.parametrize(
    ("changed", "told"),
    [((0,), "its first argument"), ((1, 2), "its second argument and its argument by"), ((), "its inputs")],
)
def test_changed_inputs_are_named_by_place_or_keyword(changed, told):
    sheet = sheet_of([Case("typical", [1.0], [2.0], by=[4])], lambda *given, by: 1)

    assert changed_inputs(sheet, CaseEvidence("public-0", 1, inputs_changed=True, changed=changed)) == told
    assert changed_inputs(sheet, CaseEvidence("public-0", 1, inputs_changed=True, changed=(99,))) == "its inputs"


def test_outputs_of_the_same_text_are_told_apart_in_words():
    shown = shown_for([Case("typical", 1)], np.ones((3, 2)).T, lambda x: np.ones((2, 3)))

    assert shown.expected == "np.ones((2, 3))"
    assert shown.got == "np.ones((2, 3)) (the output should be contiguous in memory)"


def measured_on(name, **bounds):
    rule = Measured(conditions=(Condition(fact=name, **bounds),))
    return Criterion(id="facts", text="Is `near`", points=1, requirement=rule)


def test_output_that_is_measured_against_the_expected_one_is_shown_beside_it():
    sheet = sheet_of([Case("typical", 2.0)])
    shown = show_case(sheet, CaseEvidence("public-0", 3.0), measured_on("largest_error", at_most=0.5))

    assert (shown.expected, shown.got) == ("2", "3")


def test_output_that_is_measured_alone_is_shown_beside_what_is_asked():
    sheet = sheet_of([Case("typical", 2.0)])
    shown = show_case(sheet, CaseEvidence("public-0", 3.0), measured_on("largest", at_most=0.5))

    assert (shown.expected, shown.got) == ("Is near", "3")
