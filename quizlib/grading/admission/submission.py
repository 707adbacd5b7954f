"""Read what a student handed in, trusting nothing: a notebook's cells, or the reason why there are none."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from quizlib.errors import EvidenceError, NotANotebookError
from quizlib.evidence.files import read_capped
from quizlib.grading.cells import begun

MAX_BYTES = 32_000_000
MAX_CELLS = 2_000
_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class SubmittedCell:
    """What is kept of a cell: its text, and the names by which it may be recognised; outputs are dropped."""

    kind: str
    source: str
    id: str | None = None
    grade_id: str | None = None
    tags: tuple[str, ...] = ()
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Submitted:
    """A notebook that was handed in; `lesson` and `release` are what its import cell says."""

    path: Path
    cells: tuple[SubmittedCell, ...]
    lesson: str | None
    release: str | None


def read_submitted(path: Path) -> Submitted:
    """Read a notebook of any nbformat.

    Raises:
        NotANotebookError: the file is a link, too large, not JSON, or no notebook; the message says which.
    """
    try:
        content = read_capped(path, MAX_BYTES)
        text = content.decode("utf-8-sig")
        document = json.loads(text)
    except EvidenceError as error:
        raise NotANotebookError(f"the file cannot be taken: {error}") from error
    except (ValueError, RecursionError) as error:
        raise NotANotebookError("the file is not a notebook: it does not hold JSON.") from error
    cells = tuple(_cells(_upgraded(document)))
    lesson, release = next(filter(None, (begun(cell.source) for cell in cells if cell.kind == "code")), (None, None))
    return Submitted(path, cells, lesson, release)


def _upgraded(document: object) -> list[Any]:
    """Return the list of cells as nbformat 4 has them."""
    match document:
        case {"cells": list(cells)}:
            return cells
        case {"worksheets": list(sheets), "nbformat": 1 | 2 | 3}:
            cells = [cell for sheet in sheets for cell in _listed(_table(sheet).get("cells"))]
            _require_few(cells)
            for cell in map(_table, cells):
                cell["outputs"] = []  # which are not kept, and take long to bring into a new format
            try:
                return list(nbformat.reads(json.dumps(document), as_version=4).cells)
            except Exception as error:  # an old notebook may be broken in any way
                raise NotANotebookError("the notebook is of an old format and cannot be read.") from error
    raise NotANotebookError("the file holds JSON that is not a notebook.")


def _require_few(nodes: list[Any]) -> None:
    if len(nodes) > MAX_CELLS:
        raise NotANotebookError(f"the notebook has {len(nodes):,} cells; at most {MAX_CELLS:,} are taken.")


def _cells(nodes: list[Any]) -> list[SubmittedCell]:
    _require_few(nodes)
    return [cell for cell in map(_cell, nodes) if cell is not None]


def _cell(node: object) -> SubmittedCell | None:
    """Return what counts of a cell, or None for something that is none."""
    if not isinstance(node, dict) or node.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    metadata = _table(node.get("metadata"))
    nbgrader = _table(metadata.get("nbgrader"))
    cell_id, grade_id, tags = node.get("id"), nbgrader.get("grade_id"), metadata.get("tags")
    return SubmittedCell(
        node["cell_type"],
        _text(node.get("source")),
        cell_id if isinstance(cell_id, str) and _CELL_ID.fullmatch(cell_id) else None,
        grade_id if isinstance(grade_id, str) else None,
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        _pictures(node.get("attachments")),
    )


def _table(node: object) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _listed(node: object) -> list[Any]:
    return node if isinstance(node, list) else []


def _text(source: object) -> str:
    lines = source if isinstance(source, list) else [source]
    return _storable("".join(line for line in lines if isinstance(line, str)))


def _storable(text: str) -> str:
    """Return a text in which half a surrogate pair, which no file can hold, is a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """Return the pictures that were pasted into a text cell."""
    if not isinstance(attachments, dict):
        return {}
    kept = {
        _storable(str(name)): {
            mime: data for mime in ("image/png", "image/jpeg") if isinstance(data := bundle.get(mime), str)
        }
        for name, bundle in attachments.items()
        if isinstance(bundle, dict)
    }
    return {name: bundle for name, bundle in kept.items() if bundle}
