"""Check the numbers of a lesson's prose: all computed, none typed."""

from __future__ import annotations

from quizlib.authoring.course import Lesson
from quizlib.authoring.prose import placeholders, typed_measurements
from quizlib.errors import SpecError
from quizlib.release.exercises import blocks_of
from quizlib.release.placeholders import filler
from quizlib.release.source import read_cells


def prose_problems(lesson: Lesson) -> list[str]:
    """Return a sentence for each number in the text that is typed, not computed, or computed for nothing."""
    cells = read_cells(lesson.text)
    texts, fill = [cell.text for cell in cells if cell.kind == "markdown"], filler(lesson, blocks_of(cells))
    asked = {name for text in texts for name in placeholders(text)}
    unused = sorted(set(lesson.numbers) - asked)
    problems = [f"the number {name} is computed, but the text does not ask for it." for name in unused]
    for text in texts:
        problems += [f"the text types the measurement {found!r}; compute it." for found in typed_measurements(text)]
        try:
            fill(text)
        except SpecError as error:
            problems.append(str(error))
    return problems
