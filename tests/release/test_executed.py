"""The derived notebooks run from first cell to last: untouched ones earn nothing, solved ones everything."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

SCORES = "print({verdict.item: verdict.score for verdict in Out.values() if hasattr(verdict, 'max_score')})"


def executed(notebook: Path, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook and a last cell that prints the score of every check."""
    document = nbformat.read(notebook, as_version=4)
    document.cells.append(nbformat.v4.new_code_cell(SCORES, id="scores"))
    NotebookClient(document, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    return document


def scores(document: nbformat.NotebookNode) -> dict[str, float]:
    found: dict[str, float] = ast.literal_eval(document.cells[-1].outputs[0].text)
    return found


@pytest.fixture(scope="module")
def untouched(derived_once: Path) -> nbformat.NotebookNode:
    folder = derived_once / "notebooks/90-sample"
    return executed(folder / "90-sample.ipynb", folder)


def test_the_untouched_release_runs_through_and_earns_nothing(untouched: nbformat.NotebookNode) -> None:
    assert scores(untouched) == {"smallest-dtype": 0, "float-bytes": 0, "quantize-codes": 0, "size-table": 0}


def test_the_untouched_release_shows_no_ellipsis_and_writes_nothing_to_stderr(untouched: nbformat.NotebookNode) -> None:
    outputs = [output for cell in untouched.cells for output in cell.get("outputs", [])]
    assert not any(output.get("data", {}).get("text/plain") == "Ellipsis" for output in outputs)
    assert not any(output.get("name") == "stderr" or output.output_type == "error" for output in outputs)


def test_the_instructors_notebook_earns_everything(derived_once: Path) -> None:
    notebook = derived_once / "solutions/notebooks/90-sample/90-sample.ipynb"
    document = executed(notebook, derived_once / "notebooks/90-sample")
    assert scores(document) == {"smallest-dtype": 1, "float-bytes": 2, "quantize-codes": 5, "size-table": 2}
