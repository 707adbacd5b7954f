import numpy as np
import pytest
import torch

from quizlib.authoring import Case, Criterion, ExerciseSpec, Matches, Raises, Unchanged
from quizlib.evidence.collect import collect
from quizlib.judging.exercises import judge_exercise


def spec_of(reference, *arguments):
    return ExerciseSpec(
        id="scale-it",
        lesson="01-overview",
        title="Scale",
        response="function",
        name="scale",
        criteria=(
            Criterion(id="value", text="Value", points=8, requirement=Matches()),
            Criterion(id="refuses", text="Refuses", points=1, requirement=Raises(types=("ValueError",))),
            Criterion(id="keeps", text="Keeps", points=1, requirement=Unchanged()),
        ),
        reference=reference,
        public=(*(Case("value", argument) for argument in arguments), Case("refuses", np.zeros(0))),
        private=lambda generator: [Case("value", generator.normal(size=5)), Case("refuses", np.zeros((0, 2)))],
    )


def doubled(x):
    if x.size == 0:
        raise ValueError("x is empty")
    return x * 2


def largest(x):
    return float(doubled(x).max())


ARRAYS = spec_of(doubled, np.array([1.0, 2.0]), np.array([3.0]))
NUMBERS = spec_of(largest, np.array([1.0, 2.0]), np.array([3.0]))


def kept(spec, response):
    """Return 1 and no sentence where nothing speaks against the inputs, whatever else counts beside them."""
    sheet = spec.grading_sheet(b"secret")
    lines = {line.id: line for line in judge_exercise(sheet, collect(sheet.probe, response)).criteria}
    holds = lines["keeps"].score == 1 or lines["keeps"].message.startswith("holds, and earns its points only once")
    return int(holds), lines["keeps"].message


@pytest.mark.parametrize("response", [doubled, lambda x: x * 3, lambda x: torch.from_numpy(x) * 2, lambda x: x[:1]])
def test_an_array_that_depends_on_the_input_shows_that_it_was_left_alone(response):
    assert kept(ARRAYS, response)[0] == 1


def test_a_wrong_number_that_depends_on_the_input_shows_it_too():
    assert kept(NUMBERS, lambda x: int(x.sum()))[0] == 1


@pytest.mark.parametrize("made", [0, "done", {"q": 1}, object()])
def test_a_result_of_another_form_shows_nothing(made):
    score, message = kept(ARRAYS, lambda x: made)
    assert score == 0
    assert message.endswith("where a NumPy array is asked for, which shows nothing about its inputs")


def test_the_same_number_for_every_input_shows_nothing():
    score, message = kept(NUMBERS, lambda x: 7.0)
    assert (score, message) == (0, "returns the same whatever it is given, which shows nothing about its inputs")


def test_a_function_that_always_raises_shows_nothing():
    assert kept(ARRAYS, lambda x: x.missing)[0] == 0


def test_a_changed_input_is_told_before_anything_else():
    def in_place(x):
        x *= 2
        return 0

    score, message = kept(ARRAYS, in_place)
    assert score == 0
    assert "scale changed" in message


def test_one_right_constant_is_enough_where_one_is_asked_for():
    constant = spec_of(lambda x: 2 if x.size else doubled(x), np.array([1.0]), np.array([3.0]))
    assert kept(constant, lambda x: 3)[0] == 1
