from pathlib import Path

import pytest
from nbformat import NotebookNode

from quizlib.release.cells import LONGEST_ID, cell_id
from quizlib.release.notebook import build_notebook

from .conftest import edit, releases


@pytest.fixture
def notebook(checkout: Path) -> NotebookNode:
    return build_notebook(releases(checkout)[0].lesson, "class", "r1")


def by_id(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.id: cell for cell in notebook.cells}


def test_check_cells_carry_item_points_and_lock_in_nbgraders_schema(notebook: NotebookNode) -> None:
    expected = {"schema_version": 3, "grade_id": "quantize-codes", "grade": True, "solution": False}
    expected |= {"locked": True, "task": False, "points": 5}
    assert by_id(notebook)["quantize-codes"].metadata.nbgrader == expected


def test_answer_cells_are_solution_cells_without_points(notebook: NotebookNode) -> None:
    metadata = by_id(notebook)["quantize-codes-answer"].metadata.nbgrader
    assert (metadata.solution, metadata.grade, metadata.locked) == (True, False, False)
    assert "points" not in metadata


def test_the_import_cell_says_lesson_flavour_and_release(notebook: NotebookNode) -> None:
    assert 'quizlib.begin("90-sample", flavour="class", release="r1")' in by_id(notebook)["begin"].source


def test_a_setup_cell_holds_the_source_of_the_spec(notebook: NotebookNode) -> None:
    assert "1,000 weights of a layer" in by_id(notebook)["quantize-codes-setup"].source


def test_the_answer_of_the_instructor_is_the_key(notebook: NotebookNode) -> None:
    assert 'smallest_dtype = "C"' in by_id(notebook)["smallest-dtype-answer"].source
    assert "float_bytes = 4000\n" in by_id(notebook)["float-bytes-answer"].source


def test_there_are_no_outputs_and_the_kernel_is_python3(notebook: NotebookNode) -> None:
    assert notebook.metadata.kernelspec.name == "python3"
    assert all(cell.outputs == [] and cell.execution_count is None for cell in notebook.cells if "outputs" in cell)


def test_building_twice_gives_equal_notebooks(checkout: Path, notebook: NotebookNode) -> None:
    assert build_notebook(releases(checkout)[0].lesson, "class", "r1") == notebook


def test_cells_keep_their_ids_when_another_cell_is_added(checkout: Path, notebook: NotebookNode) -> None:
    edit(
        checkout / "solutions/lessons/90_sample.py", "# %% question: smallest", "# %%\n1 + 1\n\n# %% question: smallest"
    )
    ids = set(by_id(build_notebook(releases(checkout)[0].lesson, "class", "r1")))
    assert set(by_id(notebook)) < ids


def test_cells_of_equal_text_have_different_ids(checkout: Path) -> None:
    edit(
        checkout / "solutions/lessons/90_sample.py",
        "# %% question: smallest",
        "# %%\n1\n\n# %%\n1\n\n# %% question: smallest",
    )
    cells = build_notebook(releases(checkout)[0].lesson, "class", "r1").cells
    assert len({cell.id for cell in cells}) == len(cells)


def test_ids_that_are_too_long_are_cut_and_stay_distinct() -> None:
    one, other = cell_id("a" * 70), cell_id("a" * 71)
    assert len(one) == len(other) == LONGEST_ID
    assert one != other
