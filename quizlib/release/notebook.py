"""Build the instructor's notebook of a lesson from its text and items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import nbformat.v4
from nbformat import NotebookNode

from quizlib.authoring.course import Lesson
from quizlib.items.released import Flavour
from quizlib.release.cells import code_cell, markdown_cell, with_distinct_ids
from quizlib.release.exercises import Block, PlacedExercise, blocks_of, exercise_cells
from quizlib.release.layout import numbers_of, require_agreement
from quizlib.release.placeholders import filler
from quizlib.release.questions import question_cells
from quizlib.release.source import SourceCell, begin_call, complete_begin, read_cells

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def build_notebook(lesson: Lesson, flavour: Flavour, release: str) -> NotebookNode:
    """Return the instructor's notebook of `lesson`: all cells, with solutions, without outputs.

    Raises:
        SpecError: the text of the lesson breaks the rules, or does not agree with its items.
    """
    blocks = blocks_of(read_cells(lesson.text))
    require_agreement(lesson, blocks)
    built = list(_expanded(lesson, blocks, flavour, release))
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=with_distinct_ids(built))
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    nbformat.validate(notebook)
    return notebook


def _expanded(lesson: Lesson, blocks: Sequence[Block], flavour: Flavour, release: str) -> Iterator[NotebookNode]:
    numbers, filled = numbers_of(lesson, blocks), filler(lesson, blocks)
    for block in blocks:
        if isinstance(block, PlacedExercise):
            yield from exercise_cells(lesson.exercises[block.item], block, numbers[block.item], filled(block.task))
        elif (item := block.item_of("question")) is not None:
            sheet = lesson.questions[item].sheet(lesson.id)
            if sheet.key is not None:
                yield from question_cells(sheet.question, sheet.key, numbers[item])
        elif not block.is_code:
            yield markdown_cell(filled(block.text))
        else:
            yield _code(lesson, block, flavour, release)


def _code(lesson: Lesson, cell: SourceCell, flavour: Flavour, release: str) -> NotebookNode:
    """Return a code cell of the text, the import cell completed."""
    if begin_call(cell.text) is None:
        return code_cell(cell.text)
    return code_cell(complete_begin(cell.text, lesson.id, flavour, release), "begin")
