"""What the prose of the sample lesson may ask for."""

from dataclasses import replace
from pathlib import Path

import pytest

from quizlib.errors import SpecError
from quizlib.release.exercises import blocks_of
from quizlib.release.placeholders import filler
from quizlib.release.source import read_cells

from .conftest import releases


def filled(checkout: Path, text: str) -> str:
    lesson = releases(checkout)[0].lesson
    return filler(lesson, blocks_of(read_cells(lesson.text)))(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{points}} = {{question_points}} + {{exercise_points}}", "10 = 3 + 7"),
        ("{{questions}} questions, {{exercises}} exercises", "two questions, two exercises"),
        ("see {{exercise:size-table}}", "see Exercise 90.2"),
        ("see {{question:smallest-dtype}}", "see Question 90.1"),
        ("exercises {{number:quantize-codes}} and {{number:size-table}}", "exercises 90.1 and 90.2"),
    ],
)
def test_totals_and_references_are_filled(checkout: Path, text: str, expected: str) -> None:
    assert filled(checkout, text) == expected


@pytest.mark.parametrize("name", ["points", "exercise", "number"])
def test_a_number_of_the_lesson_may_not_take_a_name_that_the_build_uses(checkout: Path, name: str) -> None:
    lesson = replace(releases(checkout)[0].lesson, numbers={name: lambda: 3})
    with pytest.raises(SpecError, match=f"NUMBERS has '{name}', which the build computes"):
        filler(lesson, [])


def test_the_lessons_own_numbers_are_filled_beside_them(checkout: Path) -> None:
    lesson = replace(releases(checkout)[0].lesson, numbers={"weights": lambda: 1234})
    assert filler(lesson, [])("{{weights:,}} weights, {{points}} points") == "1,234 weights, 10 points"
