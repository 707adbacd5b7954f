"""The private folders of one execution: what the kernel has, and what is taken away from it."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path

from quizlib.errors import EvidenceError
from quizlib.evidence.files import read_capped
from quizlib.evidence.tree_reader import Limits
from quizlib.grading.execution.isolation.surroundings import make_home
from quizlib.grading.scratch import Scratch


class Folders:
    """The kernel's home and its probes, and elsewhere what is kept out of its reach.

    The kernel also has `work`, for a copy of its notebook's folder; taken away from it is the evidence.
    Probes and evidence are held open from before the kernel starts: whatever it puts in place of these folders later
    is not looked at.
    """

    def __init__(self) -> None:
        self._given, self._kept = Scratch(), Scratch()
        self.home, self.probes, self.work = (self._given.root / name for name in ("home", "probes", "work"))
        self.taken = self._kept.root / "taken"
        make_home(self.home)
        for folder in (self.probes, self.work, self.taken):
            folder.mkdir(mode=0o700)
        self._open = {folder: os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in (self.probes, self.taken)}

    def clear(self, item: str) -> None:
        """Throw away what lies where the evidence of `item` goes: only its own check cell may write it."""
        for name in _files(item):
            self._discard(self.probes, name)

    def take(self, item: str) -> str:
        """Copy the evidence of `item` out of the kernel's reach; return "" or a sentence that says why there is none.

        Only regular files are taken, of as many bytes as are read later, and either all of the evidence or none.
        """
        limits = Limits()
        try:
            for name, limit in zip(_files(item), (limits.json_bytes, limits.array_bytes), strict=True):
                self._discard(self.taken, name)
                if name.endswith(".json") or self._is_there(name):
                    self._write(name, read_capped(Path(name), limit, folder=self._open[self.probes]))
        except (OSError, EvidenceError) as error:
            reason = str(error) if self._is_there(_files(item)[0]) else ""
            for name in _files(item):
                self._discard(self.taken, name)
            return (
                f"the check left no evidence that can be taken: {reason}" if reason else "the check left no evidence."
            )
        finally:
            self.clear(item)
        return ""

    def _is_there(self, name: str) -> bool:
        try:
            os.stat(name, dir_fd=self._open[self.probes], follow_symlinks=False)
        except OSError:
            return False
        return True

    def _write(self, name: str, content: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(name, flags, 0o600, dir_fd=self._open[self.taken]), "wb") as file:
            file.write(content)

    def _discard(self, folder: Path, name: str) -> None:
        """Delete what a folder that is held open has under a name, as far as that can be done."""
        descriptor = self._open[folder]
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, 0o700)
            if stat.S_ISDIR(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode):
                shutil.rmtree(name, ignore_errors=True, dir_fd=descriptor)
            else:
                os.unlink(name, dir_fd=descriptor)

    def remove(self) -> None:
        """Delete everything."""
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open = {}
        self._given.remove()
        self._kept.remove()


def _files(item: str) -> tuple[str, str]:
    return f"{item}.json", f"{item}.safetensors"
