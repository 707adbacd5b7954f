"""Judge the evidence of a code exercise, criterion by criterion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from quizlib.errors import QuizError, SpecError
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import CaseEvidence, Evidence, Plain, Unreadable, walk
from quizlib.items.exercise import Condition, Criterion, Exercise, Matches, Measured, Raises, Unchanged
from quizlib.items.released import ExerciseSheet
from quizlib.judging.compare import difference_in_part, part_of
from quizlib.judging.describing import describe
from quizlib.judging.facts import FactContext, is_self_reported, measure
from quizlib.judging.facts.registry import holds
from quizlib.judging.litert import LiteRTError
from quizlib.judging.misconceptions import recognise
from quizlib.judging.showing import case_size, raised, show_case
from quizlib.judging.unchanged import input_flaw
from quizlib.judging.verdict import CriterionResult, ShownCase, Verdict, status_of

MAX_MESSAGE = 600
"""Characters of a message at most; a response may bring texts of any length into it."""


@dataclass(frozen=True, eq=False)
class Finding:
    """Why a criterion is not met: a sentence, and the case that shows it, if a case does."""

    sentence: str
    case: str | None = None


@dataclass(frozen=True, eq=False)
class _Bench:
    """The sheet and the evidence side by side, by case; `model` is the response itself where it is what is judged."""

    sheet: ExerciseSheet
    evidence: Evidence
    got: Mapping[str, CaseEvidence]
    inputs: Mapping[str, ProbeCase]
    model: Plain

    @classmethod
    def of(cls, sheet: ExerciseSheet, evidence: Evidence) -> _Bench:
        """Lay out what was asked for; results that a kernel adds of its own count for nothing."""
        inputs = {case.id: case for case in sheet.probe.cases}
        asked = {*inputs, *sheet.exercise.behaviours}
        got = {case.case: case for case in evidence.cases if case.case in asked}
        return cls(sheet, evidence, got, inputs, judged_model(sheet, evidence))


def judge_exercise(sheet: ExerciseSheet, evidence: Evidence) -> Verdict:
    """Return the verdict on a response to a code exercise; nothing here runs the learner's code."""
    exercise = sheet.exercise
    if evidence.unanswered:
        return _nothing(sheet, "unanswered", _unwritten(exercise, evidence))
    if evidence.problem:
        return _nothing(sheet, "invalid", evidence.problem)
    if _lacks_expected_values(sheet):
        return _nothing(sheet, "recorded", f"{exercise.name} is recorded; its values are judged after you submit.")
    bench = _Bench.of(sheet, evidence)
    try:
        findings = {criterion.id: _judge(bench, criterion) for criterion in exercise.criteria}
    except LiteRTError as error:
        return _nothing(sheet, "invalid", f"{exercise.name}: {error}")
    return _verdict(bench, findings)


def _unwritten(exercise: Exercise, evidence: Evidence) -> str:
    if evidence.cases:
        return f"{exercise.name} returns None whatever it is given: write its body, and end it with a return."
    return f"{exercise.name} is not written yet."


def judged_model(sheet: ExerciseSheet, evidence: Evidence) -> Plain:
    """Return the response where facts are measured on it; None where they are measured on outputs."""
    return evidence.response if RESPONSES[sheet.exercise.response].facts_on == "response" else None


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


def _verdict(bench: _Bench, findings: dict[str, Finding | None]) -> Verdict:
    exercise = bench.sheet.exercise
    lines = _told_once(tuple(_line(bench, criterion, findings[criterion.id]) for criterion in exercise.criteria))
    score = sum(line.score for line in lines)
    is_full = score >= exercise.points
    misconception = None if is_full else recognise(bench.sheet, bench.evidence)
    met = sum(line.is_met for line in lines)
    failed = [case for case in bench.got.values() if case.failure is not None]
    status = "error" if score == 0 and failed and len(failed) == len(bench.got) else status_of(score, exercise.points)
    return Verdict(
        item=exercise.id,
        title=bench.sheet.title,
        score=score,
        max_score=exercise.points,
        status=status,
        summary="All criteria are met." if is_full else f"{met} of {len(lines)} criteria are met.",
        criteria=lines,
        misconception=misconception,
        case=None if is_full or misconception or _is_value(exercise) else _smallest_failing(bench, findings),
    )


def _is_value(exercise: Exercise) -> bool:
    """Say whether the expected result of the exercise's one case is the very answer, which no message may tell."""
    return RESPONSES[exercise.response].is_compared_itself


def _told_once(lines: tuple[CriterionResult, ...]) -> tuple[CriterionResult, ...]:
    """Return the criteria with an exception that several of them share told at the first one only."""
    told: set[str] = set()
    kept = []
    for line in lines:
        is_repeated = line.message.startswith("raised ") and line.message in told
        told.add(line.message)
        kept.append(line.model_copy(update={"message": "the same exception"}) if is_repeated else line)
    return tuple(kept)


def _line(bench: _Bench, criterion: Criterion, finding: Finding | None) -> CriterionResult:
    head = {"id": criterion.id, "text": criterion.text, "points": criterion.points}
    if finding is None:
        return CriterionResult.model_validate({**head, "score": criterion.points})
    is_shown = finding.case is None or finding.case in bench.sheet.public
    message = finding.sentence[:MAX_MESSAGE] if is_shown else "fails on a case that is not shown"
    return CriterionResult.model_validate({**head, "score": 0, "message": message})


def _judge(bench: _Bench, criterion: Criterion) -> Finding | None:
    """Return None when the criterion is met, else the finding on the smallest case, public ones first."""
    match criterion.requirement:
        case Matches() as matches:
            return _first(bench, criterion, lambda case: _mismatch(bench, matches, case))
        case Raises() as raises:
            return _first(bench, criterion, lambda case: _not_raised(bench, raises, case))
        case Unchanged():
            flaw = input_flaw(bench.sheet, bench.got, _public_first(bench, criterion))
            return None if flaw is None else Finding(*flaw)
        case Measured() as measured:
            return _judge_measured(bench, criterion, measured)
        case _:
            assert_never(criterion.requirement)


def _first(bench: _Bench, criterion: Criterion, judge: Callable[[str], str | None]) -> Finding | None:
    for case in _public_first(bench, criterion):
        sentence = judge(case)
        if sentence is not None:
            return Finding(sentence, case)
    return None


def _public_first(bench: _Bench, criterion: Criterion) -> list[str]:
    return sorted(bench.sheet.exercise.cases_of(criterion), key=lambda name: name not in bench.sheet.public)


def _mismatch(bench: _Bench, rule: Matches, case: str) -> str | None:
    expected, got = bench.sheet.answers[case], bench.got.get(case)
    if got is None:
        return "no result for this case"
    if got.failure is not None:
        return raised(got.failure)
    sentence = difference_in_part(expected.output, got.output, rule)
    found, wanted = part_of(got.output, rule.part), part_of(expected.output, rule.part)
    if isinstance(wanted, Unreadable):
        raise SpecError(f"the expected output of {case} is {wanted.told}; correct the part of the criterion.")
    if sentence is None or not _is_value(bench.sheet.exercise) or type(found) is not type(wanted):
        return sentence
    where = bench.sheet.exercise.name if rule.part is None else f"{bench.sheet.exercise.name}[{rule.part!r}]"
    return f"{where} is {describe(found)}, which is not right"


def _not_raised(bench: _Bench, rule: Raises, case: str) -> str | None:
    got, wanted = bench.got.get(case), " or ".join(rule.types)
    if got is None:
        return "no result for this case"
    if got.failure is None:
        return f"should raise {wanted}, but it returned {describe(got.output)}"
    if not set(rule.types) & set(got.failure.ancestors):
        return f"should raise {wanted}, but it {raised(got.failure)}"
    silent = [word for word in rule.mentions if word.lower() not in got.failure.message.lower()]
    return f"the message of {got.failure.type_name} should name {', '.join(silent)}" if silent else None


def _judge_measured(bench: _Bench, criterion: Criterion, rule: Measured) -> Finding | None:
    cases = bench.sheet.exercise.cases_of(criterion)
    if not cases:
        sentence = _unmet(rule.conditions, bench.model, FactContext())
        return None if sentence is None else Finding(sentence)
    return _first_measured(bench, rule, cases)


def _first_measured(bench: _Bench, rule: Measured, cases: tuple[str, ...]) -> Finding | None:
    for case in sorted(cases, key=lambda name: name not in bench.sheet.public):
        got = bench.got.get(case)
        if got is None:
            return Finding("no result for this case", case)
        if got.failure is not None:
            return Finding(raised(got.failure), case)
        answer = bench.sheet.answers.get(case)
        context = FactContext(bench.inputs.get(case), None if answer is None else answer.output, got)
        subject = got.output if bench.model is None else bench.model
        sentence = _unmet(rule.conditions, subject, context)
        if sentence is not None:
            return Finding(sentence, case)
    return None


def _unmet(conditions: tuple[Condition, ...], subject: Plain, context: FactContext) -> str | None:
    """Return a sentence on the first condition that does not hold, None when all do."""
    unreadable = next((part for part in walk(subject) if isinstance(part, Unreadable)), None)
    if unreadable is not None:
        return f"the output is or holds {unreadable.told}"
    for condition in conditions:
        try:
            value = measure(condition, subject, context)
        except (LiteRTError, SpecError):  # no fault of this fact, and none of the learner's
            raise
        except QuizError as error:
            return str(error)
        if not holds(condition, value):
            shown = f"{value:.6g}" if isinstance(value, float) else str(value)
            return f"{fact_text(condition)} should be {condition.bounds}, but it is {shown}"
    return None


def fact_text(condition: Condition) -> str:
    """Return a fact in words.

    >>> fact_text(Condition(fact="sparsity", args={"weight": "hidden1.weight"}, at_least=0.5))
    'sparsity of hidden1.weight'
    """
    subject = condition.args.get("weight") or ", ".join(condition.args.get("weights", []))
    name = condition.fact.removeprefix("litert_").replace("_", " ")
    return f"{name} of {subject}" if subject else f"the {name}"


def _smallest_failing(bench: _Bench, findings: dict[str, Finding | None]) -> ShownCase | None:
    """Return the public case with the fewest input values among those that failed."""
    failing = {finding.case for finding in findings.values() if finding and finding.case in bench.sheet.public}
    shown = sorted(failing & set(bench.got), key=lambda case: case_size(bench.inputs.get(case)))
    return show_case(bench.sheet, bench.got[shown[0]]) if shown else None


def self_reported_points(exercise: Exercise) -> int:
    """Return the points that rest on the kernel's word alone; a fifth of all at most is allowed."""
    return sum(criterion.points for criterion in exercise.criteria if _is_self_reported(criterion))


def _is_self_reported(criterion: Criterion) -> bool:
    match criterion.requirement:
        case Raises() | Unchanged():
            return True
        case Measured() as rule:
            return any(is_self_reported(condition.fact) for condition in rule.conditions)
        case Matches():
            return False
        case _:
            assert_never(criterion.requirement)
