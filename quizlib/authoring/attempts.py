"""Attempts at an exercise: wrong ones labelled by misconception, right ones written in other styles."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from quizlib.errors import SpecError

MARK = "# %%"


@dataclass(frozen=True)
class Attempt:
    """One attempt: its source, and what is expected of it.

    A wrong attempt names its `misconception`, its `variant` (1 is stored in releases, 2 never is) and the
    criteria it loses, all others being met; a right one loses none and has a `style` instead.
    """

    item: str
    source: str
    misconception: str | None
    variant: int
    loses: frozenset[str]
    style: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether it should lose points."""
        return self.misconception is not None

    @property
    def label(self) -> str:
        """A name for tables, such as `wrong floor-for-round/1`."""
        return f"wrong {self.misconception}/{self.variant}" if self.is_wrong else f"right {self.style}"


def read_attempts(path: Path, item: str) -> list[Attempt]:
    """Return the attempts of a file of cells.

    A cell is headed like one of these::

        # %% wrong misconception="floor-for-round" variant=1 loses="typical,edges"
        # %% right style="a loop over rows"

    Raises:
        SpecError: a head is malformed; the message names file and line.
    """
    attempts: list[Attempt] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith(MARK)]
    for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        head = lines[start].removeprefix(MARK)
        where = f"{path.name}, line {start + 1}"
        if not head.strip().startswith("[markdown]"):
            attempts.append(_attempt(item, head, "\n".join(lines[start + 1 : end]).strip() + "\n", where))
    return attempts


def _attempt(item: str, head: str, source: str, where: str) -> Attempt:
    kind, fields = _parse_head(head, where)
    wanted = {"wrong": {"misconception", "variant", "loses"}, "right": {"style"}}.get(kind)
    if wanted is None:
        raise SpecError(f"{where}: a cell should be headed wrong or right, found {head.strip()!r}.")
    if set(fields) != wanted:
        raise SpecError(f"{where}: a {kind} attempt has the fields {sorted(wanted)}, found {sorted(fields)}.")
    if not source.strip():
        raise SpecError(f"{where}: the attempt has no source.")
    if kind == "right":
        return Attempt(item, source, None, 1, frozenset(), fields["style"])
    if fields["variant"] not in ("1", "2"):
        raise SpecError(f"{where}: variant should be 1 or 2, found {fields['variant']!r}.")
    loses = frozenset(name.strip() for name in fields["loses"].split(",") if name.strip())
    if not loses:
        raise SpecError(f"{where}: a wrong attempt loses at least one criterion.")
    return Attempt(item, source, fields["misconception"], int(fields["variant"]), loses)


def _parse_head(head: str, where: str) -> tuple[str, dict[str, str]]:
    """Split a head into its kind and its fields."""
    try:
        kind, *pairs = shlex.split(head) or [""]
    except ValueError as error:
        raise SpecError(f"{where}: a quote is not closed in {head.strip()!r}.") from error
    return kind, dict(pair.partition("=")[::2] for pair in pairs)
