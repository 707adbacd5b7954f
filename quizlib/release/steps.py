"""The steps from an instructor's notebook to a release: nbgrader's own, and one of ours."""

from __future__ import annotations

import copy
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    NbGraderPreprocessor,
    SaveCells,
)

from quizlib.release.cells import STUB


class CompleteStubs(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader publishes no types
    """Turn the stub of a solution at a cell's top level into what the cell says, such as `sizes = ...`.

    A lone `...` there would show as `Ellipsis` when the cell is run, and leave the variable undefined.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:  # noqa: ANN401  nbconvert's
        """Complete the stub of one cell."""
        stub = cell.metadata.get("quizlib", {}).get("stub")
        if stub is not None:
            cell.source = "\n".join(stub if line == STUB else line for line in cell.source.split("\n"))
        return cell, resources


STEPS: tuple[type, ...] = (
    LockCells,
    ClearSolutions,
    CompleteStubs,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
)
"""Steps of a self-study release: those of nbgrader's GenerateAssignment that need neither course nor gradebook."""

CLASS_STEPS: tuple[type, ...] = (IncludeHeaderFooter, InstantiateTests, *STEPS[:6], SaveCells, *STEPS[6:])
"""Steps of `nbgrader generate_assignment` in a course of ours: its own, and `CompleteStubs` after ClearSolutions."""


def configure_release(config: Any) -> None:  # noqa: ANN401  a traitlets Config
    """Make `nbgrader generate_assignment` produce our releases; `nbgrader_config.py` calls this."""
    config.GenerateAssignment.preprocessors = list(CLASS_STEPS)
    config.ClearSolutions.code_stub = {"python": STUB}


def release_notebook(notebook: NotebookNode) -> NotebookNode:
    """Return what a learner gets of an instructor's notebook: stubs for solutions, checks locked, no outputs."""
    released = copy.deepcopy(notebook)
    resources: dict[str, Any] = {}
    for step in STEPS:
        options = {"code_stub": {"python": STUB}} if step is ClearSolutions else {}
        released, resources = step(**options).preprocess(released, resources)
    return released
