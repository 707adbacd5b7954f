from dataclasses import replace

import numpy as np
import pytest

from quizlib.authoring import Case, raising
from quizlib.authoring.accepted import AcceptedMutant
from quizlib.authoring.course import read_lesson
from quizlib.mutants import mutants_of
from quizlib.verify.mutants import solution_of
from quizlib.verify.probes import Probed, probe_problems, probed
from quizlib.verify.subjects import subjects


@pytest.fixture
def sample(course):
    return subjects(read_lesson(course, "90-sample"))


@pytest.fixture
def subject(sample):
    return sample["quantize-codes"]


def with_public(subject, *cases, **spec):
    return replace(subject, spec=replace(subject.spec, public=cases, **spec))


VALUES = np.array([0.25, -1.0], np.float32)
CASES = [Case("typical", VALUES, 0.5), Case("typical", 2 * VALUES, 0.25), Case("clamps", 900 * VALUES, 0.5)]


def test_values_of_a_parameter_are_counted_once_each_by_position_and_by_name(subject):
    given = with_public(subject, *CASES[1:], Case("typical", VALUES, scale=0.5))

    assert probed(given)[:2] == [
        Probed("parameter", "x", public=3, graded=5, is_stated=True),
        Probed("parameter", "scale", public=2, graded=3, is_stated=True),
    ]


def test_default_that_a_case_leaves_alone_is_a_value(subject):
    source = subject.solution.replace("scale: float", "scale: float = 0.5", 1)
    reference = subject.spec.reference
    by_default = {"reference": lambda x, scale=0.5: reference(x, scale)}
    given = with_public(replace(subject, solution=source), Case("typical", VALUES), *CASES, **by_default)

    assert probed(given)[1].public == 2


def test_parts_of_a_dict_are_looked_at_case_by_case(sample):
    found = {one.name: one for one in probed(sample["size-table"]) if one.kind == "part"}

    assert found
    assert all(one.public == 1 and one.is_stated for one in found.values())


def test_sample_has_no_problems(sample):
    assert [probe_problems(subject) for subject in sample.values()] == [[], []]


def test_parameter_that_keeps_its_value_in_practice_is_a_problem(subject):
    given = with_public(subject, CASES[0], CASES[2])

    assert probe_problems(given) == [
        "the parameter scale takes one value in the public cases; vary it, or list the mutant that fixes it as one for "
        "grading alone."
    ]


def test_parameter_whose_fixing_mutant_is_listed_may_keep_its_value_in_practice(subject):
    given = with_public(subject, CASES[0], CASES[2])
    made = mutants_of(solution_of(given.spec, given.solution))
    diff = next(mutant.diff for mutant in made if "scale fixed as in the first public case" in mutant.label)
    listed = (AcceptedMutant(diff=diff, reason="The public cases share a scale.", kind="practice"),)

    assert probe_problems(replace(given, accepted=listed)) == []


def test_parameter_that_keeps_its_value_in_grading_is_a_problem(subject):
    given = with_public(subject, CASES[0], CASES[2], private=lambda generator: [CASES[0], CASES[2]])

    assert "the parameter scale takes one value in all cases; vary it." in probe_problems(given)


def refusing(subject, **fields):
    """Return the exercise with a criterion that refuses a scale of 0."""

    def reference(x, scale):
        if scale == 0:
            raise ValueError("scale is 0")
        return subject.spec.reference(x, scale)

    criteria = (*subject.spec.criteria[:-1], raising("refuses", "Refuses a scale of 0", "ValueError"))
    refused = Case("refuses", VALUES, 0.0)
    private = subject.spec.private
    changed = {
        "criteria": criteria,
        "reference": reference,
        "private": lambda generator: [*private(generator), refused],
    }
    return with_public(replace(subject, **fields), *CASES, refused, **changed)


def test_exception_that_is_asked_for_and_not_told_is_a_problem(subject):
    given = refusing(subject)

    assert probed(given)[-1] == Probed("exception", "ValueError", public=1, graded=2, is_stated=False)
    assert probe_problems(given) == ["its cases look at the exception ValueError, which its task does not name."]


def test_exception_that_is_told_and_asked_for_is_none(subject):
    assert probe_problems(refusing(subject, task="A scale of 0 raises a `ValueError`.")) == []


def test_exception_that_is_told_to_be_raised_and_never_asked_for_is_a_problem(subject):
    told = replace(subject, task="With a scale of 0, raise a `ValueError`. In torch it is a RuntimeError.")

    assert probe_problems(told) == ["its task names the exception ValueError, but no public cases look at it."]


def test_part_that_the_task_does_not_name_is_a_problem(sample):
    bare = replace(sample["size-table"], task="Return the table.", stub="")
    names = [one.name for one in probed(bare) if one.kind == "part"]

    assert names
    told = "its cases look at the part {}, which its task does not name."
    assert probe_problems(bare) == [told.format(name) for name in names]
