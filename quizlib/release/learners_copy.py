"""A learner's own folder of the lessons, brought up to date without touching what the learner has written."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from quizlib.errors import LearnerFolderError
from quizlib.learner.find import course_folder

RECORD = ".quizlib.json"
"""File in a learner's folder that gives the SHA-256 of every file that was copied there, by its path in the folder."""


What = Literal["new", "updated", "kept", "beside"]


@dataclass(frozen=True)
class Copied:
    """What became of one lesson: copied, updated, kept as it is, or kept with a newer release beside it."""

    lesson: str
    what: What
    folder: Path


def copy_lessons(into: Path, lessons: Path | None = None) -> list[Copied]:
    """Copy the self-study lessons into a learner's folder; only files copied before and not edited are replaced.

    Where a file of the learner's own, an edited notebook say, has the place of one of a newer release, that release
    goes into a folder beside the lesson, with the release id in its name: a notebook and its items belong together.

    Args:
        into: The learner's folder; made if missing.
        lessons: Folder of released lessons; by default that of the installed package, else of the checkout.

    Raises:
        LearnerFolderError: there are no lessons to copy, `into` cannot be written, or something of the learner's
            stands in the way there, too.
    """
    source = lessons or course_folder()
    released = sorted(path.parent.parent for path in source.glob("*/items/lesson.json"))
    if not released:
        raise LearnerFolderError(f"there are no lessons in {source}; install the package again.")
    try:
        into.mkdir(parents=True, exist_ok=True)
        folder = LearnersFolder(into)
        copied = [folder.copy(lesson) for lesson in released]
    except OSError as error:
        problem = error.strerror or str(error)
        raise LearnerFolderError(f"{into} cannot be written ({problem}); give another folder.") from error
    return copied


class LearnersFolder:
    """A learner's folder, and which of its files were copied there."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._record = _read_record(root / RECORD)

    def copy(self, lesson: Path) -> Copied:
        """Copy one released lesson into the folder of its name, else into one beside it.

        Raises:
            LearnerFolderError: files of the learner's own have the places of ours in both.
            OSError: the folder cannot be written.
        """
        name, release = lesson.name, _release(lesson)
        first: What = "updated" if (self._root / name).exists() else "new"
        places: dict[str, What] = {name: first, f"{name}-{release}": "beside"}
        for folder, what in ((self._root / place, what) for place, what in places.items()):
            if _release(folder) == release and (folder / f"{folder.name}.ipynb").is_file():
                return Copied(name, "kept", folder)
            files = _files(lesson, folder)
            in_the_way = next((path for path in files if not self._may_write(path)), None)
            if in_the_way is None:
                self._replace(folder, files)
                return Copied(name, what, folder)
        raise LearnerFolderError(f"{in_the_way} is yours and has the place of a file of {name}; move it elsewhere.")

    def _may_write(self, path: Path) -> bool:
        """Say whether the place of a file is free: nothing is there, or what was copied there and is unchanged."""
        if any(parent.exists() and not parent.is_dir() for parent in path.parents):
            return False
        return self._is_ours(path) or not (path.exists() or path.is_symlink())

    def _is_ours(self, path: Path) -> bool:
        """Say whether a file was copied there and is unchanged."""
        return path.is_file() and not path.is_symlink() and self._record.get(self._key(path)) == _digest(path)

    def _key(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _replace(self, folder: Path, files: dict[Path, Path]) -> None:
        """Write the files of a release into `folder`, and remove those of the one before that are still as copied."""
        before = {path for path in map(self._root.joinpath, self._record) if path.is_relative_to(folder)}
        try:
            for path, source in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, path)
                self._record[self._key(path)] = _digest(path)
            for path in before - set(files):
                self._remove(path)
        finally:  # what was copied before something failed is ours, too
            text = json.dumps(dict(sorted(self._record.items())), indent=1) + "\n"
            (self._root / RECORD).write_text(text, encoding="utf-8")

    def _remove(self, path: Path) -> None:
        """Forget a file that the release has no more; remove it, and a folder that is empty then, unless edited."""
        if self._is_ours(path):
            path.unlink()
            with contextlib.suppress(OSError):  # not empty
                path.parent.rmdir()
        del self._record[self._key(path)]


def _read_record(file: Path) -> dict[str, str]:
    """Return the digests of the files as they were copied; none, where the record is missing or damaged."""
    try:
        found: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {_path(str(name)): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def _path(name: str) -> str:
    """Return the path of a recorded file; earlier records held the names of notebooks alone."""
    return name if "/" in name else f"{Path(name).stem}/{name}"


def _files(lesson: Path, folder: Path) -> dict[Path, Path]:
    """Return where the files of a lesson go, each with the one that it is a copy of; the release's id comes last.

    So a copy that was cut short is taken up again by the next.
    """
    notebook = f"{lesson.name}.ipynb"
    shown = (path for path in sorted(lesson.rglob("*")) if not any(map(_is_hidden, path.relative_to(lesson).parts)))
    sources = [path for path in shown if path.is_file() and path.suffix != ".ipynb"]
    sources.sort(key=lambda path: path == lesson / "items" / "lesson.json")
    copies = {folder / path.relative_to(lesson): path for path in sources}
    return {folder / f"{folder.name}.ipynb": lesson / notebook, **copies}


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _release(lesson: Path) -> str:
    """Return the release id of a copied lesson, or "" where it cannot be read."""
    try:
        return str(json.loads((lesson / "items" / "lesson.json").read_text(encoding="utf-8"))["release"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
