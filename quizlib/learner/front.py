"""`begin`, `check` and `hint`: what a notebook calls."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from quizlib.errors import ArgumentError, CheckFailedError

if TYPE_CHECKING:
    from quizlib.display.card import ShownVerdict
    from quizlib.evidence.values import Evidence
    from quizlib.items.released import Sheet
    from quizlib.judging.verdict import Verdict

GRADING_FOLDER = "QUIZLIB_GRADING_FOLDER"
"""Environment variable by which the executor names the folder of probes, where evidence is left."""

FLAVOURS = ("self-study", "class")


def begin(lesson: str, *, flavour: str = "self-study", release: str = "") -> None:
    """Say which lesson this kernel works on, and turn a missing name in a cell into one sentence.

    Args:
        lesson: Id of the lesson, such as `"01-overview"`.
        flavour: `"self-study"` or `"class"`.
        release: Id of the release that the notebook came with.

    Raises:
        ArgumentError: `flavour` is neither.
    """
    from quizlib.learner import sentences, session

    if flavour not in FLAVOURS:
        raise ArgumentError(f"flavour is {flavour!r}; pass 'self-study' or 'class'.")
    from quizlib.zoo.quiet import quiet

    quiet()
    session.start(session.Session(lesson, "class" if flavour == "class" else "self-study", release))
    sentences.install()


def check(item: str, response: object = ...) -> ShownVerdict | Recorded:
    """Check a response at once, and return the verdict, which shows itself as a card.

    While a class is graded this only takes evidence; the verdict is made elsewhere.

    Args:
        item: Id of the question or exercise.
        response: The answer, value, function, model or bytes.

    Raises:
        UnknownItemError: no item has this id.
        CheckFailedError: under nbgrader's Validate, where a public case failed or an answer is not valid.
    """
    folder = os.environ.get(GRADING_FOLDER)
    if folder:
        return _record(Path(folder), item, response)
    verdict = _judge(item, response)
    if os.environ.get("NBGRADER_EXECUTION") == "validate":
        _raise_unless_valid(verdict)
    from quizlib.display.card import ShownVerdict

    return ShownVerdict.of(verdict)


class Recorded:
    """What `check` answers while a class is graded."""

    def __init__(self, item: str) -> None:
        self.item = item

    def __repr__(self) -> str:
        """Return one line."""
        return f"{self.item}: evidence taken"


def _record(folder: Path, item: str, response: object) -> Recorded:
    """Take evidence on the probe's inputs and leave it in `folder`; nothing is judged in this process."""
    from quizlib.evidence.collect import collect
    from quizlib.evidence.files import write_evidence
    from quizlib.evidence.probe import read_probe

    write_evidence(folder, collect(read_probe(folder, item), response))
    return Recorded(item)


def _judge(item: str, response: object) -> Verdict:
    from quizlib.judging.judge import judge
    from quizlib.learner import session
    from quizlib.learner.find import find_sheet

    sheet = find_sheet(item, session.current().flavour)
    return judge(sheet, _evidence(sheet, response))


def _evidence(sheet: Sheet, response: object) -> Evidence:
    """Return evidence as it looks after the crossing, so that practice and grading read the same data."""
    from quizlib.evidence.collect import collect
    from quizlib.judging.judge import probe_of

    return collect(probe_of(sheet), response)


def _raise_unless_valid(verdict: Verdict) -> None:
    if verdict.status not in ("correct", "recorded"):
        first = next((line.message for line in verdict.criteria if not line.is_met and line.message), "")
        raise CheckFailedError(f"{verdict.item}: {verdict.summary} {first}".strip())


def hint(item: str) -> Hint:
    """Return the next hint for an item; asked again, it gives one more.

    Raises:
        UnknownItemError: no item has this id.
    """
    from quizlib.items.released import QuestionSheet
    from quizlib.learner import session
    from quizlib.learner.find import find_sheet

    sheet = find_sheet(item, session.current().flavour)
    hints = sheet.question.hints if isinstance(sheet, QuestionSheet) else sheet.exercise.hints
    shown = min(_shown.get(item, 0) + 1, len(hints))
    _shown[item] = shown
    return Hint(hints[:shown], len(hints))


_shown: dict[str, int] = {}


class Hint:
    """The hints given so far, the newest last."""

    def __init__(self, hints: tuple[str, ...], total: int) -> None:
        self.hints = hints
        self.total = total

    def __repr__(self) -> str:
        """Return one line a hint."""
        if not self.hints:
            return "There is no hint for this item."
        lines = [f"Hint {number} of {self.total}: {text}" for number, text in enumerate(self.hints, 1)]
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        return "\n\n".join(f"**Hint {number} of {self.total}** {text}" for number, text in enumerate(self.hints, 1))
