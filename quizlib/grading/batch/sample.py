"""A sample class: submissions described by what differs from the released notebook, and the scores they should get."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal

import nbformat
import yaml
from nbformat import NotebookNode
from pydantic import Field, ValidationError, model_validator

from quizlib.authoring.attempts import Attempt
from quizlib.authoring.course import Lesson
from quizlib.coursedir.course import Course, Step
from quizlib.errors import SpecError
from quizlib.grading.cells import check_cells, role
from quizlib.items.base import ItemId, Model, Text
from quizlib.judging.beside import all_lost


class ExtraCell(Model):
    """A code cell that the student added before or after the cell with an id."""

    before: str | None = None
    after: str | None = None
    code: str

    @model_validator(mode="after")
    def _has_one_place(self) -> ExtraCell:
        if (self.before is None) == (self.after is None):
            raise ValueError("an extra cell needs either before or after")
        return self


class SampleSubmission(Model):
    """One student of a sample class.

    The answer cell of an item holds the course's own solution if the item is in `solved` (or that is `all`), the
    attempt whose label is in `attempts`, or the text in `answers`; else the stub. With `mistakes: all` each exercise
    that none of these names gets a wrong attempt, which `completed` chooses.
    `file` is what the file is called, and `content` its text where it is no notebook.
    `drop` are the ids of cells that the student deleted; the notebook ends at the cell `until`.
    Every item should get its score in `expected`; where none is named, what the label of its attempt leaves; else all
    its points or none (`others`).
    """

    about: Text
    file: str | None = None
    content: str | None = None
    solved: Literal["all"] | tuple[ItemId, ...] = ()
    attempts: dict[ItemId, str] = Field(default={})
    mistakes: Literal["all"] | None = None
    answers: dict[ItemId, str] = Field(default={})
    cells: tuple[ExtraCell, ...] = ()
    drop: tuple[str, ...] = ()
    until: str | None = None
    expected: dict[ItemId, float] = Field(default={})
    others: Literal["full", "none"]
    status: str = "graded"

    def scores(self, points: dict[str, float]) -> dict[str, float]:
        """Return the score that each item should get, given the points of each.

        >>> SampleSubmission(about="x", others="full", expected={"a": 1}).scores({"a": 2.0, "b": 3.0})
        {'a': 1.0, 'b': 3.0}
        """
        full = self.others == "full"
        return {item: float(self.expected.get(item, most if full else 0)) for item, most in points.items()}


def read_class(folder: Path) -> dict[str, SampleSubmission]:
    """Return the students of a sample class by id; each is one YAML file, called after the student.

    Raises:
        SpecError: a file is malformed; the message names file and field.
    """
    return {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}


def _read(path: Path) -> SampleSubmission:
    try:
        return SampleSubmission.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise SpecError(f"{path.name} cannot be read as YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SpecError(f"{path.name}: field {'.'.join(map(str, first['loc']))}: {first['msg']}.") from error


def class_of(folder: Path, lesson: Lesson) -> dict[str, SampleSubmission]:
    """Return the students of a sample class of `lesson` by id, each completed.

    Raises:
        SpecError: a file is malformed, or names an attempt that is not there once.
    """
    return {student: completed(sample, lesson) for student, sample in read_class(folder).items()}


def completed(sample: SampleSubmission, lesson: Lesson) -> SampleSubmission:
    """Return `sample` with all its attempts by name, and with the scores expected of them.

    An attempt gets the points of the criteria that its label does not lose, as `quizlib verify` proves, unless the
    sample expects something else.

    Raises:
        SpecError: it names an attempt that is not there once.
    """
    attempts = {**_mistakes(sample, lesson), **sample.attempts}
    labels = {item: label for item, label in attempts.items() if item not in sample.answers}
    implied = {item: _left(lesson, _attempt(lesson, item, label)) for item, label in labels.items()}
    return sample.model_copy(update={"attempts": attempts, "expected": {**implied, **sample.expected}})


def _mistakes(sample: SampleSubmission, lesson: Lesson) -> dict[str, str]:
    """Return the label of a wrong attempt for each exercise that a sample with `mistakes: all` does not name."""
    if sample.mistakes is None or sample.solved == "all":
        return {}
    named = {*sample.solved, *sample.attempts, *sample.answers}
    found = {item: _mistake(attempts) for item, attempts in lesson.attempts.items() if item not in named}
    return {item: label for item, label in found.items() if label is not None}


def _mistake(attempts: list[Attempt]) -> str | None:
    """Return the label of the first wrong attempt of variant 2, else of variant 1, whose label is there once."""
    count = Counter(attempt.label for attempt in attempts)
    wrong = [attempt for attempt in attempts if attempt.is_wrong and count[attempt.label] == 1]
    return next((one.label for variant in (2, 1) for one in wrong if one.variant == variant), None)


def _left(lesson: Lesson, attempt: Attempt) -> float:
    """Return the points of the criteria that an attempt meets, and that count."""
    spec = lesson.exercises[attempt.item]
    lost = all_lost(spec.criteria, attempt.loses, spec.facts)
    return float(sum(criterion.points for criterion in spec.criteria if criterion.id not in lost))


def hand_in(course: Course, lesson: Lesson, students: dict[str, SampleSubmission]) -> None:
    """Write the submissions of a sample class into the course's `submitted` folder."""
    released = _notebook(course, "release", lesson.id)
    require_known(released, students)
    for student, sample in students.items():
        folder = course.submission(student, lesson.id)
        folder.mkdir(parents=True)
        path = folder / (sample.file or f"{lesson.id}.ipynb")
        if sample.content is not None:
            path.write_text(sample.content, encoding="utf-8")
        else:
            nbformat.write(sample_notebook(course, lesson, sample), path)


def points_of(course: Course, lesson: str) -> dict[str, float]:
    """Return the points of each item of a released lesson."""
    released = _notebook(course, "release", lesson)
    return {item: float(str(role(released.cells[i])["points"])) for i, item in check_cells(released).items()}


def require_known(released: NotebookNode, students: dict[str, SampleSubmission]) -> None:
    """Raise a SpecError where a sample names an item that the lesson has not."""
    items = set(check_cells(released).values())
    for student, sample in students.items():
        solved = () if sample.solved == "all" else sample.solved
        for name in (*solved, *sample.attempts, *sample.answers, *sample.expected):
            if name not in items:
                raise SpecError(f"the sample {student} names {name}, which is no item of the lesson.")


def sample_notebook(course: Course, lesson: Lesson, sample: SampleSubmission) -> NotebookNode:
    """Return the notebook that a student of a sample class hands in."""
    notebook = _notebook(course, "release", lesson.id)
    solved = {cell.id: cell.source for cell in _notebook(course, "source", lesson.id).cells}
    for item, cell in _answer_cells(notebook).items():
        if sample.solved == "all" or item in sample.solved:
            cell.source = solved[cell.id]
        if item in sample.attempts:
            cell.source = _attempt(lesson, item, sample.attempts[item]).source
        cell.source = sample.answers.get(item, cell.source)
    for extra in sample.cells:
        _insert(notebook, extra)
    if sample.until is not None:
        del notebook.cells[_position(notebook, sample.until) + 1 :]
    notebook.cells = [cell for cell in notebook.cells if cell.id not in sample.drop]
    return notebook


def _notebook(course: Course, step: Step, lesson: str) -> NotebookNode:
    read: NotebookNode = nbformat.read(course.place(step) / lesson / f"{lesson}.ipynb", as_version=4)
    return read


def _answer_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the answer cell of each item: the last one before its check."""
    found: dict[str, NotebookNode] = {}
    latest: NotebookNode | None = None
    checks = check_cells(notebook)
    for index, cell in enumerate(notebook.cells):
        if role(cell).get("solution"):
            latest = cell
        elif index in checks and latest is not None:
            found[checks[index]] = latest
    return found


def _attempt(lesson: Lesson, item: str, label: str) -> Attempt:
    """Return the one attempt of that label; a misconception may have several, of different score.

    Raises:
        SpecError: there is none, or more than one.
    """
    attempts = lesson.attempts.get(item, [])
    found = [attempt for attempt in attempts if attempt.label == label]
    if len(found) > 1:
        raise SpecError(f"{item} has {len(found)} attempts {label!r}; name one that is there once.")
    if not found:
        known = dict.fromkeys(attempt.label for attempt in attempts)
        raise SpecError(f"{item} has no attempt {label!r}; there are: {', '.join(known) or 'none'}.")
    return found[0]


def _insert(notebook: NotebookNode, extra: ExtraCell) -> None:
    at = _position(notebook, extra.before or extra.after or "") + (extra.before is None)
    notebook.cells.insert(at, nbformat.v4.new_code_cell(extra.code, id=f"extra-{len(notebook.cells)}"))


def _position(notebook: NotebookNode, name: str) -> int:
    ids = [cell.id for cell in notebook.cells]
    if name not in ids:
        raise SpecError(f"the lesson has no cell {name!r}, which a sample names.")
    return ids.index(name)
