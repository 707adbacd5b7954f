"""The hints given so far, as a card in a notebook and as plain lines."""

from __future__ import annotations

from dataclasses import dataclass

from quizlib.display import style
from quizlib.display.html import written
from quizlib.display.words import printable


@dataclass(frozen=True, repr=False)
class Hint:
    """The first hints of an item, the newest last, and how many there are in all."""

    item: str
    hints: tuple[str, ...]
    total: int

    def __repr__(self) -> str:
        """Return one line a hint, and how to get the next."""
        numbered = [f"Hint {number} of {self.total}: {text}" for number, text in enumerate(self.hints, 1)]
        return printable("\n".join([*numbered, self.what_next]))

    @property
    def what_next(self) -> str:
        """How to get the next hint, if there is one."""
        if self.total == 0:
            return f"There is no hint for {self.item}."
        left = self.total - len(self.hints)
        return f"{left} more: run this cell again for the next." if left else "That was the last hint."

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<div style="{style.PARAGRAPH}"><strong>Hint {number} of {self.total}:</strong> {written(text)}</div>'
            for number, text in enumerate(self.hints, 1)
        )
        return f'<div style="{style.card(style.BLUE)}">{rows}<div style="{style.FOOT}">{self.what_next}</div></div>'
