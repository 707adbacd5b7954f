"""An exercise where it stands in the text of a lesson, and as the cells of a notebook."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from quizlib.authoring.spec import ExerciseSpec
from quizlib.release.cells import answer_cell, check_cell, code_cell, markdown_cell
from quizlib.release.questions import points_text
from quizlib.release.source import SourceCell, without_solutions


@dataclass(frozen=True)
class PlacedExercise:
    """An exercise in the text: its task, "" where none stands below the marker, and the code cells below that."""

    item: str
    task: str
    cells: tuple[SourceCell, ...]

    @property
    def answers(self) -> list[SourceCell]:
        """The cells that hold a solution; there should be one."""
        return [cell for cell in self.cells if cell.has_solution]


Block = SourceCell | PlacedExercise
"""A piece of a lesson's text: a cell, or an exercise with all of its cells."""


def blocks_of(cells: Sequence[SourceCell]) -> list[Block]:
    """Return the cells of a text, those of each exercise put together.

    An exercise has the text below its marker and the code below that, up to the next text or marker.
    """
    return list(_blocks(deque(cells)))


def _blocks(left: deque[SourceCell]) -> Iterator[Block]:
    while left:
        cell = left.popleft()
        item = cell.item_of("exercise")
        yield cell if item is None else _placed(item, left)


def _placed(item: str, left: deque[SourceCell]) -> PlacedExercise:
    task = left.popleft().text if left and left[0].kind == "markdown" else ""
    code: list[SourceCell] = []
    while left and left[0].is_code:
        code.append(left.popleft())
    return PlacedExercise(item, task, tuple(code))


def exercise_cells(spec: ExerciseSpec, placed: PlacedExercise, number: str, task: str) -> list[NotebookNode]:
    """Return the cells of an exercise: the task under its heading, the setup, the author's code, the check.

    `number` is such as `"1.2"`; `task` is the text with its placeholders filled.
    """
    cells = [markdown_cell(f"{heading(spec, number)}\n\n{task}")]
    if spec.setup.strip():
        cells.append(code_cell(spec.setup.strip(), f"{spec.id}-setup"))
    cells += [_answer(spec, cell) if cell.has_solution else code_cell(cell.text) for cell in placed.cells]
    return [*cells, check_cell(f'check("{spec.id}", {spec.name})', spec.id, spec.points)]


def heading(spec: ExerciseSpec, number: str) -> str:
    """Return the line that heads an exercise: its number, title and points."""
    return f"## Exercise {number} · {spec.title} ({points_text(spec.points)})"


def _answer(spec: ExerciseSpec, cell: SourceCell) -> NotebookNode:
    """Return the answer cell; a solution at its top level becomes `name = ...` where nothing else binds the name."""
    is_bound = re.search(rf"^{spec.name} *[:=]|^def {spec.name}\b", without_solutions(cell.text), re.MULTILINE)
    top_stub = "# Your code goes here." if is_bound else f"{spec.name} = ..."
    return answer_cell(cell.text, f"{spec.id}-answer", top_stub if cell.unindented_solutions else None)
