import pytest
from pydantic import ValidationError

from quizlib.items.exercise import Condition, Criterion, Exercise, Matches, Measured, Raises, Symptom, Unchanged

TYPICAL = Criterion(id="typical", text="t", points=2, requirement=Matches())
RAISES = Criterion(id="raises", text="r", points=1, requirement=Raises(types=("ValueError",)))
KEEPS = Criterion(id="keeps", text="k", points=1, requirement=Unchanged())


def exercise(**changes):
    given = {"id": "any-item", "lesson": "01-overview", "points": 4, "title": "T", "response": "function", "name": "f"}
    return Exercise(**{**given, "criteria": (TYPICAL, RAISES, KEEPS), **changes})


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({"equals": True}, "True"),
        ({"equals": 0}, "0"),
        ({"differs": "int8"}, "anything but int8"),
        ({"at_least": 0.5}, "at least 0.5"),
        ({"at_most": 2}, "at most 2"),
        ({"at_least": 0.25, "at_most": 1}, "from 0.25 to 1"),
    ],
)
def test_bounds_of_a_condition_are_told_in_words(bounds, words):
    assert Condition(fact="sparsity", **bounds).bounds == words


@pytest.mark.parametrize("bounds", [{}, {"at_least": 1, "at_most": 0}, {"at_least": float("nan")}])
def test_condition_that_nothing_or_everything_meets_is_an_error(bounds):
    with pytest.raises(ValidationError):
        Condition(fact="sparsity", **bounds)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"points": 5}, "add up to 4 points, the exercise says 5"),
        ({"criteria": (TYPICAL, TYPICAL)}, "same id"),
        ({"misconceptions": (Symptom(id="a", text="t", remedy="r"),) * 2}, "same id"),
        ({"behaviours": {"public-0": "gone"}}, "unknown criteria ['gone']"),
        ({"criteria": ()}, "at least 1 item"),
        ({"response": "pickle"}, "response"),
    ],
)
def test_exercise_that_contradicts_itself_is_an_error(changes, told):
    given = {"points": 4, **changes}
    with pytest.raises(ValidationError) as caught:
        exercise(**given)
    assert told in str(caught.value)


def test_criterion_is_judged_on_its_own_cases():
    found = exercise(behaviours={"public-0": "typical", "public-1": "raises"})

    assert found.cases_of(TYPICAL) == ("public-0",)
    assert found.cases_of(RAISES) == ("public-1",)


def test_criterion_without_cases_of_its_own_is_judged_on_all_that_should_return():
    found = exercise(behaviours={"public-0": "typical", "public-1": "raises", "private-0": "typical"})

    assert found.cases_of(KEEPS) == ("public-0", "private-0")


def test_exercise_survives_being_written_as_json():
    measured = Measured(conditions=(Condition(fact="is_training", equals=False), Condition(fact="x", equals=0)))
    criteria = (TYPICAL, RAISES, Criterion(id="measured", text="m", points=1, requirement=measured))
    found = exercise(criteria=criteria, behaviours={"public-0": "typical"})

    again = Exercise.model_validate_json(found.model_dump_json())
    assert again == found
    assert [type(condition.equals) for condition in again.criteria[2].requirement.conditions] == [bool, int]


def test_variable_is_the_learners_name():
    assert exercise(name="quantize").variable == "quantize"
