"""A learner's folder of lessons, and what a learner types: right and wrong answers, taken from the course."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat

from quizlib.authoring.course import read_lesson

LESSON = "01-overview"
SOLUTIONS = Path(__file__).parents[2] / "solutions"


def learn(folder):
    """Make a learner's folder, as a learner does."""
    command = Path(sys.executable).with_name("quizlib")
    subprocess.run([command, "learn", folder, "--no-launch"], check=True, capture_output=True)


@dataclass(frozen=True)
class Typed:
    """An item, its answer cell and its check cell, and what to type for a right and a wrong answer."""

    check: str
    points: int
    variable: str
    right: str
    wrong: str

    @property
    def answer(self):
        """Id of the cell to type in."""
        return f"{self.check}-answer"


@dataclass(frozen=True)
class Script:
    """One question and one exercise of the lesson."""

    question: Typed
    exercise: Typed


def script(exercise=None):
    """Return what to type in the lesson: its first question of one option, and `exercise` or its first function."""
    lesson = read_lesson(SOLUTIONS, LESSON)
    notebook = nbformat.read(SOLUTIONS / "notebooks" / LESSON / f"{LESSON}.ipynb", as_version=4)
    sources = {cell.id: cell.source for cell in notebook.cells}
    question = next(each for each in lesson.questions.values() if each.kind == "one")
    answered = [name.removesuffix("-answer") for name in sources if name.endswith("-answer")]
    exercises = [lesson.exercises[item] for item in answered if item in lesson.exercises]
    spec = lesson.exercises[exercise] if exercise else next(each for each in exercises if each.response == "function")
    return Script(_question(question), _exercise(spec, lesson, sources))


def _question(question):
    variable = question.id.replace("-", "_")
    wrong = next(letter for letter in "ABCDEFGH" if letter not in question.key)
    typed = [f'{variable} = "{letter}"' for letter in (question.key, wrong)]
    return Typed(question.id, question.points, variable, *typed)


def _exercise(spec, lesson, sources):
    wrong = next(attempt for attempt in lesson.attempts[spec.id] if attempt.is_wrong)
    return Typed(spec.id, spec.points, spec.name, sources[f"{spec.id}-answer"], wrong.source)
