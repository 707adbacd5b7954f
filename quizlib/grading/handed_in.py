"""What the code of a submission is, by which its private probes are drawn.

It is all that the kernel can read of what was handed in, and nothing else: whoever hands in the same gets the same
probes, and whoever wants to hand in what an earlier try printed hands in something else, and gets other ones.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from quizlib.grading.cells import is_learners_code
from quizlib.grading.folders import remove
from quizlib.grading.timestamp import STAMP


def code_of(notebook: NotebookNode, folder: Path, ours: Path) -> str:
    """Return a hash of the code of an admitted submission: what its own cells run, and the files beside it.

    Outputs, metadata, text cells, empty cells and cells of the release do not count; no kernel reads them, or they
    are the same for everybody. White space that means nothing was taken away when the submission was admitted.

    Args:
        notebook: The notebook that will be executed.
        folder: The kernel's working directory, after `put_aside`.
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
def put_aside(folder: Path, place: Path) -> Iterator[None]:
    """Keep from the kernel what lies in its working directory and does not count as code, and put it back afterwards.

    That is the notebook as a file, with its texts and metadata, and the time at which it was handed in.

    Args:
        folder: The kernel's working directory.
        place: An empty folder that the kernel does not see.
    """
    names = [path.name for path in folder.glob("*.ipynb") if path.is_file()]
    names += [STAMP] if (folder / STAMP).is_file() else []
    for name in names:
        shutil.move(folder / name, place / name)
    try:
        yield
    finally:
        _make_writable(folder)
        for name in names:
            remove(folder / name)  # the kernel may have put anything in its place
            shutil.move(place / name, folder / name)


def _make_writable(folder: Path) -> None:
    """Make a folder of whatever the kernel has left of its working directory."""
    if folder.is_symlink() or not folder.is_dir():
        remove(folder)
        folder.mkdir(parents=True)
    folder.chmod(0o755)
