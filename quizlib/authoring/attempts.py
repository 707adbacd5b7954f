"""Attempts at an exercise: wrong ones under the misconception that they show, decoys, right ones in other styles."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from pydantic import ValidationError

from quizlib.errors import SpecError
from quizlib.items.base import Misconception

MARK = "# %%"
REMEDY = "Remedy:"

Kind = Literal["wrong", "decoy", "right"]
FIELDS = {"wrong": {"misconception", "variant", "loses"}, "decoy": {"misconception", "loses"}, "right": {"style"}}
"""What the head of an attempt says, by its kind."""


@dataclass(frozen=True)
class Attempt:
    """One attempt: its source, and what is expected of it.

    A wrong attempt shows its `misconception`; its `variant` is 1, stored in releases, or 2, which never is.
    A decoy is another mistake nearby, which the learner's card must not call by `misconception`.
    Either loses exactly the criteria `loses`, and those that count only beside them; a right attempt loses none and
    has a `style` instead.
    """

    item: str
    kind: Kind
    source: str
    misconception: str | None = None
    variant: int = 1
    loses: frozenset[str] = frozenset()
    style: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether it shows a misconception."""
        return self.kind == "wrong"

    @property
    def is_right(self) -> bool:
        """Whether it should get full marks."""
        return self.kind == "right"

    @property
    def label(self) -> str:
        """A name for tables, such as `wrong floor-for-round/1`."""
        match self.kind:
            case "wrong":
                return f"wrong {self.misconception}/{self.variant}"
            case "decoy":
                return f"decoy {self.misconception}"
        return f"right {self.style}"


@dataclass
class Corpus:
    """The misconceptions of an exercise with their texts, and the attempts at it, in the order they are written in."""

    misconceptions: dict[str, Misconception] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)


def read_corpus(paths: Iterable[Path], item: str) -> Corpus:
    """Return what the files of attempts at an exercise hold; they are read as one text, in the given order.

    A file has cells. A misconception is told at the head of its attempts, in comments; each attempt is headed by its
    kind and what it is to lose::

        # %% misconception="floor-for-round"
        # Codes are rounded down, not to the nearest.
        # Remedy: Use `np.round`.

        # %% wrong misconception="floor-for-round" variant=1 loses="typical,edges"
        # %% decoy misconception="floor-for-round" loses="typical"
        # %% right style="a loop over rows"

    Raises:
        SpecError: a cell is malformed, or names a misconception that is not told above it; the message names file and
            line.
    """
    corpus = Corpus()
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        heads = [number for number, line in enumerate(lines) if line.startswith(MARK)]
        for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
            where = f"{path.parent.name}/{path.name}, line {start + 1}"
            _read_cell(corpus, item, lines[start].removeprefix(MARK), lines[start + 1 : end], where)
    return corpus


def _read_cell(corpus: Corpus, item: str, head: str, body: list[str], where: str) -> None:
    if head.strip().startswith("[markdown]"):
        return
    kind, fields = _parse_head(head, where)
    if not kind and set(fields) == {"misconception"}:
        told = _misconception(fields["misconception"], body, where)
        if told.id in corpus.misconceptions:
            raise SpecError(f"{where}: the misconception {told.id} is told a second time; keep one of the two.")
        corpus.misconceptions[told.id] = told
        return
    attempt = _attempt(item, kind, fields, "\n".join(body).strip() + "\n", where)
    if attempt.misconception is not None and attempt.misconception not in corpus.misconceptions:
        name = attempt.misconception
        raise SpecError(f'{where}: {name} is not told above; head its attempts with `# %% misconception="{name}"`.')
    corpus.attempts.append(attempt)


def _misconception(name: str, body: list[str], where: str) -> Misconception:
    """Read a text and its remedy from the comments below a head."""
    lines = [line.strip() for line in body if line.strip()]
    if any(not line.startswith("#") for line in lines):
        raise SpecError(f"{where}: below the head of {name} stand comments only; head the code that follows.")
    words = [line.removeprefix("#").strip() for line in lines if line != "#"]
    starts = [number for number, line in enumerate(words) if line.startswith(REMEDY)]
    if len(starts) != 1 or not words[: starts[0]] or not words[starts[0]].removeprefix(REMEDY).strip():
        raise SpecError(f"{where}: {name} needs a text, and below it one line that begins `# {REMEDY}`.")
    text, remedy = " ".join(words[: starts[0]]), " ".join(words[starts[0] :]).removeprefix(REMEDY).strip()
    try:
        return Misconception(id=name, text=text, remedy=remedy)
    except ValidationError as error:
        raise SpecError(f"{where}: {name!r} is no id of a misconception; use words joined by hyphens.") from error


def _attempt(item: str, kind: str, fields: dict[str, str], source: str, where: str) -> Attempt:
    if kind not in FIELDS:
        raise SpecError(f"{where}: a cell should be headed misconception=, wrong, decoy or right, found {kind!r}.")
    if set(fields) != FIELDS[kind]:
        raise SpecError(f"{where}: a {kind} attempt has the fields {sorted(FIELDS[kind])}, found {sorted(fields)}.")
    if not source.strip():
        raise SpecError(f"{where}: the attempt has no source.")
    if kind == "right":
        return Attempt(item, "right", source, style=fields["style"])
    variant = fields.get("variant", "1")
    if variant not in ("1", "2"):
        raise SpecError(f"{where}: variant should be 1 or 2, found {variant!r}.")
    loses = frozenset(name.strip() for name in fields["loses"].split(",") if name.strip())
    if not loses:
        raise SpecError(f"{where}: a {kind} attempt loses at least one criterion.")
    return Attempt(item, cast(Kind, kind), source, fields["misconception"], int(variant), loses)


def _parse_head(head: str, where: str) -> tuple[str, dict[str, str]]:
    """Split a head into its kind, which may be missing, and its fields."""
    try:
        words = shlex.split(head)
    except ValueError as error:
        raise SpecError(f"{where}: a quote is not closed in {head.strip()!r}.") from error
    kind = words.pop(0) if words and "=" not in words[0] else ""
    return kind, dict(pair.partition("=")[::2] for pair in words)
