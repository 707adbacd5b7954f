"""Judge the criteria that ask for facts; those that ask for facts which are not here wait for the one who has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from quizlib.errors import LiteRTError, MissingWeightsError, QuizError, SpecError
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import Plain, Unreadable, walk
from quizlib.items.exercise import Condition, Criterion, Exercise, Matches, Measured, Raises, Unchanged
from quizlib.items.fact import Fact
from quizlib.judging.bench import Bench, Finding
from quizlib.judging.facts.registry import FactContext, find_fact, holds, measure
from quizlib.judging.facts.telling import told
from quizlib.judging.showing import raised

BESIDE_WORK = "counts only beside work that is done: "
"""How a sentence begins on a criterion that nothing speaks against, and that rests on work which was not done."""

PROOFS_OF_WORK = ("changed_weights", "change_under_any_name")
"""Facts that say, at some least value, that anything was done at all."""


def judge_measured(bench: Bench, criterion: Criterion, rule: Measured) -> Finding | None:
    """Return None when all facts keep their bounds, else the finding on the first case, public ones first.

    Raises:
        SpecError: a condition cannot be measured, whatever the response. LiteRTError: the bytes are no model.
    """
    cases = bench.cases_of(criterion)
    if not cases:
        unmet = _unmet(rule.conditions, bench.model, _alone(bench))
        return None if unmet is None else unmet.finding(None, is_of_response=True)
    found = (_judge_case(bench, rule, case) for case in cases)
    return next((finding for finding in found if finding is not None), None)


def _alone(bench: Bench) -> FactContext:
    """Return what surrounds a response that is called on no case."""
    sheet, evidence = bench.sheet, bench.evidence
    given = (evidence.given_changed, evidence.given_restated)
    return FactContext(own=sheet.facts, unseen=sheet.unseen, given_changed=given[0], given_restated=given[1])


def _judge_case(bench: Bench, rule: Measured, case: str) -> Finding | None:
    got = bench.got.get(case)
    if got is None:
        return Finding("no result for this case", case)
    if got.failure is not None:
        return Finding(raised(got.failure), case)
    answer = bench.sheet.answers.get(case)
    sheet, given = bench.sheet, (bench.evidence.given_changed, bench.evidence.given_restated)
    context = FactContext.of(bench.inputs.get(case), answer, got, sheet.facts, sheet.unseen, *given)
    is_value = RESPONSES[bench.sheet.exercise.response].is_compared_itself  # whose expected values nobody is told
    subject = got.output if bench.model is None else bench.model
    unmet = _unmet(rule.conditions, subject, context, with_place=not is_value)
    return None if unmet is None else unmet.finding(case, is_of_response=bench.model is not None)


@dataclass(frozen=True)
class Unmet:
    """A sentence on a condition that does not hold; `is_of_work` where it is asked for beside another as proof of work.

    What was left alone is not said to have been changed where it was left alone by doing nothing.
    """

    sentence: str
    is_of_work: bool = False

    def finding(self, case: str | None, *, is_of_response: bool) -> Finding:
        """Return what was found on a case."""
        sentence = f"{BESIDE_WORK}{self.sentence}" if self.is_of_work else self.sentence
        return Finding(sentence, case, is_unshown=self.is_of_work, is_of_response=is_of_response)


def _unmet(
    conditions: tuple[Condition, ...], subject: Plain, context: FactContext, *, with_place: bool = True
) -> Unmet | None:
    """Return a sentence on the first condition that does not hold, None when all do.

    Whether inputs were left alone is looked at first: where they were, what else is asked is proof of work.
    """
    unreadable = next((part for part in walk(subject) if isinstance(part, Unreadable)), None)
    if unreadable is not None:
        return Unmet(f"the output is or holds {unreadable.told}")
    is_about_inputs = any(map(_asks_for_inputs_as_they_were, conditions))
    for condition in sorted(conditions, key=lambda each: not _asks_for_inputs_as_they_were(each)):
        is_of_work = is_about_inputs and not _asks_for_inputs_as_they_were(condition)
        try:
            value = measure(condition, subject, context)
        except (LiteRTError, MissingWeightsError, SpecError):  # no fault of this fact, and none of the learner's
            raise
        except QuizError as error:
            return Unmet(str(error), is_of_work)
        if not holds(condition, value):
            sentence = told(condition, value, subject, context, with_place=with_place)
            return Unmet(sentence, is_of_work or (_is_proof_of_work(condition) and len(conditions) > 1))
    return None


def _asks_for_inputs_as_they_were(condition: Condition) -> bool:
    return condition.fact == "inputs_changed" and condition.equals is False


def _is_proof_of_work(condition: Condition) -> bool:
    return condition.fact in PROOFS_OF_WORK and condition.at_least is not None


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
