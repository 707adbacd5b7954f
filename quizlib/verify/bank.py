"""Lint a lesson's questions as a whole: keys in one place, give-away lengths, too many citations."""

from __future__ import annotations

from collections import Counter
from statistics import mean

from quizlib.authoring.questions import WrittenQuestion

CITED_SHARE = 6
"""At most one question in this many may be cited instead of proved."""


def lint(questions: dict[str, WrittenQuestion]) -> list[str]:
    """Return a sentence for each way in which the bank gives its keys away or takes them on trust."""
    found = list(questions.values())
    problems = [*_positions(found), *_cited(found)]
    for question in found:
        problems += _lengths(question)
    return problems


def _cited(questions: list[WrittenQuestion]) -> list[str]:
    cited = sum(question.cited for question in questions)
    if cited * CITED_SHARE > len(questions):
        return [f"{cited} of {len(questions)} questions are cited; at most one in {CITED_SHARE} may be."]
    return []


def _positions(questions: list[WrittenQuestion]) -> list[str]:
    """Find a letter that is the key of more than half of the questions with one right option."""
    keys = Counter(str(question.key) for question in questions if question.kind == "one")
    total = sum(keys.values())
    return [
        f"the key is {letter} in {count} of {total} questions; move some."
        for letter, count in keys.items()
        if total >= 4 and count * 2 > total
    ]


def _lengths(question: WrittenQuestion) -> list[str]:
    """Find a right option that is far longer than every distractor, which gives it away."""
    right = [len(option.text) for option in question.options if option.misconception is None]
    wrong = [len(option.text) for option in question.options if option.misconception is not None]
    if question.kind != "one" or not right or max(right) < 24:
        return []
    if max(right) > 1.5 * max(wrong) or max(right) * 2 < mean(wrong):
        return [f"question {question.id}: the right option's length ({max(right)}) gives it away; even them out."]
    return []
