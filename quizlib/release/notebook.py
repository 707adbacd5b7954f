"""Build the instructor's notebook of a lesson from its text and items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import nbformat.v4
from nbformat import NotebookNode

from quizlib.authoring.course import Lesson
from quizlib.authoring.prose import fill
from quizlib.errors import SpecError
from quizlib.items.released import Flavour
from quizlib.release.cells import answer_cell, check_cell, code_cell, markdown_cell, with_distinct_ids
from quizlib.release.layout import numbers_of, require_agreement
from quizlib.release.questions import question_cells
from quizlib.release.source import (
    BEGIN,
    SourceCell,
    begin_call,
    check_calls,
    complete_begin,
    read_cells,
    without_solutions,
)

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def build_notebook(lesson: Lesson, flavour: Flavour, release: str) -> NotebookNode:
    """Return the instructor's notebook of `lesson`: all cells, with solutions, without outputs.

    Raises:
        SpecError: the text of the lesson breaks the rules, or does not agree with its items.
    """
    cells = read_cells(lesson.text)
    require_agreement(lesson, cells)
    built = list(_expanded(lesson, cells, flavour, release))
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=with_distinct_ids(built))
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    nbformat.validate(notebook)
    return notebook


def _expanded(lesson: Lesson, cells: Sequence[SourceCell], flavour: Flavour, release: str) -> Iterator[NotebookNode]:
    numbers = numbers_of(lesson, cells)
    for position, cell in enumerate(cells):
        question, setup = cell.item_of("question"), cell.item_of("setup")
        if question is not None:
            sheet = lesson.questions[question].sheet(lesson.id)
            if sheet.key is not None:
                yield from question_cells(sheet.question, sheet.key, numbers[question])
        elif setup is not None:
            yield code_cell(lesson.exercises[setup].setup.strip(), f"{setup}-setup")
        elif cell.kind != "code":
            yield markdown_cell(fill(cell.text, lesson.numbers))
        elif begin_call(cell.text) is not None:
            yield code_cell(complete_begin(cell.text, lesson.id, flavour, release), "begin")
        else:
            yield _code(lesson, cell, cells[position:])


def _code(lesson: Lesson, cell: SourceCell, following: Sequence[SourceCell]) -> NotebookNode:
    """Return a code cell of the lesson: an answer cell, a check cell, or an ordinary one."""
    calls = check_calls(cell.text)
    if cell.has_solution:
        if calls:
            raise SpecError(f"{lesson.text.name}: a solution and check({calls[0].item!r}) need a cell each.")
        return _answer(lesson, cell, following)
    if calls:
        return check_cell(cell.text, calls[0].item, lesson.exercises[calls[0].item].points)
    return code_cell(cell.text)


def _answer(lesson: Lesson, cell: SourceCell, following: Sequence[SourceCell]) -> NotebookNode:
    """Return the answer cell of the exercise whose check comes next."""
    item = next((call.item for later in following if later.kind == "code" for call in check_calls(later.text)), None)
    if item is None:
        raise SpecError(f"{lesson.text.name}: a solution is followed by no check: {cell.text[:60]!r}")
    tops = [line for line in cell.text.split("\n") if line.startswith(BEGIN)]
    if len(tops) > 1:
        raise SpecError(f"{lesson.text.name}: an answer cell of {item} has {len(tops)} unindented solutions; keep one.")
    name = lesson.exercises[item].name
    is_bound = re.search(rf"^{name} *[:=]|^def {name}\b", without_solutions(cell.text), re.MULTILINE)
    top_stub = "# Your code goes here." if is_bound else f"{name} = ..."
    return answer_cell(cell.text, f"{item}-answer", top_stub if tops else None)
