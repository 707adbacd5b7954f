"""Keep the evidence of a submission in the course directory: a corrected key judges it, and nothing is run again."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from quizlib.atomic import replace_text
from quizlib.coursedir.course import Course
from quizlib.grading.execution.state import Execution, execution_of
from quizlib.grading.kept import LISTING, Kept, KeptItem

MAX_BYTES = 64_000_000
"""Bytes of evidence that are kept of one notebook; of what is larger nothing is kept, and it would be run again."""


class KeepEvidence(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader publishes no types
    """After execution, before judging: keep the evidence in the course directory, for its owner's eyes only."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Keep what the kernel left of all items of this notebook."""
        state, named = execution_of(resources), resources["nbgrader"]
        if state is not None:
            course = Course(Path(self.parent.parent.coursedir.root))
            keep(course.evidence(named["student"], named["assignment"], named["notebook"]), state)
        return nb, resources


def keep(folder: Path, state: Execution) -> None:
    """Put the evidence of an execution into `folder`, in place of what was there; the folder changes all at once."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_private(folder.parent)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as made:
        fresh = Path(made) / "fresh"
        fresh.mkdir(mode=0o700)
        sizes = {item: sum(path.stat().st_size for path in _files(state, item)) for item in state.probes}
        left, items = MAX_BYTES, {}
        for item in sorted(state.probes, key=lambda item: (sizes[item], item)):
            left -= sizes[item]
            if left >= 0:
                items[item] = KeptItem(probe=state.probes[item], fate=state.fates.get(item))
                for path in _files(state, item):
                    shutil.copyfile(path, fresh / path.name)
        replace_text(fresh / LISTING, Kept(code=state.code, items=items).model_dump_json(indent=1))
        if folder.exists():
            folder.rename(Path(made) / "before")
        fresh.rename(folder)


def _make_private(folder: Path) -> None:
    """Close the folder of all evidence to others; what it holds may be a private probe's answer."""
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o700)


def _files(state: Execution, item: str) -> list[Path]:
    paths = [state.folders.taken / f"{item}{suffix}" for suffix in (".json", ".safetensors")]
    return [path for path in paths if path.is_file() and not path.is_symlink()]
