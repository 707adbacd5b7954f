"""A lesson ready to be released: its notebook, its items, its id; and how it is written, flavour by flavour."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from quizlib.authoring.course import Lesson, read_course, with_recognised
from quizlib.errors import SpecError
from quizlib.evidence.places import LISTING
from quizlib.items.base import Item
from quizlib.items.released import Flavour, QuestionSheet, Sheet, write_sheet
from quizlib.release.exercises import blocks_of
from quizlib.release.layout import numbers_of
from quizlib.release.notebook import build_notebook
from quizlib.release.source import read_cells
from quizlib.release.steps import release_notebook

FORMAT = 1
"""Version of `lesson.json`."""

RELEASED_PARTS = ("questions", "exercises", "attempts", "facts", "figures")
"""Parts of a course, besides the text, that decide how a response is judged or a figure is told."""

Announce = Callable[[str], None]
"""Is told what is being done, for a progress display."""


@dataclass(frozen=True, eq=False)
class LessonRelease:
    """One lesson and everything that is derived from it; what is slow is made once, when first asked for."""

    lesson: Lesson
    announce: Announce = print

    @cached_property
    def id(self) -> str:
        """Hash of all that goes into the release: the notebook as built, and the files of its items."""
        digest = hashlib.sha256(f"{FORMAT}\n{notebook_text(build_notebook(self.lesson, 'self-study', ''))}".encode())
        for path in self.lesson.files(*RELEASED_PARTS):
            digest.update(f"\n{self.lesson.place(path)}\n{path.read_text(encoding='utf-8')}".encode())
        return digest.hexdigest()[:10]

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The sheets of all items in the order of the text, with keys and with the results of known wrong attempts."""
        numbers = numbers_of(self.lesson, blocks_of(read_cells(self.lesson.text)))
        return [replace(self._sheet(item), number=number) for item, number in numbers.items()]

    def _sheet(self, item: str) -> Sheet:
        if item in self.lesson.questions:
            return self.lesson.questions[item].sheet(self.lesson.id)
        self.announce(f"{self.lesson.id}: {item}")
        return with_recognised(self.lesson.exercises[item], self.lesson.attempts[item]).public_sheet()

    def instructor_notebook(self, flavour: Flavour, release: str) -> NotebookNode:
        """Return the notebook with its solutions."""
        return build_notebook(self.lesson, flavour, release)

    def instructor_text(self, flavour: Flavour, release: str) -> str:
        """Return that notebook as the text of its file."""
        return notebook_text(self.instructor_notebook(flavour, release))

    def write_instructor(self, folder: Path, flavour: Flavour, release: str) -> None:
        """Write the instructor's notebook into `folder`."""
        _write(folder / f"{self.lesson.id}.ipynb", self.instructor_text(flavour, release))

    def write_learner(self, folder: Path, flavour: Flavour, release: str) -> None:
        """Write into `folder` what a learner gets: the notebook without solutions, and its items."""
        released = release_notebook(self.instructor_notebook(flavour, release))
        _write(folder / f"{self.lesson.id}.ipynb", notebook_text(released))
        self.write_items(folder / "items", flavour, release)

    def write_items(self, folder: Path, flavour: Flavour, release: str) -> None:
        """Write the sheets of all items into `folder`, and `lesson.json`, which lists them."""
        folder.mkdir(parents=True, exist_ok=True)
        for sheet in self.sheets:
            write_sheet(folder, sheet, flavour)
        _write(folder / LISTING, json.dumps(self.listing(flavour, release), indent=1, ensure_ascii=False) + "\n")

    def listing(self, flavour: Flavour, release: str) -> dict[str, Any]:
        """Return the lesson, and its items in short in the order of the text."""
        return {
            "format": FORMAT,
            "lesson": self.lesson.id,
            "title": self.title,
            "release": release,
            "flavour": flavour,
            "points": self.lesson.points,
            "figures": self.lesson.figures,
            "items": [_entry(sheet) for sheet in self.sheets],
        }

    @property
    def title(self) -> str:
        """Title of the lesson: its first heading.

        Raises:
            SpecError: the lesson begins with something else.
        """
        first = build_notebook(self.lesson, "self-study", "").cells[0]
        line = str(first.source).split("\n")[0]
        if first.cell_type != "markdown" or not line.startswith("# "):
            raise SpecError(f"{self.lesson.text.name} should begin with a cell of text headed `# Title`.")
        return line.removeprefix("# ").strip()


def _item(sheet: Sheet) -> Item:
    return sheet.question if isinstance(sheet, QuestionSheet) else sheet.exercise


def _entry(sheet: Sheet) -> dict[str, Any]:
    item = _item(sheet)
    kind = sheet.question.kind if isinstance(sheet, QuestionSheet) else sheet.exercise.response
    return {"id": item.id, "number": sheet.number, "kind": kind, "points": item.points, "revision": item.revision}


def notebook_text(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    text: str = nbformat.writes(notebook)
    return text + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def course_release_id(releases: Sequence[LessonRelease]) -> str:
    """Return the id of a class release: a hash of the ids of all its lessons."""
    listed = "\n".join(f"{release.lesson.id} {release.id}" for release in releases)
    return hashlib.sha256(f"class\n{listed}".encode()).hexdigest()[:10]


def chosen(solutions: Path, lessons: Sequence[str], announce: Announce) -> list[LessonRelease]:
    """Return the releases of `lessons`, or of all lessons; ids are unique over the whole course in either case.

    Raises:
        SpecError: there is no lesson of such an id, or a lesson breaks the rules.
    """
    known = {lesson.id: LessonRelease(lesson, announce) for lesson in read_course(solutions)}
    missing = [lesson for lesson in lessons if lesson not in known]
    if missing:
        raise SpecError(f"there is no lesson {missing[0]!r}; there are: {', '.join(known)}.")
    return [known[lesson] for lesson in lessons or known]
