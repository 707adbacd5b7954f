import numpy as np
import pytest
import torch

from quizlib.authoring import Case, Criterion, Matches, Measured, Symptom, ZooModel
from quizlib.authoring.spec import answer, generator
from quizlib.errors import SpecError
from quizlib.evidence.collect import VALUE_CASE, collect
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Array, Name
from quizlib.items.exercise import Condition
from quizlib.judging.judge import judge
from tests.authoring.specs import TYPICAL, double, spec
from tests.evidence.plain import same


def test_public_sheet_holds_public_cases_with_their_answers():
    sheet = spec().public_sheet()

    assert sheet.public == {"public-0"} == set(sheet.answers)
    assert sheet.answers["public-0"].output.values.tolist() == [0.0, 2.0, 4.0]
    assert sheet.exercise.behaviours == {"public-0": "typical"}


def test_grading_sheet_adds_private_cases_that_are_not_public():
    sheet = spec().grading_sheet(b"secret")

    assert set(sheet.answers) == {"public-0", "private-0"}
    assert sheet.public == {"public-0"}


def test_private_cases_are_the_same_for_a_class_and_unknown_without_its_secret():
    one, again, other = (spec().grading_sheet(secret).probe for secret in (b"one", b"one", b"other"))

    assert same(one, again)
    assert not same(one, other)
    assert generator(b"one", "a").integers(2**60) != generator(b"one", "b").integers(2**60)


def test_reference_and_stub_are_judged_full_and_zero():
    sheet = spec().grading_sheet(b"secret")

    assert judge(sheet, collect(sheet.probe, double)).status == "correct"
    assert judge(sheet, collect(sheet.probe, ...)).score == 0


def test_answer_written_for_the_visible_cases_does_not_pass():
    sheet = spec().grading_sheet(b"secret")
    visible = sheet.answers["public-0"].output.values

    assert judge(sheet, collect(sheet.probe, lambda x: visible)).score == 0


def test_case_takes_arguments_as_a_learner_would_pass_them():
    case = Case("typical", [1, (ZooModel("digits_mlp"), torch.qint8)], x=np.int8(3), flat=torch.zeros(2, 3).T)
    probe = case.probe("public-0")

    assert probe.arguments == ([1, (ZooModel("digits_mlp"), Name("torch.qint8"))],)
    assert probe.keywords["x"].dtype == "int8"
    assert not probe.keywords["flat"].is_contiguous


@pytest.mark.parametrize("argument", [object(), float("nan"), [lambda: 0], np.array([None])])
def test_case_with_an_argument_that_cannot_cross_is_an_error(argument):
    with pytest.raises(SpecError, match="a case has an argument of type"):
        Case("typical", argument).probe("public-0")


def test_value_is_one_case_that_all_criteria_judge():
    criteria = [Criterion(id=key, text="t", points=1, requirement=Matches(part=key)) for key in ("int8", "float32")]
    sheet = spec(
        response="value", criteria=criteria, reference=lambda: {"int8": 1, "float32": 4}, public=(), private=None
    ).public_sheet()

    assert sheet.public == {VALUE_CASE}
    assert all(sheet.exercise.cases_of(criterion) == (VALUE_CASE,) for criterion in criteria)
    assert judge(sheet, collect(sheet.probe, {"int8": 1, "float32": 9})).score == 1


def test_model_may_have_no_case_and_no_reference():
    dense = Condition(fact="sparsity", args={"weight": "hidden1.weight"}, at_least=0.5)
    sheet = spec(
        response="torch_model",
        criteria=[Criterion(id="sparse", text="t", points=1, requirement=Measured(conditions=(dense,)))],
        reference=None,
        public=(),
        private=None,
    ).grading_sheet(b"secret")

    assert (sheet.probe.cases, sheet.answers) == ((), {})


def test_answer_keeps_what_the_reference_raises():
    assert answer(double, ProbeCase("a", ("text",))).failure.message == "x is text"


def test_fault_in_building_an_argument_is_not_taken_for_the_references():
    with pytest.raises(Exception, match="names no dtype"):
        answer(double, ProbeCase("a", (Name("os.system"),)))


@pytest.mark.parametrize("output", [object(), [float("inf")], {1, 2}])
def test_reference_that_returns_no_plain_data_is_an_error(output):
    with pytest.raises(SpecError, match="a reference returned a"):
        answer(lambda: output, ProbeCase("a"))


def test_output_of_the_reference_is_read_like_a_learners():
    assert isinstance(answer(lambda x: x, ProbeCase("a", (Array(np.zeros(2), "float64"),))).output, Array)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "Double"}, "exercise Double, field id"),
        (
            {"public": [Case("gone", 1)]},
            r"double-it, field the whole entry: cases of double-it name the unknown criteria",
        ),
        ({"criteria": [TYPICAL, TYPICAL]}, "two criteria of double-it have the same id"),
        ({"misconceptions": [Symptom(id="a", text="t", remedy="r")] * 2}, "same id"),
        ({"hints": [""]}, r"double-it, field hints\.0"),
    ],
)
def test_field_that_breaks_its_rule_is_an_error_that_names_exercise_and_field(changes, told):
    with pytest.raises(SpecError, match=told):
        spec(**changes).public_sheet()
