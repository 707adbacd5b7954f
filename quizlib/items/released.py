"""Items as they lie beside a notebook: one document an item, with the key of a question lightly encoded or absent.

The number of an item is not in its document, so that an item put before it changes the listing of the lesson alone.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from quizlib.errors import SpecError
from quizlib.evidence.files import case_node, read_case, read_document, write_document
from quizlib.evidence.probe import Probe, parse_probe, probe_document
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.tree_reader import Limits, TreeReader
from quizlib.evidence.tree_writer import TreeWriter
from quizlib.evidence.values import CaseEvidence
from quizlib.items.exercise import Exercise
from quizlib.items.fact import Fact
from quizlib.items.listing import number_of
from quizlib.items.question import Question, QuestionKey

Flavour = Literal["self-study", "class"]
LIMITS = Limits(json_bytes=32_000_000, array_bytes=256_000_000, nodes=1_000_000, text=200_000)
"""Caps for documents of the course itself, which are larger than any evidence."""


@dataclass(frozen=True, eq=False)
class QuestionSheet:
    """A question and, where it may be known, its key; `number` is its number in the notebook, such as `"2.1"`."""

    question: Question
    key: QuestionKey | None = None
    number: str = ""

    @property
    def title(self) -> str:
        """What a learner knows the question by, if it has a number."""
        return f"Question {self.number}" if self.number else ""


@dataclass(frozen=True, eq=False)
class ExerciseSheet:
    """Everything the judge needs for an exercise.

    `answers` are the expected results by case; `public` the cases that may be shown;
    `recognised` the results of known wrong attempts by misconception, one entry an attempt;
    `number` its number in the notebook, such as `"2.9"`; `facts` the course's own by name, which are never released;
    `unseen` the seed of the digits on which a grading measures accuracy, which no sheet of a release has.
    """

    exercise: Exercise
    probe: Probe
    answers: dict[str, CaseEvidence] = field(default_factory=dict)
    public: frozenset[str] = frozenset()
    recognised: dict[str, tuple[dict[str, CaseEvidence], ...]] = field(default_factory=dict)
    number: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    unseen: str = ""

    @property
    def title(self) -> str:
        """What a learner knows the exercise by: its title, after its number if it has one."""
        return f"Exercise {self.number} · {self.exercise.title}" if self.number else self.exercise.title


Sheet = QuestionSheet | ExerciseSheet


def write_sheet(folder: Path, sheet: Sheet, flavour: Flavour) -> None:
    """Write `sheet` into `folder` under its item's id; the class flavour leaves out what `without_key` does."""
    if flavour == "class":
        sheet = without_key(sheet)
    if isinstance(sheet, QuestionSheet):
        question = sheet.question
        key = None if sheet.key is None else encode_key(sheet.key)
        fields = {"question": question.model_dump(mode="json"), "key": key}
        write_document(folder, question.id, fields, {}, readable=True)
        return
    document, arrays = _exercise_document(sheet)
    write_document(folder, sheet.exercise.id, document, arrays, readable=True)


def without_key(sheet: Sheet) -> Sheet:
    """Return `sheet` as a class may have it: no key of a question, and no expected values of a value exercise.

    The results of a function on public cases stay, since they are not its solution; the values are theirs.
    """
    if isinstance(sheet, QuestionSheet):
        return replace(sheet, key=None)
    is_solution = RESPONSES[sheet.exercise.response].is_compared_itself
    return replace(sheet, answers={}, recognised={}) if is_solution else sheet


def _exercise_document(sheet: ExerciseSheet) -> tuple[dict[str, Any], dict[str, Any]]:
    probe, probe_arrays = probe_document(sheet.probe)
    writer = TreeWriter()
    writer.arrays = dict(probe_arrays)
    document = {
        "exercise": sheet.exercise.model_dump(mode="json"),
        "probe": probe,
        "answers": [case_node(writer, case) for case in sheet.answers.values()],
        "public": sorted(sheet.public),
        "recognised": [
            [name, [case_node(writer, case) for case in attempt.values()]]
            for name, attempts in sheet.recognised.items()
            for attempt in attempts
        ],
    }
    if sheet.unseen:
        document["unseen"] = sheet.unseen
    return document, writer.arrays


def read_sheet(folder: Path, item: str) -> Sheet:
    """Read the sheet of `item` from `folder`, with the number that the listing there gives it.

    Raises:
        EvidenceError: the files cannot be read. SpecError: they hold no valid item.
    """
    document, reader = read_document(folder, item, LIMITS)
    try:
        sheet = _read_question(document) if "question" in document else _read_exercise(document, reader)
    except (ValidationError, KeyError, TypeError, ValueError, zlib.error) as error:
        path = folder / f"{item}.json"
        raise SpecError(f"{path} is not a released item ({type(error).__name__}); release the course again.") from error
    # An earlier release wrote the number into the sheet.
    return replace(sheet, number=str(document.get("number", "")) or number_of(folder, item))


def _read_question(document: dict[str, Any]) -> QuestionSheet:
    question = Question.model_validate(document["question"])
    key = None if document["key"] is None else decode_key(document["key"])
    if key is not None and (key.item, key.revision) != (question.id, question.revision):
        raise ValueError(f"the key belongs to {key.item}, revision {key.revision}")
    return QuestionSheet(question, key)


def _read_exercise(document: dict[str, Any], reader: TreeReader) -> ExerciseSheet:
    recognised: dict[str, tuple[dict[str, CaseEvidence], ...]] = {}
    for name, attempt in document["recognised"]:
        recognised[name] = (*recognised.get(name, ()), _by_case(reader, attempt))
    return ExerciseSheet(
        Exercise.model_validate(document["exercise"]),
        parse_probe(document["probe"], reader),
        _by_case(reader, document["answers"]),
        frozenset(document["public"]),
        recognised,
        unseen=str(document.get("unseen", "")),
    )


def _by_case(reader: TreeReader, nodes: Iterable[object]) -> dict[str, CaseEvidence]:
    return {case.case: case for case in (read_case(reader, node) for node in nodes)}


def encode_key(key: QuestionKey) -> str:
    """Return `key` as text that a glance does not read; it hides nothing from anyone who tries."""
    return base64.b85encode(zlib.compress(key.model_dump_json().encode(), 9)).decode()


def decode_key(text: str) -> QuestionKey:
    """Return the key that `encode_key` wrote."""
    return QuestionKey.model_validate(json.loads(zlib.decompress(base64.b85decode(text))))
