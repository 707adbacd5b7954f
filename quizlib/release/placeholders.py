"""What the prose of a lesson may ask for: its own numbers, its totals, and its items by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from quizlib.authoring.course import Lesson
from quizlib.authoring.prose import Numbers, References, count_text, fill
from quizlib.errors import SpecError
from quizlib.release.exercises import Block
from quizlib.release.layout import items_of, numbers_of


def filler(lesson: Lesson, blocks: Sequence[Block]) -> Callable[[str], str]:
    """Return the function that fills the placeholders of a text of the lesson.

    Raises:
        SpecError: the lesson's NUMBERS have a name that means something else.
    """
    own, references = totals(lesson), references_of(lesson, blocks)
    taken = sorted(set(lesson.numbers) & {*own, *references})
    if taken:
        raise SpecError(f"{lesson.id}: NUMBERS has {taken[0]!r}, which the build computes; give it another name.")
    return partial(fill, numbers={**lesson.numbers, **own}, references=references)


def totals(lesson: Lesson) -> Numbers:
    """Return the counts of a lesson's items, in words up to twelve, and their points."""
    questions, exercises = lesson.questions.values(), lesson.exercises.values()
    return {
        "questions": lambda: count_text(len(questions)),
        "exercises": lambda: count_text(len(exercises)),
        "question_points": lambda: sum(question.points for question in questions),
        "exercise_points": lambda: sum(spec.points for spec in exercises),
        "points": lambda: lesson.points,
    }


def references_of(lesson: Lesson, blocks: Sequence[Block]) -> References:
    """Return what `{{question:id}}`, `{{exercise:id}}` and `{{number:id}}` stand for."""
    numbers = numbers_of(lesson, blocks)
    questions = {item: f"Question {numbers[item]}" for item in items_of(blocks, "question")}
    exercises = {item: f"Exercise {numbers[item]}" for item in items_of(blocks, "exercise")}
    return {"question": questions, "exercise": exercises, "number": numbers}
