"""A verdict as a card in a notebook: no script, nothing loaded from elsewhere, every text escaped.

Its elements are those that nbconvert's sanitizer lets through, which shows every other as text. So its heading is one
by its role, which also keeps it out of the notebook's own table of contents.
"""

from __future__ import annotations

from quizlib.display import style
from quizlib.display.html import code, plain, written
from quizlib.display.text import verdict_text
from quizlib.display.words import (
    Occasion,
    case_heading,
    case_lines,
    cause_label,
    is_scored,
    mark,
    next_label,
    next_step,
    points_text,
    score_text,
    status_word,
    summary_text,
)
from quizlib.judging.verdict import CriterionResult, Verdict


class ShownVerdict(Verdict):
    """A verdict that shows itself: a card in a notebook, plain lines on a terminal."""

    @classmethod
    def of(cls, verdict: Verdict) -> ShownVerdict:
        """Return `verdict` as one that shows itself."""
        return cls(**{name: getattr(verdict, name) for name in Verdict.model_fields})

    def __repr__(self) -> str:
        """Return the verdict as plain lines."""
        return verdict_text(self)

    __str__ = __repr__

    def _repr_html_(self) -> str:
        return verdict_card(self)


def verdict_card(verdict: Verdict, occasion: Occasion = "practice") -> str:
    """Return a verdict as HTML, with the same words as `verdict_text`; every text in it is escaped."""
    parts = (_criteria, _cause, _case, _explanation)
    inside = "".join(part(verdict) for part in parts)
    head = f"{_head(verdict, occasion)}{_bar(verdict)}{_summary(verdict, occasion)}"
    colour = style.STATUS_COLOURS[verdict.status]
    return f'<div style="{style.card(colour)}">{head}{inside}{_next_step(verdict, occasion)}</div>'


def _head(verdict: Verdict, occasion: Occasion) -> str:
    status = status_word(verdict, occasion)
    colour = style.STATUS_COLOURS[verdict.status]
    return (
        f'<div role="status" style="{style.HEAD}">'
        f'<div role="heading" aria-level="3" style="{style.TITLE}">{plain(verdict.title or verdict.item)}</div> '
        f'<span style="{style.RESULT}"><span style="{style.badge(colour)}">'
        f'<span aria-hidden="true">{status.sign}</span> {status.text}</span> '
        f"<strong>{score_text(verdict)}</strong></span></div>"
    )


def _bar(verdict: Verdict) -> str:
    """Return the score as a bar; screen readers skip it, since the points stand beside it in words."""
    if not is_scored(verdict):
        return ""
    share = min(1.0, max(0.0, verdict.score / verdict.max_score)) if verdict.max_score > 0 else 0.0
    filled = style.bar(style.STATUS_COLOURS[verdict.status], share)
    return f'<div aria-hidden="true" style="{style.TRACK}"><div style="{filled}"></div></div>'


def _summary(verdict: Verdict, occasion: Occasion) -> str:
    summary = summary_text(verdict, occasion)
    return f'<div style="{style.PARAGRAPH}">{plain(summary)}</div>' if summary else ""


def _criteria(verdict: Verdict) -> str:
    rows = "".join(_criterion(verdict, line) for line in verdict.criteria)
    return f'<ul style="{style.ROWS}">{rows}</ul>' if rows else ""


def _criterion(verdict: Verdict, line: CriterionResult) -> str:
    word = mark(verdict, line)
    sign = f'<span aria-hidden="true" style="{style.dot(style.MARK_COLOURS[word])}">{style.MARK_SIGNS[word]}</span>'
    message = f"<div>{plain(line.message)}</div>" if line.message else ""
    return (
        f'<li style="{style.ROW}"><span style="{style.MARK}">{sign} {word}</span> '
        f'<div style="{style.WIDE}"><strong>{written(line.text)}</strong>{message}</div> '
        f"<span>{points_text(line.score)}/{line.points:g}</span></li>"
    )


def _cause(verdict: Verdict) -> str:
    found = verdict.misconception
    if found is None:
        return ""
    remedy = f'<div style="{style.REMEDY}">{written(found.remedy)}</div>'
    return f'<div style="{style.BOX}"><strong>{cause_label(verdict)}:</strong> {written(found.text)}{remedy}</div>'


def _case(verdict: Verdict) -> str:
    case = verdict.case
    if case is None:
        return ""
    rows = "".join(_case_row(name, text) for name, text in case_lines(case))
    heading = f"<strong>{plain(case_heading(case))}</strong>"
    note = f'<div style="{style.REMEDY}">{plain(case.note)}</div>' if case.note else ""
    return f'<div style="{style.BOX}">{heading}<ul style="{style.LINES}">{rows}</ul>{note}</div>'


def _case_row(name: str, text: str) -> str:
    return f'<li style="{style.LINE}"><span style="{style.NAME}">{name}:</span> {code(text)}</li>'


def _explanation(verdict: Verdict) -> str:
    if not verdict.explanation:
        return ""
    return f'<div style="{style.PARAGRAPH}"><strong>Why:</strong> {written(verdict.explanation)}</div>'


def _next_step(verdict: Verdict, occasion: Occasion) -> str:
    step = next_step(verdict, occasion)
    return (
        f'<div style="{style.PARAGRAPH}"><strong>{next_label(verdict)}:</strong> {written(step)}</div>' if step else ""
    )
