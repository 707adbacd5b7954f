"""The cells of a derived notebook: their ids, and the metadata that nbgrader reads."""

from __future__ import annotations

import hashlib
from typing import Any

import nbformat.v4
from nbformat import NotebookNode

SCHEMA_VERSION = 3
"""Version of nbgrader's cell metadata."""

STUB = "..."
"""What stands in a release where a solution was."""

IMPORT_CHECK = "from quizlib import check"

LONGEST_ID = 64
"""Characters that nbformat allows in a cell id."""


def markdown_cell(source: str, name: str = "") -> NotebookNode:
    """Return a Markdown cell; its id is `name`, else a hash of its text."""
    cell: NotebookNode = nbformat.v4.new_markdown_cell(source, id=cell_id(name or _hashed(source)))
    return cell


def code_cell(source: str, name: str = "") -> NotebookNode:
    """Return an ordinary code cell; its id is `name`, else a hash of its source."""
    cell: NotebookNode = nbformat.v4.new_code_cell(source, id=cell_id(name or _hashed(source)))
    return cell


def answer_cell(source: str, grade_id: str, stub: str | None) -> NotebookNode:
    """Return a cell whose solution region the learner fills in; `stub` replaces a region at the cell's top level."""
    cell = code_cell(source, grade_id)
    cell.metadata = _metadata(grade_id, solution=True)
    if stub is not None:
        cell.metadata["quizlib"] = {"stub": stub}
    return cell


def check_cell(source: str, item: str, points: int) -> NotebookNode:
    """Return the locked cell that checks an item and carries its points.

    It imports `check` itself, so that a check that is run before any other cell says what to run instead of failing.
    """
    cell = code_cell(f"{IMPORT_CHECK}\n\n{source}", item)
    cell.metadata = _metadata(item, points=points)
    return cell


def _metadata(grade_id: str, *, solution: bool = False, points: int | None = None) -> NotebookNode:
    fields: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "grade_id": grade_id,
        "grade": points is not None,
        "solution": solution,
        "locked": points is not None,
        "task": False,
    }
    if points is not None:
        fields["points"] = points
    metadata: NotebookNode = nbformat.from_dict({"nbgrader": fields})
    return metadata


def cell_id(name: str) -> str:
    """Return `name`, or where it is too long its beginning and a hash.

    >>> cell_id("why-quantize-answer"), len(cell_id("x" * 80))
    ('why-quantize-answer', 64)
    """
    return name if len(name) <= LONGEST_ID else f"{name[: LONGEST_ID - 9]}-{_digest(name)}"


def _hashed(source: str) -> str:
    return f"cell-{_digest(source)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def with_distinct_ids(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return `cells`, where the second cell of the same id gets `-2`, the third `-3`, and so on."""
    seen: dict[str, int] = {}
    for cell in cells:
        count = seen[cell.id] = seen.get(cell.id, 0) + 1
        if count > 1:
            cell.id = cell_id(f"{cell.id}-{count}")
    return cells
