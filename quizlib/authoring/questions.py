"""Questions as their author writes them in `solutions/questions/*.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, model_validator

from quizlib.errors import SpecError
from quizlib.items.base import ItemId, Model, Text
from quizlib.items.question import Credit, OptionKey, Question, QuestionKey, QuestionKind, WrongValue
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
    key: float | str
    tolerance: float = Field(ge=0, default=0.0)
    unit: str | None = None
    credit: Credit = "all_or_nothing"
    wrong: tuple[WrongValue, ...] = ()
    hints: tuple[Text, ...] = Field(min_length=1)
    rationale: Text
    source: Text
    cited: bool = False

    @model_validator(mode="after")
    def _key_fits_options(self) -> WrittenQuestion:
        letters = "ABCDEFGH"[: len(self.options)]
        if self.kind in ("one", "several", "order"):
            key = str(self.key)
            wanted = {"one": 1, "order": len(letters)}.get(self.kind, len(key))
            if not key or set(key) - set(letters) or len(set(key)) != len(key) or len(key) != wanted:
                raise ValueError(f"the key {key!r} does not fit options {letters} of kind {self.kind}")
        if self.kind in ("one", "several"):
            for letter, option in zip(letters, self.options, strict=True):
                if (option.misconception is None) != (letter in str(self.key)):
                    raise ValueError(f"option {letter} must have a misconception if, and only if, it is a distractor")
        if self.kind == "number" and isinstance(self.key, str):
            raise ValueError("the key of a number question must be a number")
        return self

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
        answer = "".join(sorted(self.key)) if self.kind == "several" and isinstance(self.key, str) else self.key
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
    except (OSError, yaml.YAMLError) as error:
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
        return WrittenQuestion.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the whole entry"
        raise SpecError(f"{path.name}: question {name}, field {field}: {first['msg']}.") from error
