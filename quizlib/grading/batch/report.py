"""What `quizlib grade` tells: the JSON contract, and tables."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from quizlib.coursedir.student_id import readable
from quizlib.grading.admission.admit import NOTHING_RUN
from quizlib.grading.batch.again import Review
from quizlib.grading.batch.grade import Graded
from quizlib.grading.batch.regrade import Correction
from quizlib.grading.record import ItemRecord

OURS = "infrastructure"
"""Status of what could not be graded through a fault of ours: an item or a submission without a score, or a
submission with the score of the items that could."""

REFUSED = "refused"
"""Status of a submission that nbgrader cannot take, such as one whose student's name it would not find again."""

JUDGED = ("correct", "partial", "wrong", "unanswered", "recorded")
"""Statuses of items whose points say all there is to say."""

MAX_TOLD = 3
"""Sentences of a reason."""

_UNPRINTABLE = re.compile(r"[^\x20-\x7e\u00a1-\u1fff\u2010-\u2027\u2030-\ud7ff\ue000-\ufefe]")


def as_json(lesson: str, results: Sequence[Graded]) -> dict[str, Any]:
    """Return the results as `grade --json` writes them; its keys are a contract."""
    return {"lesson": lesson, "submissions": [_submission(graded) for graded in results]}


def write_json(path: Path, lesson: str, results: Sequence[Graded]) -> None:
    """Write the results to a file, and make its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(lesson, results), indent=1) + "\n", encoding="utf-8")


def _submission(graded: Graded) -> dict[str, Any]:
    record = graded.record
    items = record.items if record else []
    return {
        "student": readable(graded.student),
        "score": record.score if record else None,
        "max_score": record.max_score if record else None,
        "status": status(graded),
        "isolation": record.isolation if record else None,
        "seconds": record.seconds if record else graded.seconds,
        "engine": _engine(graded),
        **_final(graded),
        "reason": reason(graded) or None,
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
    return {"final_score": marks.final, "marks": marks.model_dump(exclude={"digest"})}


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
    if graded.is_refused:
        return REFUSED
    return OURS if graded.record is None or graded.problem else graded.record.status


def reason(graded: Graded) -> str:
    """Return in a line what should be known of a submission beside its points; empty if nothing should.

    That is why it was not graded, why items have no points though nobody judged an answer, and what was said on
    reading it: which file was taken, what was left out or put back; and why it was graded again, where it was.
    """
    if graded.record is None or graded.problem:
        return readable(graded.problem)
    told = [f"Graded again: {graded.again}."] if graded.again else []
    told += _unjudged(graded.record.items)
    for book in graded.record.notebooks:
        told += [note for note in book.notes if not note.startswith(NOTHING_RUN)]
    more = [f"and {len(told) - MAX_TOLD} more notes, in the feedback"] if len(told) > MAX_TOLD else []
    return " ".join([*told[:MAX_TOLD], *more])


def _unjudged(items: Sequence[ItemRecord]) -> list[str]:
    """Return a sentence for each status that is no judgement of an answer, with what was said of the first item."""
    first: dict[str, ItemRecord] = {}
    counted = Counter(item.status for item in items)
    for item in items:
        if item.status not in JUDGED:
            first.setdefault(item.status, item)
    return [f"{counted[name]} of {len(items)} items {name}: {item.message}" for name, item in first.items()]


def table(lesson: str, results: Sequence[Graded]) -> Table:
    """Return the results as a table: student, score, status, seconds; final score and reason where told."""
    has_marks = any(graded.marks and graded.marks.made_of for graded in results)
    made = Table(title=f"{lesson}: {len(results)} submissions")
    made.add_column("student")
    made.add_column("score", justify="right")
    if has_marks:
        made.add_column("final", justify="right")
        made.add_column("made of")
    made.add_column("status", no_wrap=True)
    made.add_column("seconds", justify="right")
    rows = [_submission(graded) for graded in results]
    has_reasons = any(row["reason"] for row in rows)
    if has_reasons:
        made.add_column("reason")
    for graded, row in zip(results, rows, strict=True):
        score = "not graded" if row["score"] is None else f"{row['score']:g} / {row['max_score']:g}"
        kept = "" if graded.is_new else " (unchanged)"
        kept = " (judged by another engine)" if graded.is_by_another_engine else kept
        final = [f"{graded.marks.final:g}", graded.marks.made_of] if graded.marks else ["", ""]
        shown = [printable(row["student"]), score, *(final if has_marks else [])]
        told = [printable(row["reason"] or "")] if has_reasons else []
        made.add_row(*shown, row["status"] + kept, f"{row['seconds']:.1f}", *told)
    return made


def review_table(lesson: str, reviews: Sequence[Review]) -> Table:
    """Return whose grade by another engine would change, as a table."""
    return _changes(f"{lesson}: {len(reviews)} judged by another engine, {_changing(reviews)} would change", reviews)


def correction_table(lesson: str, corrections: Sequence[Correction]) -> Table:
    """Return whose grade newer keys would change, as a table, with the items that had to be executed for it."""
    items = ", ".join(sorted({item for correction in corrections for item in correction.items}))
    title = f"{lesson}: newer keys of {items}; {_changing(corrections)} of {len(corrections)} would change"
    return _changes(title, corrections, {one.student: ", ".join(one.executed) for one in corrections})


def _changing(reviews: Sequence[Review]) -> int:
    return sum(bool(review.changes) for review in reviews)


def _changes(title: str, reviews: Sequence[Review], executed: Mapping[str, str] | None = None) -> Table:
    """Return who would change: student, score now and then, the items that change, and what was executed, if told."""
    made = Table(title=title)
    made.add_column("student")
    made.add_column("score now", justify="right")
    made.add_column("would be", justify="right")
    made.add_column("items that change")
    if executed is not None:
        made.add_column("executed again")
    for review in reviews:
        if review.changes or review.problem:
            score = f"{review.after.score:g}" if review.after else "not judged"
            told = printable("; ".join(filter(None, (*review.changes, review.problem))))
            ran = [] if executed is None else [executed[review.student]]
            made.add_row(printable(review.student), f"{review.before.score:g}", score, told, *ran)
    return made


def printable(text: str) -> str:
    r"""Return text from a submission as it may be printed: no terminal control, no markup.

    >>> printable("a\x1b[31m[b]")
    'a?[31m\\[b]'
    """
    return escape(_UNPRINTABLE.sub("?", readable(text)))
