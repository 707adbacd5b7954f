import copy
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from quizlib import zoo
from quizlib.authoring import (
    Case,
    Condition,
    Criterion,
    ExerciseSpec,
    Matches,
    Measured,
    Raises,
    Symptom,
    Unchanged,
    ZooModel,
)
from quizlib.display.text import verdict_text
from quizlib.errors import SpecError
from quizlib.evidence.collect import collect
from quizlib.evidence.values import CaseEvidence, Evidence, Failure, Unreadable
from quizlib.items.exercise import Exercise
from quizlib.judging.exercises import OTHER_DIGITS, OTHER_INPUTS, judge_exercise
from quizlib.zoo.torch_models import mlp_architecture
from tests.evidence.plain import plain_values

CANARY = 31415.926535


def criterion(name, points, requirement):
    return Criterion(id=name, text=f"Text of {name}", points=points, requirement=requirement)


SPEC = ExerciseSpec(
    id="clip-it",
    lesson="01-overview",
    title="Clip",
    response="function",
    name="clip",
    criteria=(
        criterion("typical", 4, Matches(dtype=True)),
        criterion("edges", 3, Matches()),
        criterion("bounds", 1, Measured(conditions=(Condition(fact="largest", at_most=1.0),))),
        criterion("refuses", 1, Raises(types=("ValueError",), mentions=("high",))),
        criterion("keeps", 1, Unchanged()),
    ),
    misconceptions=(Symptom(id="one-sided", text="Clips one side only.", remedy="Clip both."),),
    reference=lambda x, high=1.0: reference(x, high),
    public=(
        Case("typical", np.array([-3.0, 0.5, 3.0])),
        Case("edges", np.array([2.0])),
        Case("bounds", np.array([5.0, 6.0])),
        Case("refuses", np.array([1.0]), high=-1.0),
    ),
    private=lambda generator: [
        Case("typical", np.array([CANARY, -CANARY, 0.25])),
        Case("edges", np.array([CANARY])),
        Case("bounds", np.array([CANARY])),
        Case("refuses", np.array([CANARY]), high=-CANARY),
    ],
)


def reference(x, high=1.0):
    if high < 0:
        raise ValueError("high is below 0")
    return np.clip(x, -high, high)


def verdict_of(function, spec=SPEC):
    sheet = spec.grading_sheet(b"secret")
    return judge_exercise(sheet, collect(sheet.probe, function))


def lost(verdict):
    return {line.id for line in verdict.criteria if not line.is_met}


def message(verdict, name):
    return next(line.message for line in verdict.criteria if line.id == name)


def changing(x, high=1.0):
    out = reference(x, high)
    x[:] = 0
    return out


def silent(x, high=1.0):
    return np.clip(x, -abs(high), abs(high))


def vague(x, high=1.0):
    if high < 0:
        raise ValueError("no")
    return reference(x, high)


def other_error(x, high=1.0):
    if high < 0:
        raise KeyError("high")
    return reference(x, high)


@pytest.mark.parametrize(
    ("function", "loses", "score"),
    [
        (reference, set(), 10),
        (lambda x, high=1.0: reference(x.copy(), high), set(), 10),
        (lambda x, high=1.0: reference(x, high).astype(np.float32), {"typical"}, 6),
        (lambda x, high=1.0: reference(x, high) if x.size > 1 else x + reference(x, high), {"edges", "bounds"}, 6),
        (lambda x, high=1.0: reference(x, high) * (3 if (x > 4).all() else 1), {"bounds", "edges"}, 6),
        (silent, {"refuses"}, 9),
        (vague, {"refuses"}, 9),
        (other_error, {"refuses"}, 9),
        (changing, {"keeps"}, 9),
        (lambda x, high=1.0: x, {"typical", "edges", "bounds", "refuses", "keeps"}, 0),
    ],
)
def test_each_criterion_is_lost_on_its_own(function, loses, score):
    verdict = verdict_of(function)

    assert lost(verdict) == loses
    assert (verdict.score, verdict.max_score) == (score, 10)
    assert verdict.status == {10: "correct", 0: "wrong"}.get(score, "partial")


def test_full_marks_show_no_case_and_no_cause():
    verdict = verdict_of(reference)

    assert (verdict.summary, verdict.case, verdict.misconception) == ("All criteria are met.", None, None)


@pytest.mark.parametrize(
    ("function", "name", "told"),
    [
        (
            lambda x, high=1.0: x,
            "typical",
            "the output differs in 2 of 3 values, most in entry 0: it is -3, expected -1",
        ),
        (lambda x, high=1.0: x, "bounds", "the largest number of the output is 6, where at most 1 is asked for"),
        (lambda x, high=1.0: [], "bounds", "expected numbers, but it holds none"),
        (lambda x, high=1.0: "a", "bounds", "expected numbers, but it is text"),
        (lambda x, high=1.0: {1}, "bounds", "the output is or holds a set that is neither a number"),
        (lambda x, high=1.0: 1 / 0, "typical", "raised ZeroDivisionError: division by zero"),
        (lambda x, high=1.0: 1 / 0, "bounds", "the same exception"),
        (silent, "refuses", "should raise ValueError, but it returned np.array([1.0])"),
        (vague, "refuses", "the message of ValueError should name high"),
        (other_error, "refuses", "should raise ValueError, but it raised KeyError: 'high'"),
        (changing, "keeps", "clip changed its first argument"),
    ],
)
def test_message_says_what_was_expected_and_what_was_got(function, name, told):
    assert message(verdict_of(function), name).startswith(told)


@pytest.mark.parametrize(
    ("function", "status", "summary"),
    [
        (..., "unanswered", "clip is not written yet."),
        (
            lambda x, high=1.0: None,
            "unanswered",
            "clip returns None whatever it is given: write its body, and end it with a return.",
        ),
        (7, "invalid", "clip should be a function, but it is of type int."),
        (lambda: 0, "error", "0 of 5 criteria are met."),
        (lambda x, high=1.0: changing(x, abs(high)) + 5, "wrong", "0 of 5 criteria are met."),
    ],
)
def test_response_worth_nothing_has_a_status_and_a_summary(function, status, summary):
    verdict = verdict_of(function)

    assert (verdict.status, verdict.score, verdict.summary) == (status, 0, summary)


def test_function_that_always_raises_is_not_said_to_keep_its_inputs():
    verdict = verdict_of(lambda: 0)

    assert message(verdict, "typical").startswith("raised TypeError: ")
    assert message(verdict, "keeps") == "the same exception"
    assert verdict.score == 0


def test_function_that_did_nothing_is_not_said_to_have_changed_its_inputs():
    verdict = verdict_of(lambda x, high=1.0: 0.0)

    assert message(verdict, "keeps").endswith("which shows nothing about its inputs")
    assert "[not shown] Text of keeps" in verdict_text(verdict)


UNTOUCHED = criterion(
    "keeps-model",
    1,
    Measured(
        conditions=(
            Condition(fact="is_quantized", args={"weight": "hidden1.weight"}, equals=True),
            Condition(fact="inputs_changed", equals=False),
        )
    ),
)


def untouched(function):
    """Return how a criterion on the model that was given ends, of a function that is to return a converted one."""
    spec = ExerciseSpec(
        id="convert-it",
        lesson="01-overview",
        title="Convert",
        response="function",
        name="convert",
        criteria=(criterion("half", 4, Measured(conditions=(SPARSE,))), UNTOUCHED),
        public=(Case("half", ZooModel("digits_mlp")),),
        private=lambda generator: [Case("half", ZooModel("digits_mlp", 3))],
    )
    sheet = spec.public_sheet()
    return judge_exercise(sheet, collect(sheet.probe, function))


def test_model_that_was_left_alone_is_not_said_to_have_changed():
    line = untouched(copy.deepcopy).criteria[1]

    assert line.is_unshown
    assert line.message.startswith("counts only beside work that is done: hidden1.weight should be stored as integer")


def test_model_that_was_changed_is_said_to_have_been_whatever_else_is_asked():
    def spoil(model):
        with torch.no_grad():
            model.hidden1.weight.zero_()
        return model

    line = untouched(spoil).criteria[1]

    assert not line.is_unshown
    assert line.message == "the call changed what it was given: its first argument"


def test_smallest_failing_public_case_is_shown():
    shown = verdict_of(lambda x, high=1.0: reference(x, high) + 1).case

    assert shown.call == "clip(np.array([2.0]))"
    assert (shown.expected, shown.got) == ("np.array([1.0])", "np.array([2.0])")


def test_case_that_should_raise_shows_what_it_should_raise():
    shown = verdict_of(silent).case

    assert shown.call == "clip(np.array([1.0]), high=-1.0)"
    assert (shown.expected, shown.got) == ("ValueError", "np.array([1.0])")


def only_hidden(x, high=1.0):
    """Is right on the public cases, and gives away what it was called with on the private ones."""
    if abs(x).max() > 100:
        raise RuntimeError(f"got {x.tolist()} {high}") if x.size == 3 else KeyError(str(x))
    return reference(x, high)


@pytest.mark.parametrize(
    "function",
    [
        only_hidden,
        lambda x, high=1.0: x if abs(x).max() > 100 else reference(x, high),
        lambda x, high=1.0: changing(x, high) * 2 if abs(x).max() > 100 else reference(x, high),
        lambda x, high=1.0: {"x": x} if abs(x).max() > 100 else reference(x, high),
        lambda x, high=1.0: 1 / 0,
        lambda x, high=1.0: x * 2,
    ],
)
def test_no_number_of_a_private_case_is_in_a_verdict(function):
    verdict = verdict_of(function)
    told = json.dumps(verdict.model_dump(mode="json"))

    assert lost(verdict)
    assert not any(number in told for number in (str(CANARY)[:5], "private", f"{CANARY:.4e}"[:6]))


def test_failure_on_a_private_case_is_told_without_it():
    verdict = verdict_of(only_hidden)

    assert message(verdict, "typical") == "fails on a case that is not shown"
    assert verdict.case is None


def test_failure_on_a_private_case_says_which_behaviour_it_shows():
    def spoils_hidden(x, high=1.0):
        return changing(x, high) if abs(x).max() > 100 and x.size == 3 else reference(x, high)

    verdict = verdict_of(spoils_hidden)

    assert lost(verdict) == {"keeps"}
    assert message(verdict, "keeps") == "fails on a case that is not shown, of the criterion “Text of typical”"


def test_public_case_that_fails_too_is_shown_in_place_of_a_private_one():
    verdict = verdict_of(lambda x, high=1.0: reference(x, high) + 1)

    assert verdict.case.call == "clip(np.array([2.0]))"
    assert "not shown" not in "".join(line.message for line in verdict.criteria)


def test_full_marks_in_practice_say_that_grading_uses_other_inputs():
    sheet = SPEC.public_sheet()
    practice = judge_exercise(sheet, collect(sheet.probe, reference))

    assert practice.summary == f"All criteria are met. {OTHER_INPUTS}"
    assert verdict_of(reference).summary == "All criteria are met."
    halfway = judge_exercise(sheet, collect(sheet.probe, changing))
    assert halfway.score < 10
    assert OTHER_INPUTS not in halfway.summary


def test_full_marks_in_practice_say_that_accuracy_is_graded_on_other_digits():
    measured = Measured(conditions=(Condition(fact="accuracy", args={"origin": "digits_mlp"}, at_least=0.9),))
    asked = (criterion("accuracy", 1, measured),)
    spec = ExerciseSpec(id="m", lesson="01-overview", title="T", response="torch_model", name="m", criteria=asked)
    sheet, grading = spec.public_sheet(), spec.grading_sheet(b"secret")
    evidence = collect(sheet.probe, zoo.build("digits_mlp"))

    assert judge_exercise(sheet, evidence).summary == f"All criteria are met. {OTHER_DIGITS}"
    assert judge_exercise(grading, evidence).summary == "All criteria are met."


def by_heart(images, labels):
    """Train a new model on a few digits until it knows them all."""
    torch.manual_seed(0)
    model = mlp_architecture()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(60):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(torch.from_numpy(images)), torch.from_numpy(labels)).backward()
        optimizer.step()
    return model


def test_a_model_that_learned_the_test_digits_by_heart_passes_in_practice_alone():
    digits = zoo.load_digits()
    measured = Measured(conditions=(Condition(fact="accuracy", args={"origin": "digits_mlp"}, at_least=0.957),))
    asked = (criterion("accuracy", 1, measured),)
    spec = ExerciseSpec(id="m", lesson="01-overview", title="T", response="torch_model", name="m", criteria=asked)
    practice, gradings = spec.public_sheet(), [spec.grading_sheet(f"secret {number}".encode()) for number in range(20)]
    learned, trained = by_heart(digits.x_test, digits.y_test), zoo.build("digits_mlp")
    scores = {
        name: [judge_exercise(sheet, collect(sheet.probe, model)).score for sheet in (practice, *gradings)]
        for name, model in (("by heart", learned), ("trained", trained))
    }

    assert scores == {"by heart": [1] + 20 * [0], "trained": 21 * [1]}


def test_one_misconception_that_fits_is_named_beside_the_smallest_case():
    attempt = {case.case: case for case in collect(SPEC.public_sheet().probe, lambda x, high=1.0: x).cases}
    verdict = verdict_of(lambda x, high=1.0: 1 * x, replace(SPEC, recognised={"one-sided": (attempt,)}))

    assert (verdict.misconception.id, verdict.is_likely) == ("one-sided", True)
    assert verdict.case.call == "clip(np.array([2.0]))"


def test_results_for_cases_that_were_never_asked_count_for_nothing():
    sheet = SPEC.grading_sheet(b"secret")
    extra = tuple(CaseEvidence(f"extra-{i}", 1.0, inputs_changed=True) for i in range(9))
    evidence = collect(sheet.probe, reference)

    more = Evidence(evidence.item, evidence.revision, None, (*evidence.cases, *extra))
    assert judge_exercise(sheet, more).score == 10
    only = Evidence(evidence.item, evidence.revision, None, extra)
    assert judge_exercise(sheet, only).score == 0
    assert message(judge_exercise(sheet, only), "keeps") == "no result for this case"


def test_missing_result_of_one_case_loses_what_it_shows():
    sheet = SPEC.grading_sheet(b"secret")
    evidence = collect(sheet.probe, reference)
    kept = tuple(case for case in evidence.cases if case.case != "private-1")

    verdict = judge_exercise(sheet, Evidence(evidence.item, evidence.revision, None, kept))
    assert lost(verdict) == {"edges", "keeps"}


def test_model_sent_in_place_of_a_functions_outputs_counts_for_nothing():
    sheet = SPEC.grading_sheet(b"secret")
    outputs = tuple(CaseEvidence(case.id, 9.0) for case in sheet.probe.cases)

    verdict = judge_exercise(sheet, Evidence("clip-it", 1, 0.5, outputs))
    assert "bounds" in lost(verdict)


def test_long_texts_of_a_response_are_cut_in_a_message():
    verdict = verdict_of(lambda x, high=1.0: {f"{i}" * 999: 1 for i in range(9)})

    assert all(len(line.message) <= 600 for line in verdict.criteria)


failures = st.builds(Failure, st.text(max_size=5), st.just(()), st.text(max_size=5))
outputs = st.one_of(plain_values, st.builds(Unreadable, st.text(max_size=3), st.text(max_size=3)))


@given(st.lists(st.tuples(outputs, st.none() | failures, st.booleans()), min_size=8, max_size=8), plain_values)
@settings(deadline=None, max_examples=80)
def test_any_evidence_gets_a_verdict_within_its_points(results, response):
    sheet = SPEC.grading_sheet(b"secret")
    cases = tuple(CaseEvidence(case.id, *result) for case, result in zip(sheet.probe.cases, results, strict=True))

    verdict = judge_exercise(sheet, Evidence("clip-it", 1, response, cases))
    assert 0 <= verdict.score <= 10


# Models


def pruned(amount=0.5):
    model = zoo.build("digits_mlp")
    layer = model.hidden1
    with torch.no_grad():
        order = layer.weight.abs().flatten().argsort()
        layer.weight.view(-1)[order[: int(amount * len(order))]] = 0
    return model


SPARSE = Condition(fact="sparsity", args={"weight": "hidden1.weight"}, at_least=0.49, at_most=0.51)
ACCURATE = Condition(fact="accuracy", at_least=0.9, args={"origin": "digits_mlp"})
MODEL_SPEC = ExerciseSpec(
    id="prune-it",
    lesson="01-overview",
    title="Prune",
    response="torch_model",
    name="pruned",
    criteria=(
        criterion("sparse", 4, Measured(conditions=(SPARSE,))),
        criterion("accurate", 4, Measured(conditions=(ACCURATE,))),
        criterion("clean", 2, Measured(conditions=(Condition(fact="pruning_leftovers", equals=0),))),
    ),
    misconceptions=(
        Symptom(
            id="nothing-done",
            text="t",
            remedy="r",
            conditions=(Condition(**{**SPARSE.model_dump(), "at_least": None, "at_most": 0.01}),),
        ),
    ),
)


def model_verdict(model):
    return verdict_of(model, MODEL_SPEC)


def test_model_is_measured_on_what_it_stores():
    assert model_verdict(pruned()).status == "correct"
    verdict = model_verdict(pruned(amount=0.7))
    assert message(verdict, "sparse") == "70 % of hidden1.weight is zero, where from 49 % to 51 % is asked for"
    assert lost(verdict) == {"sparse"}


def test_symptom_of_a_model_is_named():
    assert model_verdict(zoo.build("digits_mlp")).misconception.id == "nothing-done"


def test_model_that_lacks_a_weight_loses_with_a_sentence():
    verdict = model_verdict(nn.Sequential(nn.Linear(64, 10)))

    assert message(verdict, "sparse") == "the model has no hidden1.weight; it has 0.weight, 0.bias"
    assert verdict.score == 0


def test_evidence_without_the_model_loses_everything_measured():
    verdict = judge_exercise(MODEL_SPEC.public_sheet(), Evidence("prune-it", 1))

    assert verdict.score == 0
    assert message(verdict, "sparse") == "expected a torch or Keras model, but it is None"


def test_fault_of_the_course_is_raised_and_costs_no_points():
    spec = ExerciseSpec(**{**vars(MODEL_SPEC), "criteria": MODEL_SPEC.criteria[:1]})
    sheet = spec.public_sheet()
    broken = criterion("sparse", 4, Measured(conditions=(Condition(fact="accuracy", at_least=0.9),)))
    exercise = Exercise(**{**dict(sheet.exercise), "criteria": (broken,)})

    with pytest.raises(SpecError, match="a fact needs the original model"):
        judge_exercise(type(sheet)(exercise, sheet.probe), collect(sheet.probe, pruned()))


def test_bytes_that_are_no_model_are_invalid():
    spec = ExerciseSpec(
        **{
            **vars(MODEL_SPEC),
            "response": "litert",
            "misconceptions": (),
            "criteria": (
                criterion("integer", 1, Measured(conditions=(Condition(fact="litert_float_tensors", equals=0),))),
            ),
        }
    )
    verdict = verdict_of(b"TFL3 but no flatbuffer", spec)

    assert (verdict.status, verdict.score) == ("invalid", 0)
    assert verdict.summary == "pruned: the bytes are no LiteRT model that can be loaded and run on 64 pixels in 0..1."


def test_case_of_a_zoo_model_shows_the_call_that_builds_it():
    spec = ExerciseSpec(
        **{
            **vars(MODEL_SPEC),
            "response": "function",
            "criteria": (criterion("sparse", 4, Measured(conditions=(SPARSE,))),),
            "misconceptions": (),
            "public": (Case("sparse", ZooModel("digits_mlp"), 0.5), Case("sparse", ZooModel("digits_mlp", 3))),
            "private": lambda generator: [Case("sparse", ZooModel("digits_mlp", 7), 0.5)],
        }
    )
    sheet = spec.grading_sheet(b"secret")
    shown = judge_exercise(sheet, collect(sheet.probe, lambda model, amount=0.5: model)).case

    assert shown.call == "pruned(zoo.build('digits_mlp'), 0.5)"
    assert (shown.expected, shown.got) == ("", "")  # the criterion's own sentence says what is wrong with the model


def test_case_of_the_call_of_a_returned_model_shows_what_goes_in_and_what_comes_out():
    spec = ExerciseSpec(
        id="wrap-it",
        lesson="01-overview",
        title="Wrap",
        response="function",
        name="wrap",
        criteria=(criterion("runs", 1, Measured(conditions=(Condition(fact="called_error", at_most=0.1),))),),
        reference=lambda scale: nn.Threshold(-scale, 0.0),
        public=(Case("runs", 1.0).calling(torch.tensor([2.0])),),
        private=lambda generator: [Case("runs", 3.0).calling(torch.tensor([5.0]))],
    )
    sheet = spec.public_sheet()
    verdict = judge_exercise(sheet, collect(sheet.probe, lambda scale: nn.Threshold(9.0, 0.0)))

    assert (verdict.case.call, verdict.case.then) == (
        "wrap(1.0)",
        "the model that it returned, called with torch.tensor([2.0])",
    )
    assert (verdict.case.expected, verdict.case.got) == ("torch.tensor([2.0])", "torch.tensor([0.0])")


@pytest.mark.parametrize("answer", [4.0, 5, "four"])
def test_value_of_another_type_is_not_told_what_it_should_be(answer):
    spec = ExerciseSpec(
        id="count-it",
        lesson="01-overview",
        title="Count",
        response="value",
        name="count",
        criteria=(criterion("all", 1, Matches(rtol=0, atol=0, dtype=True)),),
        reference=lambda: 4807,
    )

    assert "4807" not in message(verdict_of(answer, spec), "all")


def test_value_is_told_by_its_name_and_never_what_it_should_be():
    spec = ExerciseSpec(
        id="count-it",
        lesson="01-overview",
        title="Count",
        response="value",
        name="sizes",
        criteria=(criterion("int8", 1, Matches(part="int8")), criterion("float32", 1, Matches(part="float32"))),
        reference=lambda: {"int8": 1, "float32": 4},
    )
    verdict = verdict_of({"int8": 1, "float32": 9}, spec)

    assert verdict.case is None
    assert message(verdict, "float32") == "sizes['float32'] is 9, which is not right"


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda: {"kept": 3, "spoiled": 2}, "'spoiled' in the output should be 0, but it is 2"),
        (lambda: {"kept": 3}, "the output is a dict that has no entry 'spoiled'"),
        (lambda: 10**6000, "the output is an int that does not fit 64 bits"),
    ],
)
def test_criterion_on_a_part_tells_the_entry_or_the_reason_why_there_is_none(function, told):
    spec = ExerciseSpec(
        id="count-it",
        lesson="01-overview",
        title="Count",
        response="function",
        name="count",
        criteria=(criterion("spoiled", 1, Matches(part="spoiled")),),
        reference=lambda: {"kept": 3, "spoiled": 0},
        public=(Case("spoiled"),),
        private=lambda generator: [Case("spoiled")],
    )
    sheet = spec.public_sheet()

    verdict = judge_exercise(sheet, collect(sheet.probe, function))
    assert message(verdict, "spoiled").startswith(told)
