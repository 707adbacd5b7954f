"""A temporary folder that is known to be in use while its owner lives, and removed after it was killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

from quizlib.grading.removal import remove_tree

PREFIX = "quizlib-"
LOCK = ".in-use"
_FLAGS = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class Scratch:
    """A private folder of this process, with a lock in it that is free again when the process dies.

    The first one that a process makes removes what killed ones have left.

    >>> scratch = Scratch()
    >>> scratch.root.is_dir(), scratch.remove(), scratch.root.exists()
    (True, None, False)
    """

    def __init__(self) -> None:
        _sweep_once()
        made = None
        while made is None:  # one in a million: another process took the new folder for one that was left
            made = _locked(Path(tempfile.mkdtemp(prefix=PREFIX)))
        self.root, self._lock = made

    def __enter__(self) -> Path:
        return self.root

    def __exit__(self, *raised: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Delete everything that can be deleted; the next start tries again with what cannot."""
        _delete(self.root)
        lock, self._lock = self._lock, -1
        if lock >= 0:
            os.close(lock)


def _delete(root: Path) -> None:
    try:
        remove_tree(root)
    except (OSError, RuntimeError):  # no process can be started while the interpreter ends
        shutil.rmtree(root, ignore_errors=True)


def _locked(root: Path) -> tuple[Path, int] | None:
    """Return a new folder with the lock on it, or None if somebody has removed it meanwhile."""
    try:
        lock = os.open(root / LOCK, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
    except FileNotFoundError:
        return None
    fcntl.flock(lock, fcntl.LOCK_EX)
    if os.fstat(lock).st_nlink:
        return root, lock
    os.close(lock)
    return None


@cache
def _sweep_once() -> None:
    sweep(Path(tempfile.gettempdir()))


def sweep(folder: Path) -> list[Path]:
    """Remove the scratch folders in `folder` whose owners are gone, and return them.

    One that is in use, that belongs to somebody else, that is a link or that holds no lock of ours is left alone.
    """
    removed = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and _is_ours(entry) and _is_removed(Path(entry.path)):
                removed.append(Path(entry.path))
    return removed


def _is_ours(entry: os.DirEntry[str]) -> bool:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _is_removed(root: Path) -> bool:
    """Remove a folder if nobody holds its lock, and say whether it is gone."""
    try:
        lock = os.open(root / LOCK, _FLAGS)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _delete(root)
    except OSError:
        return False
    finally:
        os.close(lock)
    return not root.exists()
