"""Bring a submission's cells into line with the release, which says what is graded and how."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import nbformat
from nbformat import NotebookNode

from quizlib.grading.admission.submission import SubmittedCell
from quizlib.grading.admission.text_cells import TextCells
from quizlib.grading.cells import checked_item, graded_item, is_graded, normal_form, role

_TAG = re.compile(r"[\w.:-]{1,64}")
"""A tag becomes a class on a page; one with a blank in it would become several, of the page's own perhaps."""


MAX_NORMAL = 400_000
"""Letters of a submission's code that are brought into its normal form, which takes a second for 200,000 of them."""


def align(cells: Sequence[SubmittedCell], released: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """Return a notebook that can be graded, and a sentence on each repair.

    Cells of the release are recognised by their grade id, else by their cell id, else by the item they check.
    They get the release's metadata and, where locked, its text; of copies the last one counts, as in nbgrader.
    Locked and graded cells that are missing are put back. All other cells are kept as ordinary ones.
    Code loses the white space that means nothing to it, so that it cannot tell a second submission from the first.
    Text cells of the learner's become what anything may display.
    """
    cells = _normal(cells)
    known = {str(role(cell)["grade_id"]): cell for cell in released.cells if _is_known(cell)}
    owners = _owners(cells, known)
    texts = TextCells(released)
    aligned = [_kept(cell, known.get(owners.get(index, "")), texts) for index, cell in enumerate(cells)]
    notes = _copies(cells, owners, known) + _put_back(aligned, released) + texts.notes
    _make_ids_distinct(aligned)
    return nbformat.v4.new_notebook(cells=aligned, metadata=_metadata(released)), notes


def _normal(cells: Sequence[SubmittedCell]) -> list[SubmittedCell]:
    """Return the cells with their code in its normal form; what is beyond the cap stays as it is."""
    left = MAX_NORMAL
    made = []
    for cell in cells:
        is_taken = cell.kind == "code" and len(cell.source) <= left
        left -= len(cell.source) if is_taken else 0
        made.append(replace(cell, source=normal_form(cell.source)) if is_taken else cell)
    return made


def _is_known(cell: NotebookNode) -> bool:
    return any(role(cell).get(name) for name in ("grade", "solution", "locked", "task")) and "grade_id" in role(cell)


def _owners(cells: Sequence[SubmittedCell], known: dict[str, NotebookNode]) -> dict[int, str]:
    """Return the grade id of each submitted cell that stands for a cell of the release."""
    by_cell_id = {cell.get("id"): grade_id for grade_id, cell in known.items()}
    by_item = {item: grade_id for grade_id, cell in known.items() if (item := graded_item(cell))}
    ways: list[Callable[[SubmittedCell], str | None]] = [
        lambda cell: cell.grade_id if cell.grade_id in known else None,
        lambda cell: by_cell_id.get(cell.id) if cell.id else None,
        lambda cell: by_item.get(checked_item(cell.source) or "") if cell.kind == "code" else None,
    ]
    found: dict[str, int] = {}
    for way in ways:
        named = {grade_id: index for index, cell in enumerate(cells) if (grade_id := way(cell))}
        taken = set(found.values())
        found |= {grade_id: i for grade_id, i in named.items() if grade_id not in found and i not in taken}
    return {index: grade_id for grade_id, index in found.items()}


def _kept(cell: SubmittedCell, released: NotebookNode | None, texts: TextCells) -> NotebookNode:
    node = _plain(cell) if released is None else deepcopy(released)
    if released is not None and role(released).get("solution"):
        node.source = cell.source
        if node.cell_type == "markdown" and cell.attachments:
            node.attachments = nbformat.from_dict(cell.attachments)
    return node if node.cell_type == "code" else texts.shown(node)


def _plain(cell: SubmittedCell) -> NotebookNode:
    make: dict[str, Callable[..., Any]] = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    tags = [tag for tag in dict.fromkeys(cell.tags) if _TAG.fullmatch(tag)]  # nbformat allows each once
    fields: dict[str, Any] = {"source": cell.source, "metadata": {"tags": tags} if tags else {}}
    if cell.id:
        fields["id"] = cell.id
    if cell.attachments and cell.kind == "markdown":
        fields["attachments"] = cell.attachments
    node: NotebookNode = make.get(cell.kind, nbformat.v4.new_raw_cell)(**fields)  # type: ignore[no-untyped-call]  # nbformat's own
    return node


def _copies(cells: Sequence[SubmittedCell], owners: dict[int, str], known: dict[str, NotebookNode]) -> list[str]:
    copied = {c.grade_id for i, c in enumerate(cells) if c.grade_id in known and owners.get(i) != c.grade_id}
    return [f"The cell {name} is there more than once; the last one counts." for name in sorted(filter(None, copied))]


def _put_back(aligned: list[NotebookNode], released: NotebookNode) -> list[str]:
    """Insert locked and graded cells that are missing, each after the cell of the release that precedes it."""
    notes: list[str] = []
    places = {role(cell).get("grade_id"): cell for cell in aligned if role(cell)}
    previous: NotebookNode | None = None
    for cell in filter(_is_known, released.cells):
        name = role(cell)["grade_id"]
        if name not in places and (is_graded(cell) or role(cell).get("locked")):
            places[name] = deepcopy(cell)
            at = 0 if previous is None else next(i for i, c in enumerate(aligned) if c is previous) + 1
            aligned.insert(at, places[name])
            notes.append(f"The cell {name} was missing and has been put back.")
        previous = places.get(name, previous)
    return notes


def _make_ids_distinct(cells: list[NotebookNode]) -> None:
    """Give a new id to each ordinary cell whose id another one has, and one to each that has none."""
    taken = {cell.id for cell in cells}
    seen = {cell.id for cell in cells if _is_known(cell)}
    fresh = (name for number in itertools.count() if (name := f"submitted-{number}") not in taken)
    for cell in cells:
        if not _is_known(cell) and cell.id in seen:
            cell.id = next(fresh)
        seen.add(cell.id)


def _metadata(released: NotebookNode) -> dict[str, Any]:
    return {
        name: deepcopy(released.metadata[name]) for name in ("kernelspec", "language_info") if name in released.metadata
    }
