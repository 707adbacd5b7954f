from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from traitlets.config import Config

from quizlib.release.notebook import build_notebook
from quizlib.release.steps import CLASS_STEPS, STEPS, CompleteStubs, configure_release, release_notebook

from .conftest import edit, releases


@pytest.fixture
def released(checkout: Path) -> NotebookNode:
    return release_notebook(build_notebook(releases(checkout)[0].lesson, "self-study", "r1"))


def source_of(notebook: NotebookNode, name: str) -> str:
    return next(str(cell.source) for cell in notebook.cells if cell.id == name)


def test_class_steps_are_nbgraders_own_and_the_completion_of_stubs() -> None:
    own = [step for step in CLASS_STEPS if step is not CompleteStubs]
    assert own == GenerateAssignment.preprocessors.default_args[0]
    assert set(STEPS) < set(CLASS_STEPS)


def test_the_configuration_names_these_steps_and_the_stub() -> None:
    config = Config()
    configure_release(config)
    assert config.GenerateAssignment.preprocessors == list(CLASS_STEPS)
    assert config.ClearSolutions.code_stub == {"python": "..."}


def test_a_question_is_released_with_a_question_mark_and_what_to_enter(released: NotebookNode) -> None:
    expected = '# Enter one letter from A to C, in quotes.\nsmallest_dtype = "?"'
    assert source_of(released, "smallest-dtype-answer") == expected


def test_a_function_keeps_its_signature_and_docstring(released: NotebookNode) -> None:
    lines = source_of(released, "quantize-codes-answer").split("\n")
    assert [lines[0].split("(")[0], lines[1].strip()[:3], lines[2]] == ["def quantize_codes", '"""', "    ..."]


def test_a_solution_at_top_level_leaves_its_variable_and_no_lone_ellipsis(released: NotebookNode) -> None:
    assert source_of(released, "size-table-answer") == "# One entry for each dtype, in bytes.\nsizes = ..."
    assert not any("..." in str(cell.source).split("\n") for cell in released.cells)


def test_a_variable_that_the_cell_sets_anyway_is_not_set_to_the_stub(checkout: Path) -> None:
    edit(checkout / "solutions/lessons/90_sample.py", "# One entry for each dtype, in bytes.", "sizes = {}")
    notebook = release_notebook(build_notebook(releases(checkout)[0].lesson, "self-study", "r1"))
    assert source_of(notebook, "size-table-answer") == "sizes = {}\n# Your code goes here."


def test_checks_can_neither_be_edited_nor_deleted(released: NotebookNode) -> None:
    checks = [cell for cell in released.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert len(checks) == 4
    assert all(cell.metadata.editable is False and cell.metadata.deletable is False for cell in checks)
    assert all(cell.metadata.nbgrader.checksum for cell in checks)


def test_the_instructors_notebook_is_left_as_it_was(checkout: Path) -> None:
    notebook = build_notebook(releases(checkout)[0].lesson, "self-study", "r1")
    release_notebook(notebook)
    assert notebook == build_notebook(releases(checkout)[0].lesson, "self-study", "r1")
