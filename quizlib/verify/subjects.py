"""What verify runs of a lesson: for each exercise, its solution and its stub as the learner's notebook has them."""

from __future__ import annotations

from nbformat import NotebookNode

from quizlib.authoring.course import Lesson
from quizlib.release.exercises import PlacedExercise, blocks_of
from quizlib.release.notebook import build_notebook
from quizlib.release.source import read_cells
from quizlib.release.steps import release_notebook
from quizlib.verify.exercises import Subject


def subjects(lesson: Lesson) -> dict[str, Subject]:
    """Return the subjects of a lesson by exercise, in the order of the spec file."""
    instructor = build_notebook(lesson, "self-study", "verify")
    solutions, stubs = _answers(instructor), _answers(release_notebook(instructor))
    blocks = blocks_of(read_cells(lesson.text))
    tasks = {block.item: block.task for block in blocks if isinstance(block, PlacedExercise)}
    return {
        item: Subject(
            spec,
            solutions[item],
            stubs[item],
            tuple(lesson.attempts[item]),
            lesson.accepted[item],
            tasks[item],
        )
        for item, spec in lesson.exercises.items()
    }


def _answers(notebook: NotebookNode) -> dict[str, str]:
    """Return the sources of the answer cells by item."""
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    return {str(cell.metadata.nbgrader.grade_id).removesuffix("-answer"): str(cell.source) for cell in cells}
