"""A verdict as a card in a notebook: no script, nothing loaded from elsewhere, every text escaped."""

from __future__ import annotations

from quizlib.display import style
from quizlib.display.html import code, plain, written
from quizlib.display.text import verdict_text
from quizlib.display.words import STATUS_WORDS, is_scored, mark, next_label, next_steps, score_text
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


def verdict_card(verdict: Verdict) -> str:
    """Return a verdict as HTML, with the same words as `verdict_text`; every text in it is escaped."""
    parts = (_head, _bar, _summary, _criteria, _cause, _case, _explanation, _next_steps, _isolation)
    inside = "".join(part(verdict) for part in parts)
    return f'<div style="{style.card(style.STATUS_COLOURS[verdict.status])}">{inside}</div>'


def _head(verdict: Verdict) -> str:
    status = STATUS_WORDS[verdict.status]
    colour = style.STATUS_COLOURS[verdict.status]
    return (
        f'<div style="{style.HEAD}"><span style="{style.TITLE}">{plain(verdict.title or verdict.item)}</span> '
        f'<span style="{style.badge(colour)}"><span aria-hidden="true">{status.sign}</span> {status.text}</span> '
        f'<span style="{style.SCORE}">{score_text(verdict)}</span></div>'
    )


def _bar(verdict: Verdict) -> str:
    """Return the score as a bar; screen readers skip it, since the points stand beside it in words."""
    if not is_scored(verdict):
        return ""
    share = min(1.0, max(0.0, verdict.score / verdict.max_score)) if verdict.max_score > 0 else 0.0
    filled = style.bar(style.STATUS_COLOURS[verdict.status], share)
    return f'<div aria-hidden="true" style="{style.TRACK}"><div style="{filled}"></div></div>'


def _summary(verdict: Verdict) -> str:
    return f'<p style="{style.PARAGRAPH}">{plain(verdict.summary)}</p>' if verdict.summary else ""


def _criteria(verdict: Verdict) -> str:
    rows = "".join(_criterion(verdict, line) for line in verdict.criteria)
    return f'<table style="{style.TABLE}"><tbody>{rows}</tbody></table>' if rows else ""


def _criterion(verdict: Verdict, line: CriterionResult) -> str:
    word = mark(verdict, line)
    sign = f'<span aria-hidden="true" style="{style.dot(style.MARK_COLOURS[word])}">{style.MARK_SIGNS[word]}</span>'
    message = f'<div style="margin-top: 2px">{plain(line.message)}</div>' if line.message else ""
    return (
        f'<tr style="{style.ROW}"><td style="{style.NARROW}">{sign}{word}</td>'
        f'<td style="{style.CELL}"><strong>{written(line.text)}</strong>{message}</td>'
        f'<td style="{style.POINTS}">{line.score:g}/{line.points:g}</td></tr>'
    )


def _cause(verdict: Verdict) -> str:
    if verdict.misconception is None:
        return ""
    return f'<div style="{style.BOX}"><strong>Likely cause:</strong> {written(verdict.misconception.text)}</div>'


def _case(verdict: Verdict) -> str:
    case = verdict.case
    if case is None:
        return ""
    pairs = (("Call", case.call), ("Expected", case.expected), ("Got", case.got))
    rows = "".join(
        f'<tr style="background: transparent"><td style="{style.NARROW}"><strong>{name}:</strong></td>'
        f'<td style="{style.CELL}">{code(text)}</td></tr>'
        for name, text in pairs
    )
    return f'<div style="{style.BOX}"><table style="{style.TABLE}; margin: 0"><tbody>{rows}</tbody></table></div>'


def _explanation(verdict: Verdict) -> str:
    if not verdict.explanation:
        return ""
    return f'<p style="{style.PARAGRAPH}"><strong>Why:</strong> {written(verdict.explanation)}</p>'


def _next_steps(verdict: Verdict) -> str:
    steps = "".join(f"<li>{written(step)}</li>" for step in next_steps(verdict))
    if not steps:
        return ""
    return (
        f'<p style="{style.PARAGRAPH}"><strong>{next_label(verdict)}:</strong></p><ul style="{style.LIST}">{steps}</ul>'
    )


def _isolation(verdict: Verdict) -> str:
    return f'<p style="{style.FOOT}">Judged under: {plain(verdict.isolation)}</p>' if verdict.isolation else ""
