"""Questions: what the learner is asked, and apart from it the key that judges the answer."""

from __future__ import annotations

import math
from string import ascii_uppercase
from typing import Literal, assert_never

from pydantic import Field, model_validator

from quizlib.items.base import Item, ItemId, Model, Text
from quizlib.items.printed import same_printed

QuestionKind = Literal["one", "several", "number", "order", "predict"]
Credit = Literal["all_or_nothing", "each_answer"]


def has_options(kind: QuestionKind) -> bool:
    """Say whether a question of this kind is answered by letters of its options.

    >>> has_options("order"), has_options("number")
    (True, False)
    """
    match kind:
        case "one" | "several" | "order":
            return True
        case "number" | "predict":
            return False
        case _:
            assert_never(kind)


class Question(Item):
    """What a learner sees of a question.

    `options` are the texts of options A, B, C … in their fixed order (for kinds one, several and order);
    `unit` belongs to a number; `code` is shown under the stem, where the question is about code.
    """

    kind: QuestionKind
    stem: Text
    code: str | None = None
    options: tuple[Text, ...] = ()
    unit: str | None = None

    @property
    def letters(self) -> str:
        """Letters of the options, such as `"ABCD"`."""
        return ascii_uppercase[: len(self.options)]

    @model_validator(mode="after")
    def _options_fit_kind(self) -> Question:
        if has_options(self.kind) and not 3 <= len(self.options) <= 8:
            raise ValueError(f"a question of kind {self.kind} has 3 to 8 options, found {len(self.options)}")
        if not has_options(self.kind) and self.options:
            raise ValueError(f"a question of kind {self.kind} has no options")
        if len(set(self.options)) != len(self.options):
            raise ValueError("two options have the same text")
        return self


class OptionKey(Model):
    """Feedback on one option; a distractor also names its misconception."""

    feedback: Text
    misconception: Text | None = None


class WrongValue(Model):
    """A wrong number or text that a known misconception leads to."""

    value: float | str
    misconception: Text
    feedback: Text


class QuestionKey(Model):
    """What judges an answer, and explains it.

    `answer` is a letter (one), a set of letters (several), an ordering such as `"CABD"` (order),
    a number (number) or the printed text (predict).
    """

    item: ItemId
    revision: int = Field(ge=1)
    answer: float | str
    tolerance: float = Field(ge=0, default=0.0)
    credit: Credit = "all_or_nothing"
    options: tuple[OptionKey, ...] = ()
    wrong: tuple[WrongValue, ...] = ()
    rationale: Text
    source: Text

    @model_validator(mode="after")
    def _wrong_values_are_wrong(self) -> QuestionKey:
        for wrong in self.wrong:
            if is_close(self.answer, wrong.value, self.tolerance):
                raise ValueError(f"the wrong value {wrong.value} lies within the tolerance of the answer")
        return self


def is_close(expected: float | str, given: float | str, tolerance: float) -> bool:
    r"""Say whether a number lies within `tolerance` of the expected one, or a text is the same output.

    >>> is_close(4.0, 4.04, 0.05), is_close("[1, 2]", "[1,  2]\n", 0.0)
    (True, True)
    """
    if isinstance(expected, str) or isinstance(given, str):
        return same_printed(str(expected), str(given))
    return math.isclose(expected, given, rel_tol=1e-9, abs_tol=tolerance)
