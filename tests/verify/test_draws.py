"""Draws of private cases differ in their numbers and in nothing else."""

from pathlib import Path

import numpy as np
import pytest
import torch

from quizlib.authoring import Case, Criterion, Raises, ZooModel
from quizlib.authoring.course import read_course
from quizlib.verify.draws import draw_problems
from tests.authoring.specs import TYPICAL, spec

SOLUTIONS = Path(__file__).parents[2] / "solutions"
SECRETS = [f"draw {number}".encode() for number in range(8)]


def problems(private, **changes):
    """Return what draws of a function that hands back its first argument have."""
    made = spec(**{"private": private, "reference": lambda x, *rest, **named: x, **changes})
    return draw_problems(made, [made.grading_sheet(secret) for secret in SECRETS])


def typical(*arguments, **keywords):
    return [Case("typical", *arguments, **keywords)]


def number(generator):
    return float(generator.uniform(1, 2))


ALIKE = {
    "numbers": lambda g: typical(g.normal(size=(2, 3)), int(g.integers(1000)), bits=int(g.integers(2, 9))),
    "an edge beside": lambda g: [*typical(np.zeros(3)), *typical(g.normal(size=3))],
    "a model": lambda g: typical(ZooModel("digits_mlp", seed=int(g.integers(1000)))),
    "small numbers": lambda g: typical([1, int(g.integers(8))]),
    "codes": lambda g: typical(g.integers(0, 9, 5), number(g)),
    "bytes": lambda g: typical(b"x" * int(g.integers(1, 1000))),
    "one number again and again": lambda g: typical(torch.ones(3), number(g)),
}


@pytest.mark.parametrize("private", ALIKE.values(), ids=ALIKE)
def test_draws_of_one_form_have_no_problem(private):
    assert problems(private) == []


OTHER_FORMS = {
    "a length": lambda g: typical(g.normal(size=int(g.integers(2, 9)))),
    "a length of zeros": lambda g: typical(np.zeros(int(g.integers(2, 9)))),
    "axes": lambda g: typical(g.normal(size=[(6,), (2, 3)][g.integers(2)])),
    "a dtype": lambda g: typical(g.normal(size=3).astype([np.float32, np.float64][g.integers(2)])),
    "a library": lambda g: typical([np.ones, torch.ones][g.integers(2)](3)),
    "a list's length": lambda g: typical([number(g)] * int(g.integers(1, 4))),
    "a type": lambda g: typical([int, float][g.integers(2)](3)),
    "None": lambda g: typical(number(g), [None, 4][g.integers(2)]),
    "a truth value": lambda g: typical(number(g), bool(g.integers(2))),
    "a keyword": lambda g: typical(number(g), **{["bits", "axis"][g.integers(2)]: 4}),
    "a text": lambda g: typical(number(g), str(g.choice(["a", "b"]))),
    "a model's name": lambda g: typical(ZooModel(str(g.choice(["digits_mlp", "digits_cnn"])))),
}


@pytest.mark.parametrize("private", OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_arguments_of_another_form_are_a_problem(private):
    [problem] = problems(private)

    assert problem.startswith("private-0: the form of its arguments varies from draw to draw, such as …")


def test_results_of_another_form_are_a_problem():
    def lengthened(x):
        return x[x > 0]

    [problem] = problems(lambda g: typical(g.normal(size=8)), reference=lengthened)

    assert problem.startswith("private-0: the form of its expected result varies")


def refuse(x):
    """Hand back what is no text; refuse a text, and in another way one that begins with b."""
    if isinstance(x, str):
        raise UnicodeError("x begins with b") if x.startswith("b") else TypeError("x is text")
    return x


PUBLIC = [Case("typical", 1.5), Case("raises", "text")]
REFUSES = Criterion(id="raises", text="Refuses text", points=1, requirement=Raises(types=("TypeError", "UnicodeError")))


def refusals(private):
    return problems(private, criteria=[TYPICAL, REFUSES], reference=refuse, public=PUBLIC, varies=["names"])


def test_exceptions_count_among_the_results():
    def private(generator):
        return [*typical(number(generator)), Case("raises", f"{generator.choice(['a', 'b'])}{number(generator)}")]

    def alike(generator):
        return [*typical(number(generator)), Case("raises", f"a{number(generator)}")]

    [problem] = refusals(private)

    assert problem.startswith("private-1: the form of its expected result varies")
    assert refusals(alike) == []


def test_other_cases_or_other_behaviours_are_a_problem():
    def private(generator):
        return typical(number(generator)) * int(generator.integers(1, 3))

    [problem] = problems(private)

    assert problem.startswith("its private cases vary from draw to draw")


def test_numbers_that_hardly_vary_are_a_problem():
    few = problems(lambda g: typical(int(g.integers(2))))
    arrays = problems(lambda g: [*typical([np.array([0.5, 1.5]), np.array([0.5, 2.5])][g.integers(2)], number(g))])

    assert few == ["private-0: 8 draws give 2 cases; let numbers vary more, or not at all."]
    assert arrays == ["private-0: 8 draws give 2 arrays at place 0; let it vary more, or not at all."]


def test_a_criterion_whose_private_cases_are_always_the_same_is_a_problem():
    found = refusals(lambda generator: [*typical(np.array([1.5, 2.5])), Case("raises", "text")])

    told = "its private cases are the same in every draw; let one vary."
    assert found == [f"criterion typical: {told}", f"criterion raises: {told}"]


def test_what_is_asked_about_may_vary_where_the_spec_says_so():
    lengths = {"varies": ["lengths"]}
    assert problems(OTHER_FORMS["a length"], **lengths) == problems(OTHER_FORMS["a length of zeros"], **lengths) == []
    assert len(problems(OTHER_FORMS["axes"], **lengths)) == 1
    names = {"varies": ["names"]}
    assert problems(OTHER_FORMS["a text"], **names) == []
    for fixed in ("a dtype", "a library", "a list's length", "None", "a truth value"):
        assert len(problems(OTHER_FORMS[fixed], **names)) == 1


@pytest.mark.proof
@pytest.mark.filterwarnings("ignore")  # libraries warn of their own age when they convert a model
@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(lesson, id=lesson.id, marks=pytest.mark.xdist_group(f"draws-{lesson.id}"))
        for lesson in read_course(SOLUTIONS)
    ],
)
def test_every_exercise_of_the_course_draws_alike(lesson):
    specs = [found for found in lesson.exercises.values() if found.private is not None]

    assert specs
    assert {
        made.id: found
        for made in specs
        if (found := draw_problems(made, [made.grading_sheet(secret) for secret in SECRETS]))
    } == {}
