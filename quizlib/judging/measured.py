"""Judge the criteria that ask for facts; those that ask for facts which are not here wait for the one who has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from quizlib.errors import LiteRTError, QuizError, SpecError
from quizlib.evidence.values import Plain, Unreadable, walk
from quizlib.items.exercise import Condition, Criterion, Exercise, Matches, Measured, Raises, Unchanged
from quizlib.items.fact import Fact
from quizlib.judging.bench import Bench, Finding
from quizlib.judging.facts.registry import FactContext, find_fact, holds, measure
from quizlib.judging.showing import raised


def judge_measured(bench: Bench, criterion: Criterion, rule: Measured) -> Finding | None:
    """Return None when all facts keep their bounds, else the finding on the first case, public ones first.

    Raises:
        SpecError: a condition cannot be measured, whatever the response. LiteRTError: the bytes are no model.
    """
    cases = bench.cases_of(criterion)
    if not cases:
        sentence = _unmet(rule.conditions, bench.model, FactContext(own=bench.sheet.facts, unseen=bench.sheet.unseen))
        return None if sentence is None else Finding(sentence)
    found = (_judge_case(bench, rule, case) for case in cases)
    return next((finding for finding in found if finding is not None), None)


def _judge_case(bench: Bench, rule: Measured, case: str) -> Finding | None:
    got = bench.got.get(case)
    if got is None:
        return Finding("no result for this case", case)
    if got.failure is not None:
        return Finding(raised(got.failure), case)
    answer = bench.sheet.answers.get(case)
    context = FactContext.of(bench.inputs.get(case), answer, got, bench.sheet.facts, bench.sheet.unseen)
    sentence = _unmet(rule.conditions, got.output if bench.model is None else bench.model, context)
    return None if sentence is None else Finding(sentence, case)


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


def is_judged_elsewhere(criterion: Criterion, own: Mapping[str, Fact]) -> bool:
    """Say whether a criterion asks for a fact that is neither the library's nor among the course's `own` facts.

    A learner's kernel has no facts of a course's own, and the judge of a class has them all.
    """
    match criterion.requirement:
        case Measured() as rule:
            return not are_known(rule.conditions, own)
        case Matches() | Raises() | Unchanged():
            return False
        case _:
            assert_never(criterion.requirement)


def are_known(conditions: tuple[Condition, ...], own: Mapping[str, Fact]) -> bool:
    """Say whether all facts that are asked for are here.

    >>> are_known((Condition(fact="sparsity", equals=1), Condition(fact="of_my_own", equals=1)), {})
    False
    """
    return all(find_fact(condition.fact, own) is not None for condition in conditions)


def is_on_digits(criterion: Criterion, own: Mapping[str, Fact]) -> bool:
    """Say whether a criterion asks for a fact that a grading measures on digits which no kernel holds."""
    match criterion.requirement:
        case Measured() as rule:
            found = [find_fact(condition.fact, own) for condition in rule.conditions]
            return any(fact is not None and fact.is_on_digits for fact in found)
        case Matches() | Raises() | Unchanged():
            return False
        case _:
            assert_never(criterion.requirement)


def self_reported_points(exercise: Exercise, own: Mapping[str, Fact]) -> int:
    """Return the points that rest on the kernel's word alone; a fifth of all at most is allowed."""
    return sum(criterion.points for criterion in exercise.criteria if is_self_reported(criterion, own))


def is_self_reported(criterion: Criterion, own: Mapping[str, Fact]) -> bool:
    """Say whether a criterion rests on what the kernel alone can report: what was raised, what was left unchanged."""
    match criterion.requirement:
        case Raises() | Unchanged():
            return True
        case Measured() as rule:
            found = [find_fact(condition.fact, own) for condition in rule.conditions]
            return any(fact is not None and fact.is_self_reported for fact in found)
        case Matches():
            return False
        case _:
            assert_never(criterion.requirement)
