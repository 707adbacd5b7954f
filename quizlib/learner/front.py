"""`begin`, `check` and `hint`: what a notebook calls."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from quizlib.errors import ArgumentError, CheckBrokenError, CheckFailedError, QuizError
from quizlib.evidence.places import GRADING_FOLDER

if TYPE_CHECKING:
    from quizlib.display.card import ShownVerdict
    from quizlib.display.hint import Hint
    from quizlib.items.released import Sheet
    from quizlib.judging.verdict import Verdict

FLAVOURS = ("self-study", "class")

NOTHING = object()
"""Stands for a response that was not passed at all."""


def begin(lesson: str, *, flavour: str = "self-study", release: str = "") -> None:
    """Say which lesson this kernel works on, and turn a missing name in a check cell into one sentence.

    Args:
        lesson: Id of the lesson, such as `"01-overview"`.
        flavour: `"self-study"` or `"class"`.
        release: Id of the release that the notebook came with.

    Raises:
        ArgumentError: `flavour` is neither.
    """
    if flavour not in FLAVOURS:
        raise ArgumentError(f"flavour is {flavour!r}; pass 'self-study' or 'class'.")
    from quizlib.zoo.quiet import quiet

    quiet()
    if _grading_folder() is None:
        _start(lesson, cast(Literal["self-study", "class"], flavour), release)


def _start(lesson: str, flavour: Literal["self-study", "class"], release: str) -> None:
    from quizlib.learner import find, sentences, session
    from quizlib.zoo import figures

    started = session.Session(lesson, flavour, release, session.notebook_folder())
    session.start(started)
    figures.give_texts(find.figure_texts(started))
    sentences.install()
    other = find.other_release(started)
    if other is not None:
        print(
            f"Note: this notebook is of release {release}, and the data found for it of release {other}. "
            "You can go on; if a card does not fit its task, take notebook and items folder from one release."
        )


def check(item: str, response: object = NOTHING) -> ShownVerdict | Recorded:
    """Check a response at once, and return the verdict, which shows itself as a card.

    While a class is graded this only takes evidence; the verdict is made elsewhere.

    Args:
        item: Id of the question or exercise.
        response: The answer, value, function, model or bytes.

    Raises:
        UnknownItemError: no item has this id.
        ArgumentError: no response was passed, or something else than an id.
        NotBegunError: the import cell of the notebook has not been run.
        CheckStoppedError: the check was interrupted.
        CheckBrokenError: this library failed, not the response.
        CheckFailedError: under nbgrader's Validate, where a public case failed or an answer is not valid.
    """
    folder = _grading_folder()
    if folder is not None:
        return _record(folder, item, ... if response is NOTHING else response)
    with _one_sentence(item):
        return _checked(item, response)


def _checked(item: str, response: object) -> ShownVerdict:
    verdict = _judge(_sheet(item), item, response)
    if os.environ.get("NBGRADER_EXECUTION") == "validate":
        _raise_unless_valid(verdict)
    from quizlib.display.card import ShownVerdict

    return ShownVerdict.of(verdict)


@contextmanager
def _one_sentence(item: str) -> Iterator[None]:
    """Turn an interrupt, and every error of this library's own code, into one sentence.

    What the response itself raises is in the evidence by then, so that nothing of it comes this way.
    """
    try:
        yield
    except QuizError:
        raise
    except KeyboardInterrupt:
        from quizlib.errors import CheckStoppedError

        raise CheckStoppedError(
            f"the check of {item} was interrupted, and nothing was judged; if your code does not come to an end, "
            "look for a loop that never stops, then run its cell and this one again."
        ) from None
    except Exception as error:  # the errors that are meant for the learner have passed above; the rest is ours
        raise CheckBrokenError.of(error) from error


def _grading_folder() -> Path | None:
    folder = os.environ.get(GRADING_FOLDER)
    return Path(folder) if folder else None


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

    write_evidence(folder, collect(read_probe(folder, item), response, _variables()))
    return Recorded(item)


def _sheet(item: str) -> Sheet:
    """Return the sheet of an item of this kernel's session."""
    from quizlib.learner import sentences, session
    from quizlib.learner.find import find_sheet

    sentences.install()
    return find_sheet(item, session.current())


def _judge(sheet: Sheet, item: str, response: object) -> Verdict:
    """Return the verdict on the evidence of `response`, as it would look after the crossing to the grader."""
    from quizlib.evidence.collect import collect
    from quizlib.judging.judge import judge, probe_of

    probe = probe_of(sheet)
    if response is NOTHING:
        raise ArgumentError(f"check needs your answer too: check({item!r}, {probe.variable}).")
    return judge(sheet, collect(probe, response, _variables()))


def _variables() -> dict[str, object]:
    """Return the variables of the notebook, in whose kernel they are those of `__main__`."""
    return vars(sys.modules["__main__"])


def _raise_unless_valid(verdict: Verdict) -> None:
    if verdict.status not in ("correct", "recorded"):
        lines = [line for line in verdict.criteria if not line.is_judged_elsewhere]
        first = next((line.message for line in lines if not line.is_met and line.message), "")
        raise CheckFailedError(f"{verdict.item}: {verdict.summary} {first}".strip())


def hint(item: str) -> Hint | None:
    """Return the next hint for an item; asked again, it gives one more; None while a class is graded.

    Raises:
        UnknownItemError: no item has this id.
        NotBegunError: the import cell of the notebook has not been run.
    """
    if _grading_folder() is not None:
        return None
    from quizlib.display.hint import Hint
    from quizlib.items.released import QuestionSheet

    sheet = _sheet(item)
    hints = sheet.question.hints if isinstance(sheet, QuestionSheet) else sheet.exercise.hints
    shown = min(_shown.get(item, 0) + 1, len(hints))
    _shown[item] = shown
    return Hint(item, hints[:shown], len(hints))


_shown: dict[str, int] = {}


if _grading_folder() is None:
    # At the first use of `check`, before any `begin`: a check cell run first of all names a response that is missing.
    from quizlib.learner import sentences

    sentences.install()
