"""The engine: the part of this library, and the versions of others, that a verdict rests on."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent

PARTS = ("errors.py", "evidence", "items", "judging", "authoring", "measures", "zoo")
"""Files and folders of the library that decide a verdict, whoever asks for one."""

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


@cache
def engine_digest(*own: str) -> str:
    """Return a hash of every file of the library that decides a verdict, and of the judged libraries' versions.

    Args:
        own: Files and folders that decide it too, for the one who asks, such as `"verify"`.
    """
    digest = hashlib.sha256(digest_of(ROOT, (*PARTS, *own)).encode())
    for library in LIBRARIES:
        digest.update(f"{library}=={_version(library)}".encode())
    return digest.hexdigest()


def digest_of(root: Path, parts: Iterable[str]) -> str:
    """Return a hash of the names and the content of files below `root`.

    Args:
        root: A folder.
        parts: Names of files in it, and of folders of which every file counts.

    Raises:
        FileNotFoundError: one of them is not there.
    """
    digest = hashlib.sha256()
    for path in sorted({path for part in parts for path in _files(root / part)}):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}:".encode() + content)
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise FileNotFoundError(f"{path} is a part of the engine, and is not there; install quizlib again.")
    found = path.rglob("*") if path.is_dir() else [path]
    return (one for one in found if one.is_file() and "__pycache__" not in one.parts)


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "none"
