"""Change a notebook that was handed in as the JSON that it is, into what no program writes."""

import json
from contextlib import contextmanager

from .conftest import LESSON


@contextmanager
def rewritten(folder):
    """Give the JSON of the notebook in a folder, and write back what became of it."""
    path = folder / f"{LESSON}.ipynb"
    document = json.loads(path.read_text(encoding="utf-8"))
    yield document
    path.write_text(json.dumps(document), encoding="utf-8")


def cell_of(document, name):
    """Return the cell of an id."""
    return next(cell for cell in document["cells"] if cell["id"] == name)


def code_cell(source, name, **metadata):
    """Return one more code cell, as JSON."""
    return {"cell_type": "code", "id": name, "source": source, "metadata": metadata, "outputs": []}


def text_cell(source, name, **fields):
    """Return one more Markdown cell, as JSON."""
    return {"cell_type": "markdown", "id": name, "source": source, "metadata": {}, **fields}
