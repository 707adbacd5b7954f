"""Weaken each criterion in turn so that it always passes, judge the evidence again: verify must turn red.

What verify has kept is judged; an exercise of which it kept nothing, or that has changed since, is run here.
"""

from functools import lru_cache
from pathlib import Path

import pytest

from quizlib.authoring.course import read_lesson
from quizlib.authoring.texts import lesson_ids
from quizlib.judging import exercises
from quizlib.verify.exercises import judge_attempt
from quizlib.verify.report import LessonReport
from quizlib.verify.tasks import taken_evidence, tasks_of
from quizlib.zoo.quiet import quiet

pytestmark = pytest.mark.proof

SOLUTIONS = Path(__file__).parents[2] / "solutions"
SAMPLE = Path(__file__).parents[1] / "release" / "course"
EXERCISES = [
    pytest.param(folder, lesson, item, id=item, marks=pytest.mark.xdist_group(f"mutation-{lesson}"))
    for folder in (SAMPLE, SOLUTIONS)
    for lesson in lesson_ids(folder)
    for item in read_lesson(folder, lesson).exercises
]


@pytest.fixture(autouse=True)
def as_in_a_process_of_verify():
    quiet()


@lru_cache
def tasks(folder, lesson):
    return {task.item: task for task in tasks_of(folder, lesson)}


def problems_with(one):
    return judge_attempt(LessonReport(), one, one.attempt)


def turns_red(one, criterion, monkeypatch):
    """Say whether verify finds fault with an attempt once a criterion always passes, and found none before."""
    judge = exercises._judge
    assert not problems_with(one)
    with monkeypatch.context() as weakened:
        weakened.setattr(
            exercises, "_judge", lambda bench, other: None if other.id == criterion else judge(bench, other)
        )
        return any("its label says" in problem and criterion in problem for problem in problems_with(one))


@pytest.mark.parametrize(("folder", "lesson", "item"), EXERCISES)
def test_a_criterion_that_always_passes_turns_verify_red(folder, lesson, item, monkeypatch):
    subject, ran = taken_evidence(tasks(folder, lesson)[item])
    wrong = [one for one in ran if one.attempt is not None and one.attempt.is_wrong]
    for criterion in subject.spec.criteria:
        losers = [one for one in wrong if criterion.id in one.attempt.loses]  # the labels of others name it nowhere
        assert any(turns_red(one, criterion.id, monkeypatch) for one in losers), criterion.id
