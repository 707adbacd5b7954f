"""A plain page in place of one of feedback that could not be made: the score, what it is made of, and the cards."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from nbformat import NotebookNode

from quizlib.display.words import points_text
from quizlib.grading.cells import graded_item, is_graded, role

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body style="max-width: 54em; margin: 2em auto; font-family: sans-serif">
<h1>{title}</h1>
<p>Score: {score} of {most} points{late}.</p>
<p>The notebook itself cannot be shown here: {reason} The score does not depend on that.</p>
{items}
</body>
</html>
"""


def notice_page(notebook: NotebookNode, graded: Mapping[str, Any], reason: str) -> str:
    """Return the page for a notebook.

    Args:
        notebook: The graded notebook, with scores and comments as nbgrader's `GetGrades` puts them into its cells.
        graded: What nbgrader tells of the notebook as a whole: its name, score, most points and penalty.
        reason: Why its page could not be made, as a sentence.
    """
    penalty = float(graded.get("late_penalty") or 0)
    return PAGE.format(
        title=escape(str(graded.get("notebook", "Feedback"))),
        score=points_text(float(graded.get("score") or 0)),
        most=points_text(float(graded.get("max_score") or 0)),
        late=f", less {points_text(penalty)} for a late submission" if penalty else "",
        reason=escape(reason),
        items="\n".join(_item(cell) for cell in notebook.cells if is_graded(cell)),
    )


def _item(cell: NotebookNode) -> str:
    """Return a graded cell: its points, a person's comment on it, and its card."""
    told = role(cell)
    score, points = (points_text(float(str(told.get(name) or 0))) for name in ("score", "points"))
    comment = f"<p>Comment: {escape(str(told['comment']))}</p>" if told.get("comment") else ""
    return f"<h2>{escape(str(told['grade_id']))}: {score} of {points}</h2>\n{comment}{_card(cell)}"


def _card(cell: NotebookNode) -> str:
    """Return the card of a check cell, which grading has written, and escaped."""
    if graded_item(cell) is None:
        return ""
    return "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
