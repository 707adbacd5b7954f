"""The words of a verdict, the same on a card and in plain lines, so that nothing is told by colour alone."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from quizlib.judging.practice import OTHER_DIGITS, OTHER_INPUTS, WRITE_BODY, YET
from quizlib.judging.verdict import CriterionResult, ShownCase, Status, Verdict

Occasion = Literal["practice", "grading"]
"""When a verdict is told: while the answer can still be changed, or at the end."""


@dataclass(frozen=True)
class StatusWord:
    """How a status is told: a sign, words, and what to try next."""

    sign: str
    text: str
    next_step: str = ""


_AGAIN = "Change your answer, then run its cell and this one again."
_RERUN = "Make that cell lighter, restart the kernel, and run the notebook from the top."

STATUS_WORDS: dict[Status, StatusWord] = {
    "correct": StatusWord("✓", "Correct"),
    "partial": StatusWord("½", "Partly right", _AGAIN),
    "wrong": StatusWord("✗", "Not right yet", _AGAIN),
    "unanswered": StatusWord("…", "Not answered yet", "Write your answer in its cell, run that cell, then this one."),
    "recorded": StatusWord("•", "Recorded", "It is judged after you submit; until then you may change it."),
    "invalid": StatusWord("!", "Not a valid answer", _AGAIN),
    "error": StatusWord(
        "!", "Stopped with an error", "Read the error shown, mend your code, then run both cells again."
    ),
    "timeout": StatusWord("!", "Ran out of time", _RERUN),
    "memory": StatusWord("!", "Ran out of memory", _RERUN),
    "died": StatusWord("!", "The kernel stopped", _RERUN),
    "missing": StatusWord(
        "!", "Not found in the notebook", "Put the check cell back, as in the notebook you were given."
    ),
    "infrastructure": StatusWord("↻", "Not judged yet", "The fault is not yours: it will be judged again."),
}

_AT_THE_END: dict[Status, str] = {"wrong": "Not right", "unanswered": "Not answered"}
"""The words of a status where nothing will come after it."""

CASE_WORDS = ("Call", "Then", "Expected", "Got")

_UNJUDGED: frozenset[Status] = frozenset({"unanswered", "recorded", "invalid", "missing", "infrastructure"})
"""Statuses in which no criterion was looked at."""

_OPEN: frozenset[Status] = frozenset({"recorded", "infrastructure"})
"""Statuses in which a score of 0 means nothing yet."""

_HINTED: frozenset[Status] = frozenset({"partial", "wrong", "error", "unanswered"})


def status_word(verdict: Verdict, occasion: Occasion) -> StatusWord:
    """Return how the status of a verdict is told."""
    word = STATUS_WORDS[verdict.status]
    if occasion == "practice" or verdict.status == "infrastructure":
        return word
    return StatusWord(word.sign, _AT_THE_END.get(verdict.status, word.text))


def summary_text(verdict: Verdict, occasion: Occasion) -> str:
    """Return the summary; at the end without what there is to do, and without what a grading will do.

    >>> unanswered = Verdict(item="why", score=0, max_score=1, status="unanswered", summary="x is not answered yet.")
    >>> summary_text(unanswered, "practice"), summary_text(unanswered, "grading")
    ('x is not answered yet.', 'x is not answered.')
    """
    if occasion == "practice":
        return verdict.summary
    if verdict.status == "unanswered":
        ending = next((ending for ending in (YET, WRITE_BODY) if verdict.summary.endswith(ending)), "")
        return f"{verdict.summary.removesuffix(ending)}." if ending else verdict.summary
    if verdict.status == "correct":
        return verdict.summary.removesuffix(f" {OTHER_DIGITS}").removesuffix(f" {OTHER_INPUTS}")
    return verdict.summary


def score_text(verdict: Verdict) -> str:
    """Return the points in words.

    >>> score_text(Verdict(item="why", score=1, max_score=2, status="partial", summary="Right in part."))
    '1 of 2 points'
    """
    unit = "point" if verdict.max_score == 1 else "points"
    if verdict.status in _OPEN:
        return f"worth {verdict.max_score:g} {unit}"
    return f"{points_text(verdict.score)} of {verdict.max_score:g} {unit}"


def points_text(points: float) -> str:
    """Return a number of points, to a hundredth at most.

    >>> points_text(2.0), points_text(1.3333), points_text(0.5)
    ('2', '1.33', '0.5')
    """
    return f"{points:.2f}".rstrip("0").rstrip(".")


def cause_label(verdict: Verdict) -> str:
    """Return how sure the card is of the misconception that it names.

    A match that is only near is told as one: the mistake would give what came out, and others might.
    """
    return "Likely cause" if verdict.is_likely else "Perhaps"


def case_lines(case: ShownCase) -> list[tuple[str, str]]:
    """Return the parts of an example, each with its name: the call, a second one, what was expected, what came out."""
    parts = zip(CASE_WORDS, (case.call, case.then, case.expected, case.got), strict=True)
    return [(name, text) for name, text in parts if text]


def is_scored(verdict: Verdict) -> bool:
    """Say whether the score counts: not where the answer is only recorded, or the fault is ours."""
    return verdict.status not in _OPEN


def mark(verdict: Verdict, line: CriterionResult) -> str:
    """Return how a criterion ended: `"met"`, `"partly met"`, `"not met"`, `"not shown"` or `"not judged"`.

    One that is not shown has nothing against it, such as inputs that were left alone by a call that did nothing.
    """
    if line.is_met:
        return "met"
    if line.score > 0:
        return "partly met"
    if line.is_unshown:
        return "not shown"
    return "not judged" if line.is_judged_elsewhere or verdict.status in _UNJUDGED else "not met"


def next_step(verdict: Verdict, occasion: Occasion) -> str:
    """Return what to try, as Markdown of one paragraph; empty where nothing is left to do.

    >>> wrong = Verdict(item="why", score=0, max_score=1, status="wrong", summary="Not right.")
    >>> next_step(wrong, "practice")
    'Change your answer, then run its cell and this one again. For a hint, run `hint("why")`.'
    >>> next_step(wrong, "grading")
    ''
    """
    steps = [_comparison(verdict.case)] if verdict.case and verdict.status in ("partial", "wrong") else []
    steps.append(status_word(verdict, occasion).next_step)
    if occasion == "practice" and verdict.status in _HINTED:
        steps.append(f'For a hint, run `hint("{verdict.item}")`.')
    return " ".join(filter(None, steps))


def _comparison(case: ShownCase) -> str:
    call = "the call shown above" if case.is_runnable else "a call with inputs like those shown above"
    return f"Make {call} yourself, and {'compare' if case.got else 'look at what it returns'}."


def case_heading(case: ShownCase) -> str:
    """Return the heading of a public case that failed, with its place where its call does not tell it all.

    >>> case_heading(ShownCase(call="f(<…>)", expected="1", got="2", is_runnable=False, place="3 of 7"))
    'The smallest example that fails (number 3 of 7)'
    """
    return "The smallest example that fails" + (f" (number {case.place})" if case.place else "")


def next_label(verdict: Verdict) -> str:
    """Return the heading of the next step."""
    return "Next" if verdict.status in _OPEN else "What to try"


def printable(text: str) -> str:
    r"""Return `text` with control characters and changes of writing direction made visible.

    A terminal obeys some of them, so that a learner's text could repaint what is above it.

    >>> printable("red \x1b[31m")
    'red \\x1b[31m'
    """
    return "".join(_visible(letter) for letter in text)


def _visible(letter: str) -> str:
    if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs"):
        return letter
    return letter.encode("unicode_escape", "surrogatepass").decode()
