"""The build refuses a lesson whose text and items disagree: one plausible slip a test."""

from pathlib import Path

import pytest

from quizlib.errors import SpecError
from quizlib.release.notebook import build_notebook

from .conftest import edit, releases

TEXT = "solutions/lessons/90_sample.py"


def build(checkout: Path) -> None:
    build_notebook(releases(checkout)[0].lesson, "self-study", "r")


def test_the_sample_lesson_agrees(checkout: Path) -> None:
    build(checkout)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("(5 points)", "(4 points)", "should be headed '## Exercise 90.1 · Round to codes .5 points.'"),
        ("Exercise 90.2", "Exercise 90.3", "should be headed '## Exercise 90.2"),
        ("· Count the bytes", "· Count bytes", "should be headed '## Exercise 90.2 · Count the bytes"),
        ("## Exercise 90.2 · Count the bytes (2 points)", "## Next", "found: none"),
        ("# ## Summary", "# ## Exercise 90.3 · More (2 points)", "heads no exercise"),
        ("10 minutes · 10 points", "10 minutes · 12 points", "says 12 points; the items have 10"),
        ("# %% question: float-bytes\n", "", "question float-bytes is one of the lesson's and stands 0 times"),
        ("# %% question: float-bytes\n", "# %% question: float-bits\n", "float-bits is not one"),
        (
            "# %% question: float-bytes\n",
            "# %% question: float-bytes\n\n# %% question: float-bytes\n",
            "float-bytes is one of the lesson's and stands 2 times",
        ),
        ('check("size-table", sizes)', "sizes", "exercise size-table is one of the lesson's and stands 0 times"),
        ('check("size-table", sizes)', 'check("sizes", sizes)', "exercise sizes is not one"),
        ('check("size-table", sizes)', 'check("size-table", size)', "passes size; its spec says sizes"),
        ('check("size-table", sizes)', 'check("size-table", dict(sizes))', "passes something else"),
        ('check("size-table", sizes)', 'check("size-table", sizes)\ncheck("x", y)', "a cell checks 2 items"),
        ("# %% setup: quantize-codes\n", "", "put `# %% setup: quantize-codes` above the answer"),
        ("# %% setup: quantize-codes\n", "# %% setup: quantize\n", "there is no exercise quantize to set up"),
        ('quizlib.begin("90-sample")\n', "", "one cell should call quizlib.begin"),
        ('quizlib.begin("90-sample")', 'quizlib.begin("91-sample")', "should say quizlib.begin"),
        ("### END SOLUTION\n\n# %%\ncheck(", "### END SOLUTION\ncheck(", "need a cell each"),
        ("    ### BEGIN SOLUTION", "### BEGIN SOLUTION\n### END SOLUTION\n### BEGIN SOLUTION", "unindented solutions"),
        (
            "# ## Summary\n",
            "# ## Summary\n\n# %%\n### BEGIN SOLUTION\na = 1\n### END SOLUTION\n",
            "followed by no check",
        ),
    ],
)
def test_a_slip_in_the_text_fails_the_build(checkout: Path, before: str, after: str, message: str) -> None:
    edit(checkout / TEXT, before, after)
    with pytest.raises(SpecError, match=message):
        build(checkout)


def test_a_setup_of_the_same_text_need_not_be_shown_twice(checkout: Path) -> None:
    edit(checkout / TEXT, "# %% setup: size-table\n", "")
    build(checkout)
