from dataclasses import replace

import numpy as np
import pytest

from quizlib import zoo
from quizlib.authoring import Case, Condition, Criterion, ExerciseSpec, Matches, Measured, Raises, Symptom, ZooModel
from quizlib.errors import SpecError
from quizlib.evidence.collect import collect
from quizlib.evidence.values import CaseEvidence, Unreadable
from quizlib.judging.misconceptions import echoes, recognise
from quizlib.judging.verdict import CriterionResult


def symptom(name, **condition):
    return Symptom(
        id=name, text=f"Text of {name}.", remedy="r", conditions=(Condition(**condition),) if condition else ()
    )


def spec(*misconceptions, **changes):
    given = {
        "id": "round-it",
        "lesson": "01-overview",
        "title": "Round",
        "response": "function",
        "name": "round_it",
        "criteria": (Criterion(id="typical", text="t", points=1, requirement=Matches()),),
        "misconceptions": misconceptions,
        "reference": np.rint,
        "public": (Case("typical", np.array([0.6])), Case("typical", np.array([1.4]))),
        "private": lambda generator: [Case("typical", generator.normal(size=2))],
    }
    return ExerciseSpec(**{**given, **changes})


def recognised(found, **attempts):
    """Return the grading sheet of a spec that knows what these attempts give."""
    probe = found.public_sheet().probe
    results = {
        name: ({case.case: case for case in collect(probe, attempt).cases},) for name, attempt in attempts.items()
    }
    return replace(found, recognised=results).grading_sheet(b"secret")


def named(sheet, response):
    match = recognise(sheet, collect(sheet.probe, response))
    return None if match is None else match.misconception.id


FLOORS, CEILS = symptom("floors"), symptom("ceils")


def test_outputs_of_a_known_attempt_are_recognised_however_they_were_made():
    sheet = recognised(spec(FLOORS, CEILS), floors=np.floor, ceils=np.ceil)

    assert named(sheet, lambda x: np.array([value // 1 for value in x])) == "floors"
    assert named(sheet, lambda x: -np.floor(-x)) == "ceils"


def test_outputs_that_no_attempt_gave_are_not():
    sheet = recognised(spec(FLOORS, CEILS), floors=np.floor, ceils=np.ceil)

    assert named(sheet, lambda x: x * 0) is None
    assert named(sheet, lambda x: np.floor(x).astype(np.float32)) is None


def test_two_that_fit_name_none():
    sheet = recognised(spec(FLOORS, CEILS), floors=np.floor, ceils=np.floor)

    assert named(sheet, np.floor) is None


def test_attempt_that_is_right_on_the_public_cases_tells_nothing():
    sheet = recognised(spec(FLOORS, CEILS), floors=np.floor, ceils=np.rint)

    assert named(sheet, lambda x: np.rint(x) + (x < 0)) is None


def test_exception_of_a_known_attempt_is_recognised_by_its_type():
    def fail(x):
        return x.item(7)

    sheet = recognised(spec(FLOORS), floors=fail)
    assert named(sheet, lambda x: [].pop()) == "floors"
    assert named(sheet, lambda x: 1 / 0) is None


def test_attempt_that_changes_its_input_is_told_from_one_that_does_not():
    def in_place(x):
        return np.rint(x, out=x)

    sheet = recognised(spec(symptom("in-place")), **{"in-place": in_place})
    assert named(sheet, in_place) == "in-place"
    assert named(sheet, np.rint) is None


def test_echo_needs_every_known_result():
    result = CaseEvidence("a", 1)

    assert echoes({"a": result}, {"a": result, "b": result})
    assert not echoes({"a": result, "b": result}, {"a": result})
    assert not echoes({}, {"a": result})


TINY = {"fact": "largest", "at_most": 0.5}


def test_symptom_on_outputs_must_hold_on_all_public_cases():
    sheet = spec(symptom("tiny", **TINY)).grading_sheet(b"secret")

    assert named(sheet, lambda x: x * 0) == "tiny"
    assert named(sheet, lambda x: x * (x > 1)) is None


def test_symptom_does_not_hold_on_what_failed_or_cannot_be_read():
    sheet = spec(symptom("tiny", **TINY)).grading_sheet(b"secret")

    assert named(sheet, lambda x: 1 / 0) is None
    assert named(sheet, lambda x: [0.0, {1}]) is None
    assert named(sheet, lambda x: "text") is None


def test_symptom_is_not_measured_where_an_exception_is_asked_for():
    def refuse_empty(x):
        if not x.size:
            raise ValueError("empty")
        return np.rint(x)

    refusal = Criterion(id="refuses", text="t", points=1, requirement=Raises(types=("ValueError",)))
    typical = Criterion(id="typical", text="t", points=4, requirement=Matches())
    cases = Case("typical", np.array([0.6])), Case("refuses", np.array([]))
    changes = {"criteria": (typical, refusal), "public": cases, "private": lambda generator: cases}
    sheet = spec(symptom("tiny", **TINY), reference=refuse_empty, **changes).grading_sheet(b"secret")

    assert named(sheet, lambda x: refuse_empty(x) * 0) == "tiny"
    assert named(sheet, lambda x: x * 0) == "tiny"
    assert named(sheet, lambda x: refuse_empty(x) * 2) is None


def test_symptom_is_not_measured_on_private_cases():
    sheet = spec(symptom("tiny", **TINY)).grading_sheet(b"secret")
    evidence = collect(sheet.probe, lambda x: x * 0)
    private = CaseEvidence("private-0", Unreadable("set", "x"))

    assert recognise(sheet, replace(evidence, cases=(*evidence.cases[:2], private))).misconception.id == "tiny"


def test_symptom_on_a_model_is_measured_on_the_model():
    dense = Condition(fact="sparsity", args={"weight": "hidden1.weight"}, at_most=0.01)
    found = spec(
        symptom("dense", **dense.model_dump()),
        response="torch_model",
        reference=None,
        public=(),
        private=None,
        criteria=(Criterion(id="sparse", text="t", points=1, requirement=Measured(conditions=(dense,))),),
    )

    assert named(found.public_sheet(), zoo.build("digits_mlp")) == "dense"


def test_symptom_may_look_at_what_the_case_was_given():
    same = {"fact": "change_of_weight", "args": {"weight": "hidden1.weight"}, "at_most": 0.0}
    found = spec(
        symptom("nothing-done", **same),
        reference=None,
        criteria=(Criterion(id="c", text="t", points=1, requirement=Measured(conditions=(Condition(**same),))),),
        public=(Case("c", ZooModel("digits_mlp", 3)),),
        private=lambda generator: [Case("c", ZooModel("digits_mlp", 4))],
    )

    assert named(found.grading_sheet(b"secret"), lambda model: model) == "nothing-done"


def test_fault_of_the_course_in_a_symptom_is_raised():
    sheet = spec(symptom("tiny", **TINY)).grading_sheet(b"secret")
    broken = sheet.exercise.model_copy(update={"misconceptions": (symptom("worse", fact="accuracy", at_most=0.5),)})

    with pytest.raises(SpecError, match="a fact needs the original model"):
        recognise(replace(sheet, exercise=broken), collect(sheet.probe, np.rint))


def is_likely(sheet, response, judged=()):
    return recognise(sheet, collect(sheet.probe, response), judged).is_likely


def test_mistake_that_shows_in_several_numbers_is_likely():
    cases = Case("typical", np.array([0.6])), Case("typical", np.array([1.4, 2.7]))
    sheet = recognised(spec(FLOORS, public=cases), floors=np.floor)

    assert is_likely(sheet, np.floor)


def test_mistake_that_shows_in_a_single_number_is_near_for_others_give_it_too():
    sheet = recognised(spec(FLOORS), floors=np.floor)

    assert not is_likely(sheet, np.floor)


def test_mistake_that_shows_in_the_type_of_an_exception_alone_is_near():
    def fail(x):
        return x.item(7)

    assert not is_likely(recognised(spec(FLOORS), floors=fail), lambda x: [].pop())


def test_mistake_that_shows_in_another_dtype_or_form_is_likely():
    sheet = recognised(spec(FLOORS), floors=lambda x: np.rint(x).astype(np.float32))

    assert is_likely(sheet, lambda x: np.rint(x).astype(np.float32))
    assert is_likely(recognised(spec(FLOORS), floors=lambda x: None), lambda x: None)


@pytest.mark.parametrize(("value", "expected"), [(0.499, True), (0.4999, False), (0.1, True)])
def test_bound_that_is_kept_narrowly_makes_a_match_near(value, expected):
    found = spec(symptom("tiny", fact="largest", at_most=0.5)).grading_sheet(b"secret")

    assert is_likely(found, lambda x: x * 0 + value) is expected


def test_share_that_reaches_all_is_not_kept_narrowly():
    found = spec(symptom("all", fact="largest", at_least=0.99, at_most=1.0)).grading_sheet(b"secret")

    assert is_likely(found, lambda x: x * 0 + 1.0)


def test_bound_of_a_count_is_never_kept_narrowly():
    found = spec(symptom("two", fact="largest", at_most=2)).grading_sheet(b"secret")

    assert is_likely(found, lambda x: x * 0 + 2)


def line(name, score, **fields):
    return CriterionResult(id=name, text="t", score=score, points=1, **fields)


def test_mistake_that_loses_other_criteria_explains_them_in_part_and_is_near():
    known = Symptom(id="tiny", text="t", remedy="r", conditions=(Condition(**TINY),), loses=(("a",), ("a", "b")))
    sheet = spec(known).grading_sheet(b"secret")

    assert is_likely(sheet, lambda x: x * 0, (line("a", 0), line("b", 0), line("c", 1)))
    assert is_likely(sheet, lambda x: x * 0, (line("a", 0),))  # b is judged elsewhere
    assert not is_likely(sheet, lambda x: x * 0, (line("a", 0), line("b", 1), line("c", 0)))
    assert not is_likely(sheet, lambda x: x * 0, (line("a", 1), line("b", 0)))
