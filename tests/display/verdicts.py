"""Verdicts to show, one of each status and one with everything in it."""

from typing import get_args

from quizlib.items.base import Misconception
from quizlib.judging.verdict import CriterionResult, ShownCase, Status, Verdict

STATUSES = get_args(Status)


def full_verdict(text="all", status="partial"):
    """Return a verdict that fills every field with `text`."""
    return Verdict(
        item="quantize-affine",
        title=f"{text} title",
        score=1.5,
        max_score=4,
        status=status,
        summary=f"{text} summary",
        criteria=(
            CriterionResult(id="met", text=f"{text} typical", score=1, points=1),
            CriterionResult(id="partly", text=f"{text} shape", score=0.5, points=1, message=f"{text} half"),
            CriterionResult(id="lost", text=f"{text} edges", score=0, points=2, message=f"{text} differs"),
        ),
        misconception=Misconception(id="floor", text=f"{text} floor", remedy=f"{text} round"),
        case=ShownCase(call=f"{text} call", expected=f"{text} expected", got=f"{text} got", note=f"{text} note"),
        explanation=f"{text} explanation",
        isolation=f"{text} isolation",
    )


def bare_verdict(status):
    """Return a verdict with a status and what every verdict must have."""
    score = 1 if status == "correct" else 0
    return Verdict(item="why-quantize", score=score, max_score=1, status=status, summary="Said in one line.")
