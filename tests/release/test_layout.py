"""The build refuses a lesson whose text and items disagree: one plausible slip a test."""

from pathlib import Path

import pytest

from quizlib.errors import SpecError
from quizlib.release.exercises import blocks_of
from quizlib.release.layout import numbers_of
from quizlib.release.notebook import build_notebook
from quizlib.release.source import read_cells

from .conftest import edit, releases

TEXT = "solutions/lessons/90_sample.py"


def build(checkout: Path) -> None:
    build_notebook(releases(checkout)[0].lesson, "self-study", "r")


def test_the_sample_lesson_agrees(checkout: Path) -> None:
    build(checkout)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("A dtype fixes", "As in exercise 90b.2, a dtype fixes", "types 'exercise 90b.2', a number that moves"),
        ("{{points}} points", "12 points", "the opening cell types '12 points'; write {{points}}"),
        ("{{points}} points", "8 for the exercises", "the opening cell types '8 for the exercises'"),
        (
            "A dtype fixes",
            "As in Exercise 90.2, a dtype fixes",
            "types 'Exercise 90.2', a number that moves; write {{ex",
        ),
        ("A dtype fixes", "See questions 90.1 and 90.2: it fixes", "the text types 'questions 90.1'"),
        ("# Set `sizes`", "# After exercise 90.1, set `sizes`", "the text types 'exercise 90.1'"),
        ("# Set `sizes`", "# ## Exercise 90.2 · Count the bytes (2 points)\n#\n# Set", "types 'Exercise 90.2'"),
        ("A dtype fixes", "{{exercise:size-tables}} fixes", "says {{exercise:size-tables}}, .* near are: size-table."),
        ("A dtype fixes", "{{question:size-table}} fixes", "near are: float-bytes, smallest-dtype."),
        ("A dtype fixes", "{{pionts}} fixes", "asks for the number 'pionts'"),
        ("# %% question: float-bytes\n", "", "question float-bytes is one of the lesson's and stands 0 times"),
        ("# %% question: float-bytes\n", "# %% question: float-bits\n", "float-bits is not one"),
        (
            "# %% question: float-bytes\n",
            "# %% question: float-bytes\n\n# %% question: float-bytes\n",
            "float-bytes is one of the lesson's and stands 2 times",
        ),
        ("# %% exercise: size-table\n", "", "exercise size-table is one of the lesson's and stands 0 times"),
        ("# %% exercise: size-table\n", "# %% exercise: sizes\n", "exercise sizes is not one"),
        (
            "# %% exercise: size-table\n",
            "# %% exercise: size-table\n\n# %% exercise: size-table\n",
            "exercise size-table is one of the lesson's and stands 2 times",
        ),
        (
            "# %% exercise: size-table\n",
            "# %% exercise: size-table\n\n# %%\n1 + 1\n",
            "the task of exercise size-table should be the cell below its marker",
        ),
        ("# One entry", "# %% [markdown]\n# More.\n\n# %%\n# One entry", "exercise size-table should .* found 0"),
        (
            "# One entry",
            "### BEGIN SOLUTION\na = 1\n### END SOLUTION\n\n# %%\n# One entry",
            "exercise size-table should have one answer cell, .* found 2",
        ),
        ("# ## Summary\n", '# ## Summary\n\n# %%\ncheck("size-table", sizes)\n', "a cell calls check; the build ends"),
        ("quantize_codes(weights[:4], 0.5)", 'check("quantize-codes", quantize_codes)', "a cell calls check"),
        ('quizlib.begin("90-sample")\n', "", "one cell, in no exercise, should call quizlib.begin"),
        ('quizlib.begin("90-sample")', 'quizlib.begin("91-sample")', "should say quizlib.begin"),
        ("    ### BEGIN SOLUTION", "### BEGIN SOLUTION\n### END SOLUTION\n### BEGIN SOLUTION", "unindented solutions"),
        (
            "# ## Summary\n",
            "# ## Summary\n\n# %%\n### BEGIN SOLUTION\na = 1\n### END SOLUTION\n",
            "a solution stands in no exercise",
        ),
    ],
)
def test_a_slip_in_the_text_fails_the_build(checkout: Path, before: str, after: str, message: str) -> None:
    edit(checkout / TEXT, before, after)
    with pytest.raises(SpecError, match=message):
        build(checkout)


def test_numbers_follow_the_text_and_questions_count_apart_from_exercises(checkout: Path) -> None:
    lesson = releases(checkout)[0].lesson
    assert list(numbers_of(lesson, blocks_of(read_cells(lesson.text))).items()) == [
        ("smallest-dtype", "90.1"),
        ("float-bytes", "90.2"),
        ("quantize-codes", "90.1"),
        ("size-table", "90.2"),
    ]


SHOWN = '# %%\ndescribed(figure, "codes")\n\n# %% question: smallest-dtype'


def shows(checkout: Path, cell: str, texts: str) -> None:
    """Show a figure above the first question, and give texts to figures."""
    edit(checkout / TEXT, "# %% question: smallest-dtype", cell)
    (checkout / "solutions/figures").mkdir()
    (checkout / "solutions/figures/90_sample.yaml").write_text(texts)


def test_a_figure_that_has_a_text_is_shown(checkout: Path) -> None:
    shows(checkout, SHOWN, "codes: A staircase.")
    build(checkout)
    assert releases(checkout)[0].lesson.figures == {"codes": "A staircase."}


@pytest.mark.parametrize(
    ("cell", "texts", "message"),
    [
        (SHOWN, "codes-drawn: A staircase.", "90_sample.py shows the figure 'codes', .* near are: codes-drawn."),
        (
            SHOWN.replace("codes", "axis"),
            "codec: A line.",
            "90_sample.py shows the figure 'axis', which .* does not tell",
        ),
        (SHOWN, "{codes: A staircase., others: A line.}", "tells the figure 'others', which the text shows 0 times"),
        (
            f"{SHOWN.partition('# %% question')[0]}{SHOWN}",
            "codes: A staircase.",
            "the figure 'codes', which the text shows 2 times",
        ),
        (SHOWN.replace('"codes"', "name"), "codes: A staircase.", r'shown as described\(figure, "its-id"\)'),
        (SHOWN, "codes: A staircase", "90_sample.yaml: figure codes should be told in sentences"),
        (SHOWN, "Codes of x: A staircase.", "'Codes of x' is no id of a figure"),
        (SHOWN, "[codes]", "should hold a text for each figure, by its id; found list"),
        (SHOWN, "codes: [", "90_sample.yaml cannot be read as YAML"),
    ],
)
def test_a_figure_without_its_text_fails_the_build(checkout: Path, cell: str, texts: str, message: str) -> None:
    shows(checkout, cell, texts)
    with pytest.raises(SpecError, match=message):
        build(checkout)
