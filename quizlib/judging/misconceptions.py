"""Name the misconception behind a wrong response, or none when two fit or nothing does."""

from __future__ import annotations

from quizlib.errors import QuizError, SpecError
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import CaseEvidence, Evidence, Plain, Unreadable, walk
from quizlib.items.base import Misconception
from quizlib.items.exercise import Symptom
from quizlib.items.released import ExerciseSheet
from quizlib.judging.compare import same_result
from quizlib.judging.facts.registry import FactContext, holds, measure
from quizlib.judging.measured import are_known


def recognise(sheet: ExerciseSheet, evidence: Evidence) -> Misconception | None:
    """Return the one misconception that the evidence fits.

    A function fits when its results on all public cases equal those of a known wrong attempt, which
    are wrong on one of them at least;
    anything fits when all conditions of the misconception's symptom hold, where the facts that it asks for are here.
    Two that fit name none.
    """
    fitting = [symptom for symptom in sheet.exercise.misconceptions if _fits(sheet, symptom, evidence)]
    if len(fitting) != 1:
        return None
    found = fitting[0]
    return Misconception(id=found.id, text=found.text, remedy=found.remedy)


def _fits(sheet: ExerciseSheet, symptom: Symptom, evidence: Evidence) -> bool:
    if symptom.conditions:
        return are_known(symptom.conditions, sheet.facts) and _shows(sheet, symptom, evidence)
    got = {case.case: case for case in evidence.cases}
    attempts = sheet.recognised.get(symptom.id, ())
    return any(echoes(attempt, got) for attempt in attempts if not _is_right(sheet, attempt))


def _is_right(sheet: ExerciseSheet, attempt: dict[str, CaseEvidence]) -> bool:
    """Say whether an attempt's mistake shows on none of its cases; then it tells nothing."""
    return echoes({case: sheet.answers[case] for case in attempt if case in sheet.answers}, attempt)


def echoes(known: dict[str, CaseEvidence], got: dict[str, CaseEvidence]) -> bool:
    """Say whether every result of a known attempt came out again."""
    return bool(known) and all(case in got and same_result(result, got[case]) for case, result in known.items())


def _shows(sheet: ExerciseSheet, symptom: Symptom, evidence: Evidence) -> bool:
    """Say whether the symptom holds, on the response or on the outputs of all public cases that are to have one."""
    if RESPONSES[sheet.exercise.response].facts_on == "response":
        return _all_hold(symptom, evidence.response, _alone(sheet, evidence))
    cases = {case.id: case for case in sheet.probe.cases}
    public = [case for case in evidence.cases if case.case in sheet.public and not _is_to_raise(sheet, case.case)]
    return bool(public) and all(_shows_on(sheet, symptom, case, cases.get(case.case)) for case in public)


def _alone(sheet: ExerciseSheet, evidence: Evidence) -> FactContext:
    """Return what surrounds a response whose symptom is looked at without any case."""
    return FactContext(own=sheet.facts, given_changed=evidence.given_changed)


def _is_to_raise(sheet: ExerciseSheet, case: str) -> bool:
    answer = sheet.answers.get(case)
    return answer is not None and answer.failure is not None


def _shows_on(sheet: ExerciseSheet, symptom: Symptom, got: CaseEvidence, case: ProbeCase | None) -> bool:
    answer = sheet.answers.get(got.case)
    context = FactContext.of(case, answer, got, sheet.facts)
    return got.failure is None and _all_hold(symptom, got.output, context)


def _all_hold(symptom: Symptom, subject: Plain, context: FactContext) -> bool:
    if any(isinstance(part, Unreadable) for part in walk(subject)):
        return False
    try:
        return all(holds(condition, measure(condition, subject, context)) for condition in symptom.conditions)
    except SpecError:  # no fault of the learner's
        raise
    except QuizError:
        return False
