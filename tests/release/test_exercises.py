"""What the build makes of an exercise that the text only places."""

from dataclasses import replace
from pathlib import Path

import pytest
from nbformat import NotebookNode

from quizlib.release.exercises import PlacedExercise, blocks_of
from quizlib.release.notebook import build_notebook
from quizlib.release.source import SourceCell

from .conftest import edit, releases

TEXT = "solutions/lessons/90_sample.py"
SETUP = "quantize-codes-setup"


def cells(checkout: Path) -> list[NotebookNode]:
    built: list[NotebookNode] = build_notebook(releases(checkout)[0].lesson, "self-study", "r").cells
    return built


def ids_from(checkout: Path, first: str, count: int) -> list[str]:
    ids = [cell.id for cell in cells(checkout)]
    at = ids.index(first)
    return ids[at : at + count]


def text(source: str) -> SourceCell:
    return SourceCell("markdown", "", source)


def code(source: str) -> SourceCell:
    return SourceCell("code", "", source)


MARKER = SourceCell("code", "exercise: a", "")


@pytest.mark.parametrize("next_cell", [text("more"), SourceCell("code", "question: b", ""), MARKER])
def test_an_exercise_ends_before_the_next_text_or_marker(next_cell: SourceCell) -> None:
    blocks = blocks_of([text("before"), MARKER, text("task"), code("x = 1"), code("x"), next_cell])
    assert blocks[:2] == [text("before"), PlacedExercise("a", "task", (code("x = 1"), code("x")))]
    assert len(blocks) == 3


def test_an_exercise_may_be_the_end_of_a_text() -> None:
    assert blocks_of([MARKER, text("task"), code("x")]) == [PlacedExercise("a", "task", (code("x"),))]


def test_an_exercise_without_a_task_has_an_empty_one() -> None:
    assert blocks_of([MARKER, code("x"), text("task")])[0] == PlacedExercise("a", "", (code("x"),))


def test_the_task_is_headed_with_number_title_and_points_in_one_cell(checkout: Path) -> None:
    headed = [cell.source for cell in cells(checkout) if cell.source.startswith("## Exercise")]
    assert [source.split("\n\n")[0] for source in headed] == [
        "## Exercise 90.1 · Round to codes (5 points)",
        "## Exercise 90.2 · Count the bytes (2 points)",
    ]
    assert headed[1].split("\n\n")[1].startswith("Set `sizes` to a dict")


def test_setup_answer_play_and_check_follow_in_this_order(checkout: Path) -> None:
    setup, answer, play, check = ids_from(checkout, SETUP, 4)
    assert (setup, answer, check) == (SETUP, "quantize-codes-answer", "quantize-codes")
    assert play.startswith("cell-")


def test_code_above_the_answer_stands_below_the_setup(checkout: Path) -> None:
    edit(checkout / TEXT, "def quantize_codes", "weights.max()\n\n\n# %%\ndef quantize_codes")
    above, answer = ids_from(checkout, SETUP, 3)[1:]
    assert above.startswith("cell-")
    assert answer == "quantize-codes-answer"


def test_an_exercise_without_a_setup_gets_no_setup_cell(checkout: Path) -> None:
    lesson = releases(checkout)[0].lesson
    bare = replace(lesson, exercises={item: replace(spec, setup="") for item, spec in lesson.exercises.items()})
    assert not any(cell.id.endswith("-setup") for cell in build_notebook(bare, "self-study", "r").cells)


def test_the_check_names_the_variable_of_the_spec(checkout: Path) -> None:
    sources = {cell.id: cell.source for cell in cells(checkout)}
    assert sources["size-table"] == 'from quizlib import check\n\ncheck("size-table", sizes)'


def test_placeholders_of_a_task_are_filled(checkout: Path) -> None:
    edit(checkout / TEXT, "# Set `sizes`", "# After {{exercise:quantize-codes}}, set `sizes`")
    assert any("After Exercise 90.1, set `sizes`" in cell.source for cell in cells(checkout))
