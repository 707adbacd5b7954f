"""What every exercise must keep for its criteria to be able to hold, to fail, and not to be met by known answers."""

from __future__ import annotations

from typing import assert_never

from quizlib.errors import SpecError
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import CaseEvidence, ZooModel
from quizlib.items.exercise import Criterion, Matches, Measured, Raises, Unchanged
from quizlib.items.released import ExerciseSheet
from quizlib.judging.beside import shown_by
from quizlib.judging.facts.registry import flaw_of
from quizlib.judging.measured import is_self_reported, self_reported_points


def check_sheet(sheet: ExerciseSheet) -> None:
    """Raise unless each criterion and symptom of a sheet can be judged, and can fail.

    Raises:
        SpecError: a rule is broken; the message names exercise, criterion and fact or case.
    """
    exercise = sheet.exercise
    _check_trust(sheet)
    for criterion in exercise.criteria:
        where = f"{exercise.id}, criterion {criterion.id}"
        _check_cases(sheet, criterion, where)
        _check_answers(sheet, criterion, where)
        _check_conditions(sheet, criterion, where)
        _check_beside(sheet, criterion, where)
    for symptom in exercise.misconceptions:
        for condition in symptom.conditions:
            # On a model, a symptom is measured without the inputs of any case.
            is_on_outputs = RESPONSES[exercise.response].facts_on == "outputs"
            flaw = flaw_of(condition, has_origin=_has_origin(sheet) and is_on_outputs, own=sheet.facts)
            _refuse(flaw, f"{exercise.id}, misconception {symptom.id}")


def check_hidden(sheet: ExerciseSheet) -> None:
    """Raise unless each criterion on a function is judged on public cases, and on private ones too.

    Else an answer that was written for the visible cases would pass, or a learner could not practise.

    Raises:
        SpecError: a criterion lacks one or the other.
    """
    for criterion in sheet.exercise.criteria:
        cases = set(sheet.exercise.cases_of(criterion))
        where = f"{sheet.exercise.id}, criterion {criterion.id}"
        if isinstance(criterion.requirement, Unchanged):
            continue
        if cases <= sheet.public:
            raise SpecError(f"{where}: no private case shows it, so answers to the visible ones would pass; draw one.")
        if not cases & sheet.public:
            raise SpecError(f"{where}: only private cases show it; add a public one, so that it can be practised.")


def _refuse(flaw: str | None, where: str) -> None:
    if flaw is not None:
        raise SpecError(f"{where}: {flaw}.")


def _check_trust(sheet: ExerciseSheet) -> None:
    exercise, trusted = sheet.exercise, self_reported_points(sheet.exercise, sheet.facts)
    if trusted * 5 > exercise.points:
        raise SpecError(
            f"{exercise.id}: {trusted} of {exercise.points} points rest on what the kernel reports of itself; "
            f"at most a fifth may."
        )


def _check_cases(sheet: ExerciseSheet, criterion: Criterion, where: str) -> None:
    cases = sheet.exercise.cases_of(criterion)
    own = [case for case in cases if sheet.exercise.behaviours[case] == criterion.id]
    match criterion.requirement:
        case Raises():
            flaw = None if own else "it has no case of its own to raise on; add one"
        case Matches():
            flaw = None if cases else "it has no case, so it cannot fail; add one"
        case Unchanged():
            flaw = None if sheet.probe.cases else "nothing is called, so no input can change; it cannot fail"
        case Measured():
            flaw = None
        case _:
            assert_never(criterion.requirement)
    _refuse(flaw, where)


def _check_answers(sheet: ExerciseSheet, criterion: Criterion, where: str) -> None:
    """Raise unless the reference returns where an output is compared, and raises where that is asked."""
    for case in sheet.exercise.cases_of(criterion):
        answer = sheet.answers.get(case)
        match criterion.requirement:
            case Raises(types=types):
                if answer is not None and not _raised(answer, types):
                    raise SpecError(f"{where}: the reference does not raise {' or '.join(types)} on {case}.")
            case Matches() if answer is None:
                raise SpecError(f"{where}: there is no reference to compare with; give the exercise one.")
            case Matches() | Measured():
                if answer is not None and answer.failure is not None:
                    failure = answer.failure
                    raise SpecError(f"{where}: the reference raises {failure.type_name} on {case}: {failure.message}")
            case Unchanged():
                continue
            case _:
                assert_never(criterion.requirement)


def _raised(answer: CaseEvidence, types: tuple[str, ...]) -> bool:
    return answer.failure is not None and bool(set(types) & set(answer.failure.ancestors))


def _check_conditions(sheet: ExerciseSheet, criterion: Criterion, where: str) -> None:
    if isinstance(criterion.requirement, Measured):
        for condition in criterion.requirement.conditions:
            _refuse(flaw_of(condition, has_origin=_has_origin(sheet), own=sheet.facts), where)


def _check_beside(sheet: ExerciseSheet, criterion: Criterion, where: str) -> None:
    """Raise where a criterion counts beside one that rests on the kernel's word, which shows no work."""
    others = shown_by(criterion, sheet.exercise.criteria, sheet.facts)
    trusted = [other.id for other in others if is_self_reported(other, sheet.facts)]
    _refuse(f"it stands beside {', '.join(trusted)}, which the kernel only reports" if trusted else None, where)


def _has_origin(sheet: ExerciseSheet) -> bool:
    """Say whether each case has a model of the zoo among its arguments."""
    arguments = [(*case.arguments, *(case.keywords or {}).values()) for case in sheet.probe.cases]
    return bool(arguments) and all(any(isinstance(a, ZooModel) for a in given) for given in arguments)
