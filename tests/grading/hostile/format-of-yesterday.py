import nbformat

from tests.grading.conftest import LESSON


def hand_in(folder):
    path = folder / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata = {}
    path.write_text(nbformat.writes(notebook, version=3), encoding="utf-8")
