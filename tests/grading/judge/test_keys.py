"""The sheets by which a course judges."""

import pytest

from quizlib.grading.judge.keys import Keys
from tests.grading.conftest import LESSON


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("float-bytes", "Question 90.2"),
        ("quantize-codes", "Exercise 90.1 · Round to codes"),
        ("size-table", "Exercise 90.2 · Count the bytes"),
    ],
)
def test_verdicts_of_a_grading_are_titled_with_the_numbers_of_the_notebook(course, item, title):
    assert Keys(course).sheet(course.current_release, LESSON, item, "").title == title
