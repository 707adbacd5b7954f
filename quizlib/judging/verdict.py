"""The verdict: score, one line a criterion, the misconception recognised, and what to try."""

from __future__ import annotations

from typing import Literal

from quizlib.items.base import Misconception, Model

Status = Literal[
    "correct",
    "partial",
    "wrong",
    "unanswered",
    "recorded",
    "invalid",
    "error",
    "timeout",
    "memory",
    "died",
    "missing",
    "infrastructure",
]
"""How an item ended; all but `infrastructure` are the learner's, and that one is retried and costs nothing."""


class CriterionResult(Model):
    """How one criterion ended: its points, and in words what was expected and what was got.

    One that `is_judged_elsewhere` has no result here: its points are neither won nor lost. One that `is_unshown` has
    nothing against it, but rests on work that was not done.
    """

    id: str
    text: str
    score: float
    points: float
    message: str = ""
    is_judged_elsewhere: bool = False
    is_unshown: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it earned all its points."""
        return self.score >= self.points


class ShownCase(Model):
    """A public case that failed, in words: what went in, what was expected, what came out (of a model, nothing).

    `place`, such as `"3 of 7"`, tells it from the other public cases where its call is not Python that can be typed;
    `then` is the call of the model that the first call returned, where there is a second one.
    """

    call: str
    then: str = ""
    expected: str
    got: str
    is_runnable: bool = True
    place: str = ""
    note: str = ""


class Verdict(Model):
    """What the judge says of one response; `quizlib.display` shows it.

    `is_likely` says whether the misconception fits in full; else it is only near, and named with a "perhaps".
    """

    item: str
    title: str = ""
    score: float
    max_score: float
    status: Status
    summary: str
    criteria: tuple[CriterionResult, ...] = ()
    misconception: Misconception | None = None
    is_likely: bool = True
    case: ShownCase | None = None
    explanation: str = ""
    isolation: str = ""

    @property
    def is_our_fault(self) -> bool:
        """Whether it could not be judged, which says nothing of the response."""
        return self.status == "infrastructure"


def our_fault(item: str, reason: str) -> Verdict:
    """Return the verdict on an item that could not be judged through no fault of the response: it has no score.

    >>> our_fault("q", "the judge died").summary
    'This could not be judged, through no fault of yours (the judge died); it will be judged again.'
    """
    told = " ".join(reason.encode("utf-8", "replace").decode("utf-8").split())[:300].rstrip(".")
    summary = f"This could not be judged, through no fault of yours ({told}); it will be judged again."
    return Verdict(item=item, score=0, max_score=0, status="infrastructure", summary=summary)


def status_of(score: float, max_score: float) -> Status:
    """Return the status that a score alone gives.

    >>> status_of(2, 2), status_of(1, 2), status_of(0, 2)
    ('correct', 'partial', 'wrong')
    """
    if score >= max_score:
        return "correct"
    return "partial" if score > 0 else "wrong"
