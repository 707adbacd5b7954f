"""The programs that questions show, run as they stand or changed as an option says: what many proofs observe."""

from __future__ import annotations

import io
import re
import sys
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from quizlib.authoring.proof import Claim
from quizlib.authoring.questions import read_questions
from quizlib.errors import SpecError
from quizlib.zoo.quiet import quiet

LINE = "# your line"
"""The comment in a program for which a line is asked."""


def run(code: str, **names: object) -> dict[str, Any]:
    """Run a program and return the names that it leaves, and what it did.

    Args:
        code: Python; it runs here, with torch's generator at seed 0 where the program or the proof loaded torch.
        names: What the program finds defined.

    Returns:
        The names that it leaves, and three more: `printed`, without the blanks at its ends; `error`, such as
        `"ValueError: too large"` with the first line of its message, or `""`; `warned`, the texts of its warnings.

    >>> run("y = x + 1; print(y)", x=1)["printed"], run("1 / 0")["error"]
    ('2', 'ZeroDivisionError: division by zero')
    """
    printed, error = io.StringIO(), ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        quiet()
        _seed()
        try:
            with redirect_stdout(printed):
                exec(code, names)
        except Exception as raised:  # what a program raises is what is asked about
            error = in_words(raised)
    told = {"printed": printed.getvalue().strip(), "error": error, "warned": [str(one.message) for one in caught]}
    return {**names, **told}


def in_words(error: BaseException) -> str:
    r"""Return the type of an error and the first line of its message.

    >>> in_words(ValueError("one\ntwo")), in_words(KeyError())
    ('ValueError: one', 'KeyError: ')
    """
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"


def ending(code: str, **names: object) -> str:
    """Return what a program prints, or the error that it stops with.

    >>> ending("print(6 * 7)"), ending("print(x)")
    ('42', "NameError: name 'x' is not defined")
    """
    ran = run(code, **names)
    return str(ran["error"] or ran["printed"])


def spans(text: str) -> list[str]:
    """Return the pieces of code in the text of an option.

    >>> spans("In place of `x + y`: `x - y`")
    ['x + y', 'x - y']
    """
    return re.findall(r"`([^`]+)`", text)


class Programs:
    """The programs and options of a lesson's questions, read from its YAML file."""

    def __init__(self, questions: Path) -> None:
        self.questions = read_questions(questions)

    def program(self, item: str, old: str = "", new: str = "") -> str:
        """Return the program of a question, with the line `old` replaced by `new`, which is indented like it.

        Raises:
            SpecError: the question shows no program, or `old` is not exactly one of its lines.
        """
        code = self.questions[item].code
        if code is None:
            raise SpecError(f"{item} shows no program; give the question `code:`.")
        if not old:
            return code
        found = re.findall(rf"^( *){re.escape(old)}$", code, re.MULTILINE)
        if len(found) != 1:
            raise SpecError(f"{item}: expected the line {old!r} once in its program, found it {len(found)} times.")
        return code.replace(found[0] + old, found[0] + new.replace("\n", "\n" + found[0]))

    def options(self, item: str) -> dict[str, str]:
        """Return the texts of a question's options by letter."""
        question = self.questions[item]
        return {letter: option.text for letter, option in zip(question.letters, question.options, strict=True)}

    def endings(self, item: str, changed: Callable[[str], str]) -> dict[str, str]:
        """Return for each option how a program ends: `changed` makes the program of the option's text."""
        return {letter: ending(changed(text)) for letter, text in self.options(item).items()}

    def with_line(self, item: str) -> dict[str, str]:
        """Return how the program ends with each option's line in place of the comment that asks for it."""
        return self.endings(item, lambda text: self.program(item, LINE, text.strip("`")))

    def given_by(self, item: str, wanted: object, otherwise: object) -> Mapping[str, Claim]:
        """Return a claim for each option, that what was seen of it is `wanted`; with the other outcome, it changes."""
        key = str(self.questions[item].key)
        letters = self.questions[item].letters
        return {letter: _gives(letter, wanted, otherwise if letter in key else wanted) for letter in letters}


def _gives(letter: str, wanted: object, unless: object) -> Claim:
    says = f"with option {letter} it prints {wanted}"
    return Claim(says, lambda seen: bool(seen[letter] == wanted), unless={letter: unless})


def _seed() -> None:
    """Start torch's generator anew, where somebody loaded torch."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(0)
