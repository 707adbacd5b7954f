"""What the text of a lesson must agree on with its items, and the numbers that they get from their places in it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence

from quizlib.authoring.course import Lesson
from quizlib.authoring.prose import typed_references, typed_totals
from quizlib.errors import SpecError
from quizlib.release.exercises import Block, PlacedExercise
from quizlib.release.source import SourceCell, begin_call, check_call, figures_shown


def require_agreement(lesson: Lesson, blocks: Sequence[Block]) -> None:
    """Raise a SpecError unless the text of a lesson and its items agree; the message says what to change."""
    _require_one_begin(lesson, blocks)
    _require_each_once(lesson, blocks)
    for block in blocks:
        if isinstance(block, PlacedExercise):
            _require_task_and_answer(lesson, block)
        elif block.is_code and block.has_solution:
            raise SpecError(
                f"{lesson.text.name}: a solution stands in no exercise; put `# %% exercise: <id>` and the task above"
                f" it: {block.text[:60]!r}"
            )
    _require_no_check(lesson, blocks)
    _require_nothing_typed(lesson, blocks)
    _require_each_figure_told(lesson, blocks)


def items_of(blocks: Sequence[Block], kind: str) -> list[str]:
    """Return the ids of the items of a kind, `"question"` or `"exercise"`, in the order of the text."""
    found = (_item(block, kind) for block in blocks)
    return [item for item in found if item is not None]


def _item(block: Block, kind: str) -> str | None:
    if isinstance(block, PlacedExercise):
        return block.item if kind == "exercise" else None
    return block.item_of(kind)


def numbers_of(lesson: Lesson, blocks: Sequence[Block]) -> dict[str, str]:
    """Return the numbers of items, such as `"2.1"`, in the order of the text; questions and exercises count apart."""
    numbers: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for block in blocks:
        for kind in ("question", "exercise"):
            item = _item(block, kind)
            if item is not None:
                counts[kind] += 1
                numbers[item] = f"{lesson.number}.{counts[kind]}"
    return numbers


def _require_one_begin(lesson: Lesson, blocks: Sequence[Block]) -> None:
    cells = [block for block in blocks if isinstance(block, SourceCell) and block.is_code]
    found = sum(begin_call(cell.text) is not None for cell in cells)
    if found != 1:
        raise SpecError(
            f'{lesson.text.name}: one cell, in no exercise, should call quizlib.begin("{lesson.id}"); found {found}.'
        )


def _require_each_once(lesson: Lesson, blocks: Sequence[Block]) -> None:
    for kind, known in (("question", lesson.questions), ("exercise", lesson.exercises)):
        used = Counter(items_of(blocks, kind))
        for item in sorted({*used, *known}, key=lambda item: item in known):
            if used[item] != 1 or item not in known:
                there = "is not" if item not in known else "is"
                raise SpecError(
                    f"{lesson.text.name}: {kind} {item} {there} one of the lesson's and stands {used[item]} times in"
                    " the text; it should be there once."
                )


def _require_task_and_answer(lesson: Lesson, placed: PlacedExercise) -> None:
    if not placed.task:
        raise SpecError(f"{lesson.text.name}: the task of exercise {placed.item} should be the cell below its marker.")
    count = len(placed.answers)
    if count != 1:
        raise SpecError(
            f"{lesson.text.name}: exercise {placed.item} should have one answer cell, with a solution, between its task"
            f" and the next text; found {count}."
        )
    tops = placed.answers[0].unindented_solutions
    if tops > 1:
        raise SpecError(
            f"{lesson.text.name}: the answer cell of {placed.item} has {tops} unindented solutions; keep one."
        )


def _require_no_check(lesson: Lesson, blocks: Sequence[Block]) -> None:
    for cell in _cells(blocks):
        if cell.is_code and check_call(cell.text) is not None:
            raise SpecError(
                f"{lesson.text.name}: a cell calls check; the build ends each exercise with its check, so take it out:"
                f" {cell.text[:60]!r}"
            )


def _cells(blocks: Sequence[Block]) -> Iterator[SourceCell]:
    for block in blocks:
        if isinstance(block, PlacedExercise):
            yield from block.cells
        else:
            yield block


def _require_nothing_typed(lesson: Lesson, blocks: Sequence[Block]) -> None:
    """Require that numbers of items are asked for by id, and that the opening cell asks for totals by name."""
    texts = [text for block in blocks if (text := _prose(block)) is not None]
    for found in (found for text in texts for found in typed_references(text)):
        raise SpecError(
            f"{lesson.text.name}: the text types {found!r}, a number that moves; write {{{{exercise:id}}}},"
            " {{question:id}} or {{number:id}}."
        )
    for found in typed_totals(texts[0]) if texts else ():
        raise SpecError(
            f"{lesson.text.name}: the opening cell types {found!r}; write {{{{points}}}}, {{{{exercise_points}}}},"
            " {{question_points}}, {{exercises}} or {{questions}}."
        )


def _require_each_figure_told(lesson: Lesson, blocks: Sequence[Block]) -> None:
    """Require that the figures that the text shows by id are those that have a text, each shown once."""
    where = f"figures/{lesson.stem}.yaml"
    shown = Counter(name for cell in _cells(blocks) if cell.is_code for name in figures_shown(cell.text))
    for name in sorted({*shown, *lesson.figures}):
        if name not in lesson.figures:
            near = difflib.get_close_matches(name, lesson.figures, n=3)
            hint = f"; near are: {', '.join(near)}" if near else ""
            raise SpecError(f"{lesson.text.name} shows the figure {name!r}, which {where} does not tell{hint}.")
        if shown[name] != 1:
            raise SpecError(f"{where} tells the figure {name!r}, which the text shows {shown[name]} times, not once.")


def _prose(block: Block) -> str | None:
    if isinstance(block, PlacedExercise):
        return block.task
    return block.text if block.kind == "markdown" else None
