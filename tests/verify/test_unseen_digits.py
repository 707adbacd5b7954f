"""Whatever the digits of a grading are, attempts lose what their labels say: under many secrets, trained once."""

from pathlib import Path

import pytest

from quizlib.authoring.course import read_lesson
from quizlib.authoring.texts import lesson_ids
from quizlib.judging.beside import all_lost
from quizlib.judging.exercises import judge_exercise
from quizlib.judging.measured import is_on_digits
from quizlib.verify.exercises import lost_criteria
from quizlib.verify.tasks import taken_evidence, tasks_of
from quizlib.zoo.quiet import quiet

pytestmark = pytest.mark.proof

SOLUTIONS = Path(__file__).parents[2] / "solutions"
SECRETS = [f"grading {number}".encode() for number in range(20)]
MEASURED = [
    (lesson, item)
    for lesson in lesson_ids(SOLUTIONS)
    for item, spec in read_lesson(SOLUTIONS, lesson).exercises.items()
    if spec.private is None and any(is_on_digits(criterion, spec.facts) for criterion in spec.criteria)
]


def test_there_are_models_whose_accuracy_is_judged():
    assert len(MEASURED) >= 5


@pytest.mark.parametrize(("lesson", "item"), MEASURED, ids=[item for _, item in MEASURED])
def test_attempts_lose_what_their_labels_say_on_the_digits_of_every_grading(lesson, item):
    quiet()
    [task] = [task for task in tasks_of(SOLUTIONS, lesson) if task.item == item]
    subject, ran = taken_evidence(task)
    sheets = [subject.spec.grading_sheet(secret) for secret in SECRETS]
    attempts = [(one.attempt, one.evidence[0][1]) for one in ran if one.attempt is not None]
    found = [(attempt.label, set()) for attempt, _ in attempts]
    for sheet in sheets:  # whose digits are drawn once for all attempts
        for (_, lost), (_, evidence) in zip(found, attempts, strict=True):
            lost.add(lost_criteria(judge_exercise(sheet, evidence)))
    assert len({sheet.unseen for sheet in sheets}) == len(SECRETS)
    criteria, facts = subject.spec.criteria, subject.spec.facts
    assert found == [(attempt.label, {all_lost(criteria, attempt.loses, facts)}) for attempt, _ in attempts]
