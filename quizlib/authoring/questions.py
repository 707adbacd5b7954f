"""Questions as their author writes them in `solutions/questions/*.yaml`."""

from __future__ import annotations

from pathlib import Path
from string import ascii_uppercase
from typing import Annotated, Any

import yaml
from pydantic import Field, Strict, ValidationError, model_validator

from quizlib.errors import SpecError
from quizlib.items.base import ItemId, Model, Text
from quizlib.items.question import Credit, OptionKey, Question, QuestionKey, QuestionKind, WrongValue, has_options
from quizlib.items.released import QuestionSheet


class WrittenOption(Model):
    """One option: its text, the feedback on choosing it, and the misconception if it is a distractor."""

    text: Text
    feedback: Text
    misconception: Text | None = None


class WrittenQuestion(Model):
    """A question with its key, as one entry of the YAML file; `cited` marks a definition that cannot be executed."""

    id: ItemId
    revision: int = Field(ge=1)
    kind: QuestionKind
    points: int = Field(ge=1, le=5)
    objective: Text
    difficulty: int = Field(ge=1, le=3)
    stem: Text
    code: str | None = None
    options: tuple[WrittenOption, ...] = ()
    key: Annotated[float, Strict()] | str
    tolerance: float = Field(ge=0, default=0.0)
    unit: str | None = None
    credit: Credit = "all_or_nothing"
    wrong: tuple[WrongValue, ...] = ()
    hints: tuple[Text, ...] = Field(min_length=1)
    rationale: Text
    source: Text
    cited: bool = False

    @property
    def letters(self) -> str:
        """Letters of the options, such as `"ABCD"`."""
        return ascii_uppercase[: len(self.options)]

    @model_validator(mode="after")
    def _key_fits_kind(self) -> WrittenQuestion:
        if has_options(self.kind):
            self._check_letters(str(self.key))
        elif isinstance(self.key, str) != (self.kind == "predict"):
            raise ValueError("the key of a number question is a number, that of a predict question a text in quotes")
        if self.credit != "all_or_nothing" and self.kind not in ("several", "order"):
            raise ValueError(f"a question of kind {self.kind} is all or nothing")
        return self

    def _check_letters(self, key: str) -> None:
        wanted = {"one": 1, "order": len(self.letters)}.get(self.kind, len(key))
        if not key or set(key) - set(self.letters) or len(set(key)) != len(key) or len(key) != wanted:
            raise ValueError(f"the key {key!r} does not fit options {self.letters} of kind {self.kind}")
        if self.kind == "order":
            strays = [wrong.value for wrong in self.wrong if sorted(str(wrong.value)) != list(self.letters)]
            if strays:
                raise ValueError(f"the wrong order {strays[0]!r} does not order {self.letters}")
            return
        for letter, option in zip(self.letters, self.options, strict=True):
            if (option.misconception is None) != (letter in key):
                raise ValueError(f"option {letter} must have a misconception if, and only if, it is a distractor")

    def sheet(self, lesson: str) -> QuestionSheet:
        """Return the question and its key, apart."""
        question = Question(
            id=self.id,
            revision=self.revision,
            lesson=lesson,
            points=self.points,
            hints=self.hints,
            kind=self.kind,
            stem=self.stem,
            code=self.code,
            options=tuple(option.text for option in self.options),
            unit=self.unit,
        )
        answer = "".join(sorted(str(self.key))) if self.kind == "several" else self.key
        key = QuestionKey(
            item=self.id,
            revision=self.revision,
            answer=" ".join(answer.split()) if isinstance(answer, str) else answer,
            tolerance=self.tolerance,
            credit=self.credit,
            options=tuple(OptionKey(feedback=o.feedback, misconception=o.misconception) for o in self.options),
            wrong=self.wrong,
            rationale=self.rationale,
            source=self.source,
        )
        return QuestionSheet(question, key)


def read_questions(path: Path) -> dict[str, WrittenQuestion]:
    """Return the questions of a YAML file by id, in the file's order.

    Raises:
        SpecError: the file is no list of questions; the message names file, item and field.
    """
    try:
        entries: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SpecError(f"{path.name} cannot be read as YAML: {error}") from error
    if not isinstance(entries, list):
        raise SpecError(f"{path.name} should hold a list of questions; found {type(entries).__name__}.")
    questions: dict[str, WrittenQuestion] = {}
    for number, entry in enumerate(entries, 1):
        question = _read(path, number, entry)
        if question.id in questions:
            raise SpecError(f"{path.name}: two questions are called {question.id}.")
        questions[question.id] = question
    return questions


def _read(path: Path, number: int, entry: object) -> WrittenQuestion:
    name = entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
    try:
        question = WrittenQuestion.model_validate(entry)
        question.sheet("00-any")  # the rules of what is released hold too
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the whole entry"
        message = first["msg"].removeprefix("Value error, ")
        raise SpecError(f"{path.name}: question {name}, field {field}: {message}.") from error
    return question
