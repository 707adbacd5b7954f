"""Verdicts of an earlier run, reused only where nothing that they rest on has changed."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pydantic

import quizlib
from quizlib.verify.report import LessonReport

ENGINE = ("errors.py", "evidence", "items", "judging", "authoring", "measures", "zoo", "verify", "release")
"""Parts of the library that decide a verdict."""

LIBRARIES = (
    "ai-edge-litert",
    "numpy",
    "scikit-learn",
    "tensorflow",
    "tensorflow-model-optimization",
    "tf-keras",
    "torch",
    "torchao",
)
"""Libraries whose versions decide a verdict."""


class Stored(pydantic.BaseModel):
    """A report with its problems, as one file of the cache."""

    report: LessonReport


class Cache:
    """Reports by key in a folder; without a folder it finds and keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, key: str) -> LessonReport | None:
        """Return the report of an earlier run under the same key, if it found no problem."""
        path = None if self._folder is None else self._folder / f"{key}.json"
        if path is None or not path.is_file():
            return None
        try:
            return Stored.model_validate_json(path.read_text(encoding="utf-8")).report
        except ValueError:  # a file cut short by a kill is as good as none
            return None

    def keep(self, key: str, report: LessonReport) -> None:
        """Keep a report without problems; one with problems is made again every time."""
        if self._folder is None or report.problems:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{key}.json").write_text(Stored(report=report).model_dump_json(), encoding="utf-8")


def cache_folder(solutions: Path) -> Path:
    """Return where verify keeps what it found out about a course: in `build/verify`, beside the course."""
    return solutions.resolve().parent / "build" / "verify"


def key_of(parts: Iterable[str]) -> str:
    """Return the key of a task: a hash of the texts it rests on, of the library, and of what is installed."""
    digest = hashlib.sha256(engine_digest().encode())
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """Return a hash of every file of the library that decides a verdict, and of the libraries' versions."""
    root, digest = Path(quizlib.__file__).parent, hashlib.sha256()
    files = [path for part in ENGINE for path in ([root / part] if part.endswith(".py") else (root / part).rglob("*"))]
    for path in sorted(path for path in files if path.is_file() and "__pycache__" not in path.parts):
        digest.update(f"{path.relative_to(root)}".encode() + path.read_bytes())
    for library in LIBRARIES:
        digest.update(f"{library}=={_version(library)}".encode())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "none"
