"""What the code of a submission is, by which its private probes are drawn.

It is all that the kernel can read of what was handed in, and nothing else: whoever hands in the same gets the same
probes, and whoever wants to hand in what an earlier try printed hands in something else, and gets other ones.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from quizlib.grading.admission.timestamp import STAMP
from quizlib.grading.cells import is_learners_code
from quizlib.grading.removal import remove_tree

SECRET = "submission_secret.txt"
"""Where nbgrader notes by what the learner may fetch the feedback; it is another one each time."""


def code_of(notebook: NotebookNode, folder: Path, ours: Path) -> str:
    """Return a hash of the code of an admitted submission: what its own cells run, and the files beside it.

    Outputs, metadata, text cells, empty cells and cells of the release do not count; no kernel reads them, or they
    are the same for everybody. White space that means nothing was taken away when the submission was admitted.

    Args:
        notebook: The notebook that will be executed.
        folder: The kernel's working directory, as `working_copy` made it.
        ours: The folder of the files that the course itself lays beside the notebook.
    """
    cells = [cell.source for cell in notebook.cells if is_learners_code(cell) and cell.source.strip()]
    return hashlib.sha256(json.dumps([cells, _files(folder, ours)]).encode("utf-8", "backslashreplace")).hexdigest()


def _files(folder: Path, ours: Path) -> list[tuple[str, str]]:
    """Return the name and a hash of each file that is not the course's own."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(folder).as_posix()
            digest = _digest(path)
            if not (ours / name).is_file() or _digest(ours / name) != digest:
                found.append((name, digest))
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def working_copy(resources: dict[str, Any], place: Path) -> Iterator[Path]:
    """Let the kernel work in a copy of the files beside the notebook, which is deleted afterwards with all it wrote.

    The notebook itself, with its texts and metadata, and what nbgrader notes of a submission are not in it: they do
    not count as code, and who hands in the same again gets the same probes.

    Args:
        resources: nbconvert's; the kernel works where they say the notebook lies.
        place: An empty folder for the copy.
    """
    folder = Path(resources["metadata"]["path"])
    copy = place / folder.name
    shutil.copytree(folder, copy, ignore=lambda inside, names: _uncopied(names) if Path(inside) == folder else [])
    resources["metadata"]["path"] = str(copy)
    try:
        yield copy
    finally:
        resources["metadata"]["path"] = str(folder)
        remove_tree(copy)


def _uncopied(names: Sequence[str]) -> list[str]:
    return [name for name in names if name in (STAMP, SECRET) or name.endswith(".ipynb")]
