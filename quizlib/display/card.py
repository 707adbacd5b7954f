"""A verdict as a card in a notebook."""

from __future__ import annotations

from html import escape

from quizlib.display.text import verdict_text
from quizlib.judging.verdict import Verdict


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
    """Return a verdict as HTML; every text in it is escaped."""
    return f"<pre>{escape(verdict_text(verdict))}</pre>"
