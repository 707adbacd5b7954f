"""What a learner types in a lesson: right and wrong answers, taken from the course as it is written."""

from dataclasses import dataclass

from quizlib.authoring.course import read_lesson


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
    """A lesson, one question and one exercise of it, and the last item that it checks."""

    id: str
    question: Typed
    exercise: Typed
    last_check: str


def script(solutions, lesson_id, notebook):
    """Return what to type in a lesson whose instructor's notebook is `notebook`."""
    lesson = read_lesson(solutions, lesson_id)
    sources = {cell.id: cell.source for cell in notebook.cells}
    question = next(each for each in lesson.questions.values() if each.kind == "one")
    spec = next(each for each in lesson.exercises.values() if each.response == "function")
    checks = [name for name in sources if name in lesson.questions or name in lesson.exercises]
    return Script(lesson_id, _question(question), _exercise(spec, lesson, sources), checks[-1])


def _question(question):
    variable = question.id.replace("-", "_")
    wrong = next(letter for letter in "ABCDEFGH" if letter not in question.key)
    typed = [f'{variable} = "{letter}"' for letter in (question.key, wrong)]
    return Typed(question.id, question.points, variable, *typed)


def _exercise(spec, lesson, sources):
    wrong = next(attempt for attempt in lesson.attempts[spec.id] if attempt.is_wrong)
    return Typed(spec.id, spec.points, spec.name, sources[f"{spec.id}-answer"], wrong.source)
