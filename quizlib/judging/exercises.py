"""Judge the evidence of a code exercise, criterion by criterion."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from quizlib.errors import LiteRTError, SpecError
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import Evidence, Unreadable
from quizlib.items.exercise import Criterion, Exercise, Matches, Measured, Raises, Unchanged
from quizlib.items.released import ExerciseSheet
from quizlib.judging.bench import Bench, Finding
from quizlib.judging.beside import counted
from quizlib.judging.compare import difference_in_part, part_of
from quizlib.judging.describing import describe, form_of
from quizlib.judging.facts.registry import measured_once
from quizlib.judging.measured import BESIDE_WORK, is_judged_elsewhere, is_on_digits, judge_measured
from quizlib.judging.misconceptions import recognise
from quizlib.judging.practice import OTHER_DIGITS, OTHER_INPUTS, WRITE_BODY, YET
from quizlib.judging.showing import case_size, raised, show_case
from quizlib.judging.unchanged import input_flaw
from quizlib.judging.verdict import CriterionResult, ShownCase, Verdict, status_of

MAX_MESSAGE = 600
"""Characters of a message at most; a response may bring texts of any length into it."""

LONG = 50
"""Characters of a sentence that is not told twice."""

ELSEWHERE = "judged after you submit"
"""What is said of a criterion that asks for a fact of the course's own, which no learner's kernel has."""


def judge_exercise(sheet: ExerciseSheet, evidence: Evidence) -> Verdict:
    """Return the verdict on a response to a code exercise; nothing here runs the learner's code."""
    exercise = sheet.exercise
    if evidence.unanswered:
        return _nothing(sheet, "unanswered", _unwritten(exercise, evidence))
    if evidence.problem:
        return _nothing(sheet, "invalid", evidence.problem)
    if _lacks_expected_values(sheet):
        return _nothing(sheet, "recorded", f"{exercise.name} is recorded; its values are judged after you submit.")
    judged = [criterion for criterion in exercise.criteria if not is_judged_elsewhere(criterion, sheet.facts)]
    if not judged:
        return _nothing(sheet, "recorded", f"{exercise.name} is recorded; it is judged after you submit.")
    bench = Bench.of(sheet, evidence)
    with measured_once():
        try:
            findings = counted(judged, {one.id: _judge(bench, one) for one in judged}, sheet.facts)
        except LiteRTError as error:
            return _nothing(sheet, "invalid", f"{exercise.name}: {error}")
        return _verdict(bench, findings)


def _unwritten(exercise: Exercise, evidence: Evidence) -> str:
    if evidence.cases:
        return f"{exercise.name} returns None whatever it is given{WRITE_BODY}"
    return f"{exercise.name} is not written{YET}"


def _lacks_expected_values(sheet: ExerciseSheet) -> bool:
    """Say whether values are to be compared that a class release does not carry."""
    compares = any(isinstance(criterion.requirement, Matches) for criterion in sheet.exercise.criteria)
    return _is_value(sheet.exercise) and compares and not sheet.answers


def _nothing(sheet: ExerciseSheet, status: str, summary: str) -> Verdict:
    exercise = sheet.exercise
    lines = tuple(
        CriterionResult(id=criterion.id, text=criterion.text, score=0, points=criterion.points)
        for criterion in exercise.criteria
    )
    fields = {"item": exercise.id, "title": sheet.title, "score": 0, "max_score": exercise.points}
    return Verdict.model_validate({**fields, "status": status, "summary": summary, "criteria": lines})


def _verdict(bench: Bench, findings: dict[str, Finding | None]) -> Verdict:
    """Return the verdict on the criteria that have a finding; the others are told, and count for nothing here."""
    exercise = bench.sheet.exercise
    lines = _told_once(tuple(_line(bench, criterion, findings) for criterion in exercise.criteria))
    judged = [line for line in lines if not line.is_judged_elsewhere]
    score, points = sum(line.score for line in judged), sum(line.points for line in judged)
    is_full = score >= points
    match = None if is_full else recognise(bench.sheet, bench.evidence, judged)
    failed = [case for case in bench.got.values() if case.failure is not None]
    status = "error" if score == 0 and failed and len(failed) == len(bench.got) else status_of(score, points)
    return Verdict(
        item=exercise.id,
        title=bench.sheet.title,
        score=score,
        max_score=points,
        status=status,
        summary=_summary(judged, len(lines) - len(judged)) + (_of_grading(bench.sheet) if is_full else ""),
        criteria=lines,
        misconception=None if match is None else match.misconception,
        is_likely=match is None or match.is_likely,
        case=None if is_full or _is_value(exercise) else _smallest_failing(bench, findings),
    )


def _summary(judged: list[CriterionResult], left: int) -> str:
    met = sum(line.is_met for line in judged)
    some = f"{met} of {len(judged)} criteria {'is' if met == 1 else 'are'} met"
    told = "All criteria are met" if met == len(judged) else some
    return f"{told}; {left} more {'is' if left == 1 else 'are'} {ELSEWHERE}." if left else f"{told}."


def _of_grading(sheet: ExerciseSheet) -> str:
    """Return what a grading does besides, if this is practice; a grading says nothing of itself."""
    is_practice = not sheet.unseen and sheet.public >= {case.id for case in sheet.probe.cases}
    is_called = RESPONSES[sheet.exercise.response].is_judged_by_calls
    is_on_others = any(is_on_digits(criterion, sheet.facts) for criterion in sheet.exercise.criteria)
    told = [OTHER_INPUTS] * is_called + [OTHER_DIGITS] * is_on_others
    return "".join(f" {sentence}" for sentence in told) if is_practice else ""


def _is_value(exercise: Exercise) -> bool:
    """Say whether the expected result of the exercise's one case is the very answer, which no message may tell."""
    return RESPONSES[exercise.response].is_compared_itself


def _told_once(lines: tuple[CriterionResult, ...]) -> tuple[CriterionResult, ...]:
    """Return the criteria with a long sentence that several of them share told at the first one only."""
    told: set[str] = set()
    kept = []
    for line in lines:
        sentence = line.message.removeprefix(BESIDE_WORK)
        is_raised = sentence.startswith("raised ")
        is_repeated = sentence in told and (is_raised or len(sentence) > LONG)
        told.add(sentence)
        again = "the same exception" if is_raised else "the same as above"
        start = line.message[: len(line.message) - len(sentence)]
        kept.append(line.model_copy(update={"message": start + again}) if is_repeated else line)
    return tuple(kept)


def _line(bench: Bench, criterion: Criterion, findings: dict[str, Finding | None]) -> CriterionResult:
    head = {"id": criterion.id, "text": criterion.text, "points": criterion.points}
    if criterion.id not in findings:
        return CriterionResult.model_validate({**head, "score": 0, "message": ELSEWHERE, "is_judged_elsewhere": True})
    finding = findings[criterion.id]
    if finding is None:
        return CriterionResult.model_validate({**head, "score": criterion.points})
    is_shown = finding.case is None or finding.case in bench.sheet.public
    message = _cut(finding.sentence) if is_shown else _unshown(bench, criterion, finding.case)
    return CriterionResult.model_validate({**head, "score": 0, "message": message, "is_unshown": finding.is_unshown})


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= MAX_MESSAGE else f"{sentence[: MAX_MESSAGE - 1]}…"


def _unshown(bench: Bench, criterion: Criterion, case: str | None) -> str:
    """Return what may be said of a private case that failed: not what went in or came out, but what it is about."""
    behaviour = bench.sheet.exercise.behaviours.get(case or "")
    others = [other.text for other in bench.sheet.exercise.criteria if other.id == behaviour != criterion.id]
    return "fails on a case that is not shown" + "".join(f", of the criterion “{text}”" for text in others)


def _judge(bench: Bench, criterion: Criterion) -> Finding | None:
    """Return None when the criterion is met, else the finding on the smallest case, public ones first."""
    match criterion.requirement:
        case Matches() as matches:
            return _first(bench, criterion, lambda case: _mismatch(bench, matches, case))
        case Raises() as raises:
            return _first(bench, criterion, lambda case: _not_raised(bench, raises, case))
        case Unchanged():
            return input_flaw(bench.sheet, bench.got, bench.cases_of(criterion))
        case Measured() as measured:
            return judge_measured(bench, criterion, measured)
        case _:
            assert_never(criterion.requirement)


def _first(bench: Bench, criterion: Criterion, judge: Callable[[str], str | None]) -> Finding | None:
    for case in bench.cases_of(criterion):
        sentence = judge(case)
        if sentence is not None:
            return Finding(sentence, case)
    return None


def _mismatch(bench: Bench, rule: Matches, case: str) -> str | None:
    expected, got = bench.sheet.answers[case], bench.got.get(case)
    if got is None:
        return "no result for this case"
    if got.failure is not None:
        return raised(got.failure)
    sentence = difference_in_part(expected.output, got.output, rule)
    found, wanted = part_of(got.output, rule.part), part_of(expected.output, rule.part)
    if isinstance(wanted, Unreadable):
        raise SpecError(f"the expected output of {case} is {wanted.told}; correct the part of the criterion.")
    if sentence is None or not _is_value(bench.sheet.exercise) or form_of(found) != form_of(wanted):
        return sentence
    where = bench.sheet.exercise.name if rule.part is None else f"{bench.sheet.exercise.name}[{rule.part!r}]"
    return f"{where} is {describe(found)}, which is not right"


def _not_raised(bench: Bench, rule: Raises, case: str) -> str | None:
    got, wanted = bench.got.get(case), " or ".join(rule.types)
    if got is None:
        return "no result for this case"
    if got.failure is None:
        return f"should raise {wanted}, but it returned {describe(got.output)}"
    if not set(rule.types) & set(got.failure.ancestors):
        return f"should raise {wanted}, but it {raised(got.failure)}"
    silent = [word for word in rule.mentions if word.lower() not in got.failure.message.lower()]
    return f"the message of {got.failure.type_name} should name {', '.join(silent)}" if silent else None


def _smallest_failing(bench: Bench, findings: dict[str, Finding | None]) -> ShownCase | None:
    """Return the public case with the fewest input values among those whose output failed."""
    failing = {
        finding.case: criterion
        for criterion in reversed(bench.sheet.exercise.criteria)  # of several on one case the first is told
        if (finding := findings.get(criterion.id)) is not None
        and finding.case in bench.sheet.public & set(bench.got)
        and not (finding.is_unshown or finding.is_of_response)
    }
    if not failing:
        return None
    case = min(failing, key=lambda case: case_size(bench.inputs.get(case)))
    return show_case(bench.sheet, bench.got[case], failing[case])
