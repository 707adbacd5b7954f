from pathlib import Path

import pytest

from quizlib.errors import SpecError
from quizlib.release.source import (
    begin_call,
    check_call,
    complete_begin,
    read_about,
    read_cells,
    solution_regions,
    without_solutions,
)

SOLVED = "a = 1\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION\nc = 3"


def lesson(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "90_x.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_marked_cells_are_read_with_the_item_they_name(tmp_path: Path) -> None:
    cells = read_cells(lesson(tmp_path, "# %% question: why\n\n# %% exercise: quantize\n\n# %%\na = 1\n"))
    assert [cell.item_of("question") for cell in cells] == ["why", None, None]
    assert [cell.item_of("exercise") for cell in cells] == [None, "quantize", None]


def test_an_unknown_marker_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="a cell is marked 'quesion: why'"):
        read_cells(lesson(tmp_path, "# %% quesion: why\n"))


def test_text_below_a_marker_is_refused_since_the_build_would_drop_it(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="is filled by the build"):
        read_cells(lesson(tmp_path, "# %% question: why\na = 1\n"))


@pytest.mark.parametrize("source", ['quizlib.check("q", a)', 'b = 1\ncheck("r", b)', "check(1 + 1)"])
def test_a_check_is_found_whether_called_by_name_or_on_the_module(source: str) -> None:
    assert check_call(source) is not None


def test_a_check_inside_a_function_or_a_text_is_not_one() -> None:
    assert check_call('def f():\n    check("q", a)\nprint("check(")') is None


def test_lines_of_ipython_do_not_hide_a_check() -> None:
    assert check_call('%matplotlib inline\ncheck("q", a)') is not None


def test_a_marker_is_no_code_of_its_own(tmp_path: Path) -> None:
    cells = read_cells(lesson(tmp_path, "# %% question: why\n\n# %%\na = 1\n\n# %% [markdown]\n# b\n"))
    assert [cell.is_code for cell in cells] == [False, True, False]


def test_begin_is_completed_where_it_stands_also_behind_wide_characters() -> None:
    source = 'import quizlib\n"µ"; quizlib.begin("01-a")  # import cell'
    assert complete_begin(source, "01-a", "class", "r1").split("\n")[1] == (
        '"µ"; quizlib.begin("01-a", flavour="class", release="r1")  # import cell'
    )


@pytest.mark.parametrize("call", ['begin("02-b")', 'begin("01-a", flavour="class")', "begin()", "begin(lesson)"])
def test_a_begin_that_says_more_or_less_than_its_lesson_is_refused(call: str) -> None:
    assert begin_call(call) is not None
    with pytest.raises(SpecError, match="nothing more"):
        complete_begin(call, "01-a", "class", "r1")


def test_solution_regions_are_taken_out_and_left_out() -> None:
    assert solution_regions(SOLVED) == ["b = 2"]
    assert without_solutions(SOLVED) == "a = 1\nc = 3"


def test_the_head_of_a_lesson_is_no_cell_and_says_what_it_is_about(tmp_path: Path) -> None:
    path = lesson(tmp_path, '# ---\n# about: "bytes: in\n#   memory"\n# ---\n\n# %% [markdown]\n# # Title\n')
    assert [cell.text for cell in read_cells(path)] == ["# Title"]
    assert read_about(path) == "bytes: in memory"


def test_a_head_that_is_no_yaml_is_told_with_its_file(tmp_path: Path) -> None:
    path = lesson(tmp_path, "# ---\n# about: bytes: in memory\n# ---\n\n# %%\na = 1\n")
    with pytest.raises(SpecError, match=r"90_x\.py: its head is no YAML; put what it is about in quotes"):
        read_cells(path)
