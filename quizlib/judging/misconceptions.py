"""Name the misconception behind a wrong response, or none when two fit or nothing does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizlib.errors import QuizError, SpecError
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import CaseEvidence, Evidence, Plain, Unreadable, walk
from quizlib.items.base import Misconception
from quizlib.items.exercise import Condition, Symptom
from quizlib.items.released import ExerciseSheet
from quizlib.judging.beside import all_lost
from quizlib.judging.compare import count_of_differences, same_result
from quizlib.judging.facts.registry import FactContext, holds, measure
from quizlib.judging.measured import are_known
from quizlib.judging.verdict import CriterionResult


@dataclass(frozen=True)
class Match:
    """A misconception that the evidence fits: in full, or only nearly."""

    misconception: Misconception
    is_likely: bool


def recognise(sheet: ExerciseSheet, evidence: Evidence, judged: Sequence[CriterionResult] = ()) -> Match | None:
    """Return the one misconception that the evidence fits.

    A function fits when its results on all public cases equal those of a known wrong attempt, which
    are wrong on one of them at least;
    anything fits when all conditions of the misconception's symptom hold, where the facts that it asks for are here.
    Two that fit name none.

    Args:
        sheet: The exercise, with the results of known attempts.
        evidence: What came of the response.
        judged: How its criteria ended; a mistake that loses others explains these only in part, and is near.
    """
    fitting = [symptom for symptom in sheet.exercise.misconceptions if _fits(sheet, symptom, evidence)]
    if len(fitting) != 1:
        return None
    found = fitting[0]
    misconception = Misconception(id=found.id, text=found.text, remedy=found.remedy)
    return Match(misconception, _explains(sheet, found, judged) and not is_near(sheet, found, evidence))


def _explains(sheet: ExerciseSheet, symptom: Symptom, judged: Sequence[CriterionResult]) -> bool:
    """Say whether some known attempt at a mistake loses what the response lost, where that is known of both."""
    seen, lost = {line.id for line in judged}, {line.id for line in judged if not line.is_met}
    known = (all_lost(sheet.exercise.criteria, loses, sheet.facts) for loses in symptom.loses)
    return not judged or not symptom.loses or any(lost == seen & loses for loses in known)


def _fits(sheet: ExerciseSheet, symptom: Symptom, evidence: Evidence) -> bool:
    if symptom.conditions:
        return are_known(symptom.conditions, sheet.facts) and shows(sheet, symptom.conditions, evidence)
    return bool(echoed(sheet, symptom, evidence))


def echoed(sheet: ExerciseSheet, symptom: Symptom, evidence: Evidence) -> list[dict[str, CaseEvidence]]:
    """Return the known attempts at a mistake whose results all came out again."""
    got = {case.case: case for case in evidence.cases}
    attempts = sheet.recognised.get(symptom.id, ())
    return [attempt for attempt in attempts if echoes(attempt, got) and not _is_right(sheet, attempt)]


def _is_right(sheet: ExerciseSheet, attempt: dict[str, CaseEvidence]) -> bool:
    """Say whether an attempt's mistake shows on none of its cases; then it tells nothing."""
    return echoes({case: sheet.answers[case] for case in attempt if case in sheet.answers}, attempt)


def echoes(known: dict[str, CaseEvidence], got: dict[str, CaseEvidence]) -> bool:
    """Say whether every result of a known attempt came out again."""
    return bool(known) and all(case in got and same_result(result, got[case]) for case, result in known.items())


def shows(sheet: ExerciseSheet, conditions: Sequence[Condition], evidence: Evidence) -> bool:
    """Say whether conditions hold, on the response or on the outputs of all public cases that are to have one."""
    if RESPONSES[sheet.exercise.response].facts_on == "response":
        return _all_hold(conditions, evidence.response, _alone(sheet, evidence))
    cases = {case.id: case for case in sheet.probe.cases}
    public = [case for case in evidence.cases if case.case in sheet.public and not _is_to_raise(sheet, case.case)]
    return bool(public) and all(_hold_on(sheet, conditions, case, cases.get(case.case)) for case in public)


def _alone(sheet: ExerciseSheet, evidence: Evidence) -> FactContext:
    """Return what surrounds a response whose symptom is looked at without any case.

    Digits are those of practice, in a grading, too: on them the bounds of symptoms were measured.
    """
    changed, restated = evidence.given_changed, evidence.given_restated
    return FactContext(own=sheet.facts, given_changed=changed, given_restated=restated)


def _is_to_raise(sheet: ExerciseSheet, case: str) -> bool:
    answer = sheet.answers.get(case)
    return answer is not None and answer.failure is not None


def _hold_on(sheet: ExerciseSheet, conditions: Sequence[Condition], got: CaseEvidence, case: ProbeCase | None) -> bool:
    answer = sheet.answers.get(got.case)
    context = FactContext.of(case, answer, got, sheet.facts)
    return got.failure is None and _all_hold(conditions, got.output, context)


def _all_hold(conditions: Sequence[Condition], subject: Plain, context: FactContext) -> bool:
    if any(isinstance(part, Unreadable) for part in walk(subject)):
        return False
    try:
        return all(holds(condition, measure(condition, subject, context)) for condition in conditions)
    except SpecError:  # no fault of the learner's
        raise
    except QuizError:
        return False


NARROW = 0.001
"""A bound that a value keeps by less than this share of itself is kept narrowly: by chance, it may be."""


def is_near(sheet: ExerciseSheet, symptom: Symptom, evidence: Evidence) -> bool:
    """Say whether a mistake that fits is no more than near.

    By facts it is where some bound is kept narrowly. By results it is where the known attempts show it in a single
    number, or in the type of an exception alone: other mistakes give the same.
    """
    if symptom.conditions:
        return not shows(sheet, [_tightened(condition) for condition in symptom.conditions], evidence)
    return max(_clues(sheet, attempt) for attempt in echoed(sheet, symptom, evidence)) < 2


def _tightened(condition: Condition) -> Condition:
    """Return a condition whose bounds lie further in by a narrow margin; whole ones are those of counts, and stay."""
    least, most = condition.at_least, condition.at_most
    if least is not None and not least.is_integer():
        least += NARROW * min(abs(least), abs(1 - least))  # of a share up to 1, of what is left above it
    if most is not None and not most.is_integer():
        most -= NARROW * abs(most)
    return condition.model_copy(update={"at_least": least, "at_most": most})


def _clues(sheet: ExerciseSheet, attempt: dict[str, CaseEvidence]) -> int:
    """Return how many numbers, or other single values, of a known attempt are wrong on the public cases."""
    return sum(_wrong_values(sheet.answers.get(case), result) for case, result in attempt.items())


def _wrong_values(answer: CaseEvidence | None, result: CaseEvidence) -> int:
    if answer is None or result.failure is not None:
        return 0
    if answer.failure is not None:  # it returned where an exception was asked for
        return 2
    is_otherwise = int(answer.inputs_changed != result.inputs_changed) * 2
    return is_otherwise + count_of_differences(answer.output, result.output)
