"""What to say of an answer that is not right and no misconception either: a matter of form, unit or digits."""

from __future__ import annotations

import math

from quizlib.items.printed import same_values
from quizlib.items.question import Question, QuestionKey, is_close

NEAR = 0.05
"""How far off, relative to the key, a number is still close."""

ROUNDED = 0.25
"""How far off it is still called rounded: 2 for 1.67, but not 0 for 0.3."""

OTHER_FORM = "Right values, in another form: write the output as Python prints it."

PER_CENT = ("%", "percent", "per cent")


def near_miss(question: Question, key: QuestionKey, answer: float | str) -> str:
    """Return a sentence about a wrong answer that is nearly right, else an empty text.

    >>> question = Question(id="q", lesson="01-x", points=1, kind="number", stem="?")
    >>> key = QuestionKey(item="q", revision=1, answer=0.64, tolerance=0.01, rationale="r", source="s")
    >>> near_miss(question, key, 64.0)
    '64 looks like a percentage; give a fraction, between 0 and 1.'
    >>> near_miss(question, key, 0.6)
    'Rounded too far: give 2 decimals.'
    """
    if isinstance(key.answer, str) or isinstance(answer, str):
        is_same = question.kind == "predict" and same_values(str(key.answer), str(answer))
        return OTHER_FORM if is_same else ""
    return _scale(question, key, key.answer, answer) or _digits(key, key.answer, answer)


def _scale(question: Question, key: QuestionKey, right: float, answer: float) -> str:
    is_fraction = 0 < right <= 1 and question.unit is None
    if is_fraction and answer > 1 and is_close(right, answer / 100, key.tolerance):
        return f"{answer:g} looks like a percentage; give a fraction, between 0 and 1."
    if question.unit in PER_CENT and is_close(right, answer * 100, key.tolerance):
        return f"{answer:g} looks like a fraction; give it in per cent."
    return ""


def _digits(key: QuestionKey, right: float, answer: float) -> str:
    gap = abs(answer - right) / abs(right) if right else math.inf
    if key.tolerance and gap <= ROUNDED and round(right, decimals_of(answer)) == answer:
        needed = max(1, math.ceil(-math.log10(key.tolerance)))
        return f"Rounded too far: give {needed} decimal{'s' * (needed > 1)}."
    if gap > NEAR:
        return ""
    if key.tolerance:
        return f"Close, but not within the tolerance of {key.tolerance:g}; compute it with more digits."
    return "Close, but the exact number is asked for."


def decimals_of(number: float) -> int:
    """Return how many decimals a number was given with, as far as its shortest form shows.

    >>> decimals_of(0.6), decimals_of(64.0), decimals_of(1e-05)
    (1, 0, 5)
    """
    text = f"{number:.15f}".rstrip("0")
    return len(text.partition(".")[2])
