"""Prove the key of a question from what its proof observes."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from quizlib.authoring.proof import Claim, Proof, Seen
from quizlib.authoring.questions import WrittenQuestion
from quizlib.items.question import has_options, is_close
from quizlib.verify.report import LessonReport


def verify_question(question: WrittenQuestion, proof: Proof | None) -> LessonReport:
    """Return the report on one question: its key must follow from the proof, and every distractor be refuted."""
    report = LessonReport()
    report.questions.total = 1
    report.questions.distractors = distractor_count(question)
    if question.cited:
        report.questions.cited = 1
        report.questions.refuted = report.questions.distractors
        if proof is not None:
            report.problems.append(f"question {question.id} is cited and has a proof; drop one of the two.")
        return report
    if proof is None:
        report.problems.append(f"question {question.id} has no proof; write one, or cite its source.")
        return report
    report.problems += prove(question, proof)
    if not report.problems:
        report.questions.proved = 1
        report.questions.refuted = report.questions.distractors
    return report


def distractor_count(question: WrittenQuestion) -> int:
    """Return how many wrong answers the question names."""
    return len(question.wrong) + sum(option.misconception is not None for option in question.options)


def prove(question: WrittenQuestion, proof: Proof) -> list[str]:
    """Return a sentence for each way in which the proof does not bear out the key; an empty list proves it."""
    try:
        seen = dict(proof.observe())
    except Exception as error:  # a proof runs real libraries, which may raise anything
        return [f"question {question.id}: its proof raised {type(error).__name__}: {error}"]
    if not seen:
        return [f"question {question.id}: its proof observed nothing."]
    if not has_options(question.kind):
        return _prove_value(question, proof, seen)
    problems = _unfit_claims(question, proof)
    if problems:
        return problems
    problems += [problem for letter, claim in proof.claims.items() for problem in _rigid(question, letter, claim, seen)]
    return problems + (_prove_order if question.kind == "order" else _prove_options)(question, proof, seen)


def _unfit_claims(question: WrittenQuestion, proof: Proof) -> list[str]:
    letters = "ABCDEFGH"[: len(question.options)]
    if question.kind == "order":
        pairs = {"".join(pair) for pair in itertools.permutations(letters, 2)}
        strange = sorted(set(proof.claims) - pairs)
        return [f"question {question.id}: claim {pair} is no pair of its options." for pair in strange]
    missing, strange = sorted(set(letters) - set(proof.claims)), sorted(set(proof.claims) - set(letters))
    return [f"question {question.id}: option {letter} has no claim." for letter in missing] + [
        f"question {question.id}: claim {letter} is of no option." for letter in strange
    ]


def _prove_options(question: WrittenQuestion, proof: Proof, seen: Seen) -> list[str]:
    problems = []
    for letter, claim in sorted(proof.claims.items()):
        holds, is_key = bool(claim.holds(seen)), letter in str(question.key)
        if is_key and not holds:
            problems.append(f"question {question.id}: option {letter} is in the key but does not hold: {claim.says}.")
        if holds and not is_key:
            problems.append(f"question {question.id}: distractor {letter} holds: {claim.says}.")
    return problems


def _prove_order(question: WrittenQuestion, proof: Proof, seen: Seen) -> list[str]:
    """Prove that every claimed pair holds, stands so in the key, and that together they leave one order."""
    key = str(question.key)
    problems = []
    for pair, claim in proof.claims.items():
        if not claim.holds(seen):
            problems.append(f"question {question.id}: {pair[0]} before {pair[1]} does not hold: {claim.says}.")
        if key.index(pair[0]) > key.index(pair[1]):
            problems.append(f"question {question.id}: the key {key} has {pair[1]} before {pair[0]}, the proof not.")
    loose = [f"{a}{b}" for a, b in itertools.pairwise(key) if f"{a}{b}" not in proof.claims]
    if loose:
        problems.append(f"question {question.id}: the proof leaves open whether {', '.join(loose)} stand so.")
    return problems


def _prove_value(question: WrittenQuestion, proof: Proof, seen: Seen) -> list[str]:
    if proof.value is None:
        return [f"question {question.id}: a proof of kind {question.kind} computes a value."]
    found = proof.value(seen)
    problems = _unknown_observations(question, "the value", proof.unless, seen)
    if not is_close(found, question.key, question.tolerance):
        problems.append(f"question {question.id}: the key is {question.key}, but the proof computes {found}.")
    if not problems and is_close(proof.value({**seen, **proof.unless}), found, question.tolerance):
        problems.append(f"question {question.id}: its value stays {found} when what was observed is replaced.")
    return problems


def _rigid(question: WrittenQuestion, letter: str, claim: Claim, seen: Seen) -> list[str]:
    """Return a problem when a claim does not change with what was observed: then it proves nothing."""
    problems = _unknown_observations(question, f"claim {letter}", claim.unless, seen)
    if not problems and _decide(claim.holds, {**seen, **claim.unless}) == _decide(claim.holds, seen):
        problems.append(f"question {question.id}: claim {letter} does not change when what was observed is replaced.")
    return problems


def _decide(holds: Callable[[Seen], bool], seen: Seen) -> bool:
    return bool(holds(seen))


def _unknown_observations(question: WrittenQuestion, what: str, unless: Seen, seen: Seen) -> list[str]:
    strange = sorted(set(unless) - set(seen))
    if not unless or strange:
        wrong = f"replaces {', '.join(strange)}, which was not observed" if strange else "replaces no observation"
        return [f"question {question.id}: {what} {wrong}; so nothing shows that it can fail."]
    return []
