"""The mutants of the course's own solutions: made here, which is fast, and run by `quizlib verify`."""

from collections import Counter
from pathlib import Path

import pytest

from quizlib.authoring.course import read_lesson
from quizlib.authoring.texts import lesson_ids
from quizlib.mutants import KINDS, has_training, mutants_of
from quizlib.verify.mutants import FEWEST_OF_TRAINING, solution_of
from quizlib.verify.subjects import subjects

SOLUTIONS = Path(__file__).parents[2] / "solutions"

FEWEST = 2_000
"""Mutants that the solutions of the course have at least."""

FEWEST_OF_A_KIND = 80


@pytest.fixture(scope="module")
def solutions():
    """The solutions of all exercises, by exercise."""
    lessons = [subjects(read_lesson(SOLUTIONS, lesson)) for lesson in lesson_ids(SOLUTIONS)]
    return {item: solution_of(one.spec, one.solution) for lesson in lessons for item, one in lesson.items()}


@pytest.fixture(scope="module")
def made(solutions):
    return {item: mutants_of(solution) for item, solution in solutions.items()}


def test_course_has_thousands_of_mutants_and_many_of_each_kind(made):
    kinds = Counter(mutant.kind for mutants in made.values() for mutant in mutants)
    print(f"{kinds.total()} mutants: {', '.join(f'{kinds[kind]} ({kind}) {what}' for kind, what in KINDS.items())}")

    assert kinds.total() >= FEWEST
    assert {kind: count for kind, count in kinds.items() if count >= FEWEST_OF_A_KIND}.keys() == KINDS.keys()


def test_every_exercise_has_mutants_and_each_that_trains_has_several(solutions, made):
    training = {item for item, solution in solutions.items() if has_training(solution)}

    assert training
    assert {item for item in training if len(made[item]) < FEWEST_OF_TRAINING} == set()
    assert [item for item, mutants in made.items() if not mutants] == []


def test_every_training_may_be_left_undone(solutions, made):
    training = [item for item, solution in solutions.items() if has_training(solution)]

    assert [item for item in training if not any(mutant.is_undone for mutant in made[item])] == []


def test_every_function_has_its_parameters_fixed_and_its_input_handed_back(solutions, made):
    for item, solution in solutions.items():
        if solution.response == "function" and solution.arguments:
            labels = [mutant.label for mutant in made[item]]
            assert any(" fixed as in the first public case" in label for label in labels), item
            assert any(mutant.is_undone for mutant in made[item]), item
