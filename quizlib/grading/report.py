"""What `quizlib grade` tells: the JSON contract, and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from quizlib.grading.again import Review
from quizlib.grading.batch import Graded
from quizlib.grading.record import ItemRecord
from quizlib.grading.regrade import Correction

OURS = "infrastructure"
"""Status of what could not be graded through a fault of ours: an item or a submission without a score, or a
submission with the score of the items that could."""


def as_json(lesson: str, results: Sequence[Graded]) -> dict[str, Any]:
    """Return the results as `grade --json` writes them; its keys are a contract."""
    return {"lesson": lesson, "submissions": [_submission(graded) for graded in results]}


def _submission(graded: Graded) -> dict[str, Any]:
    record = graded.record
    items = record.items if record else []
    return {
        "student": graded.student,
        "score": record.score if record else None,
        "max_score": record.max_score if record else None,
        "status": status(graded),
        "isolation": record.isolation if record else None,
        "seconds": record.seconds if record else graded.seconds,
        "engine": _engine(graded),
        **_final(graded),
        "items": [_item(item) for item in items],
    }


def _engine(graded: Graded) -> str | None:
    """Return whether `this` engine judged a submission or `another`; None where there is no grade."""
    if graded.record is None:
        return None
    return "this" if graded.record.is_by_this_engine else "another"


def _final(graded: Graded) -> dict[str, Any]:
    """Return the score that nbgrader exports and what it is made of; None where the gradebook has no submission."""
    marks = graded.marks
    if marks is None:
        return {"final_score": None, "marks": None}
    return {"final_score": marks.final, "marks": marks.model_dump(exclude={"digest", "max_score"})}


def _item(item: ItemRecord) -> dict[str, Any]:
    return {
        "id": item.id,
        "score": None if item.status == OURS else item.score,
        "max_score": item.max_score,
        "status": item.status,
        "misconception": item.misconception,
        "message": item.message,
    }


def status(graded: Graded) -> str:
    """Return how a submission ended as a whole."""
    return OURS if graded.record is None or graded.problem else graded.record.status


def table(lesson: str, results: Sequence[Graded]) -> Table:
    """Return the results as a table: student, score, status, seconds; and the final score, where others had a hand."""
    has_marks = any(graded.marks and graded.marks.made_of for graded in results)
    made = Table(title=f"{lesson}: {len(results)} submissions")
    made.add_column("student")
    made.add_column("score", justify="right")
    if has_marks:
        made.add_column("final", justify="right")
        made.add_column("made of")
    made.add_column("status")
    made.add_column("seconds", justify="right")
    for graded in results:
        row = _submission(graded)
        score = "not graded" if row["score"] is None else f"{row['score']:g} / {row['max_score']:g}"
        kept = "" if graded.is_new else " (unchanged)"
        kept = " (judged by another engine)" if graded.is_by_another_engine else kept
        final = [f"{graded.marks.final:g}", graded.marks.made_of] if graded.marks else ["", ""]
        shown = [printable(graded.student), score, *(final if has_marks else [])]
        made.add_row(*shown, row["status"] + kept, f"{row['seconds']:.1f}")
    return made


def review_table(lesson: str, reviews: Sequence[Review]) -> Table:
    """Return who would change, as a table: student, score now and then, the items that change."""
    shown = [review for review in reviews if review.changes or review.problem]
    changing = sum(bool(review.changes) for review in reviews)
    made = Table(title=f"{lesson}: {len(reviews)} judged by another engine, {changing} would change")
    made.add_column("student")
    made.add_column("score now", justify="right")
    made.add_column("would be", justify="right")
    made.add_column("items that change")
    for review in shown:
        score = f"{review.after.score:g}" if review.after else "not judged"
        told = printable("; ".join(review.changes) or review.problem)
        made.add_row(printable(review.student), f"{review.before.score:g}", score, told)
    return made


def correction_table(lesson: str, corrections: Sequence[Correction]) -> Table:
    """Return what newer keys would change, as a table: student, score now and then, the items that change, what ran."""
    items = sorted({item for correction in corrections for item in correction.items})
    changing = sum(bool(correction.changes) for correction in corrections)
    made = Table(title=f"{lesson}: newer keys of {', '.join(items)}; {changing} of {len(corrections)} would change")
    made.add_column("student")
    made.add_column("score now", justify="right")
    made.add_column("would be", justify="right")
    made.add_column("items that change")
    made.add_column("executed again")
    for one in corrections:
        score = f"{one.after.score:g}" if one.after else "not judged"
        told = printable("; ".join(one.changes) or one.problem)
        if one.changes or one.problem:
            made.add_row(printable(one.student), f"{one.before.score:g}", score, told, ", ".join(one.executed))
    return made


def printable(text: str) -> str:
    r"""Return text from a submission as it may be printed: no terminal control, no markup.

    >>> printable("a\x1b[31m[b]")
    'a?[31m\\[b]'
    """
    return escape(re.sub(r"[^\x20-\x7e\u00a1-\u1fff\u2010-\u2027\u2030-\ufefe]", "?", text))
