"""A question as the cells of a notebook: its text, an answer cell, a check cell."""

from __future__ import annotations

from typing import assert_never

from nbformat import NotebookNode

from quizlib.items.question import Question, QuestionKey
from quizlib.release.cells import answer_cell, check_cell, markdown_cell


def question_cells(question: Question, key: QuestionKey, number: str) -> list[NotebookNode]:
    """Return the cells of a question with the right answer in its solution region; `number` is such as `"1.2"`."""
    return [
        markdown_cell(question_text(question, number), f"{question.id}-text"),
        answer_cell(_answer(question, key), f"{question.id}-answer", f'{question.variable} = "?"'),
        check_cell(f'check("{question.id}", {question.variable})', question.id, question.points),
    ]


def question_text(question: Question, number: str) -> str:
    """Return a question as Markdown: heading with its points, stem, code, options with their letters."""
    parts = [f"### Question {number} ({points_text(question.points)})", question.stem]
    if question.code:
        parts.append(f"```python\n{question.code.rstrip()}\n```")
    if question.options:
        parts.append("\n".join(_option(*pair) for pair in zip(question.letters, question.options, strict=True)))
    return "\n\n".join(parts)


def _option(letter: str, text: str) -> str:
    return f"- **{letter}.** " + text.replace("\n", "\n  ")


def points_text(points: int) -> str:
    """Return points with their unit.

    >>> points_text(1), points_text(3)
    ('1 point', '3 points')
    """
    return f"{points} point" + "s" * (points != 1)


def _answer(question: Question, key: QuestionKey) -> str:
    answer = key.answer
    whole = isinstance(answer, float) and answer.is_integer() and abs(answer) < 2**53
    value = int(answer) if whole else answer
    text = f'"{value}"' if isinstance(value, str) and value.isalnum() else repr(value)
    region = f"### BEGIN SOLUTION\n{question.variable} = {text}\n### END SOLUTION"
    return f"# {what_to_enter(question)}\n{region}"


def what_to_enter(question: Question) -> str:
    """Return what the answer cell asks for; an example in it never depends on the key.

    >>> q = Question(id="q", lesson="01-x", points=1, kind="order", stem="?", options=("a", "b", "c", "d"))
    >>> what_to_enter(q)
    'Enter all letters in order, in quotes, such as "CABD".'
    """
    letters = question.letters
    match question.kind:
        case "one":
            return f"Enter one letter from {letters[0]} to {letters[-1]}, in quotes."
        case "several":
            return 'Enter the letters of all options that hold, in quotes, without spaces, such as "XY".'
        case "order":
            return f'Enter all letters in order, in quotes, such as "{letters[2]}{letters[:2]}{letters[3:]}".'
        case "number":
            return f"Enter a number in {question.unit}." if question.unit else "Enter a number."
        case "predict":
            return "Enter the printed text, in quotes."
        case _:
            assert_never(question.kind)
