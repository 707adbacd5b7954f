"""Where a kernel's standard streams lead: nothing to read, and a pipe that is emptied and dropped but for its end."""

from __future__ import annotations

import os
import subprocess
import threading
from typing import Any

LAST = 4_000
"""Bytes that are kept of what a kernel, or a process that it started, wrote last: why it did not start stands there."""


class Drain:
    """Takes all that is written to it, in a thread of its own, and keeps the last few thousand bytes.

    >>> drain = Drain()
    >>> _ = os.write(drain.streams()["stderr"], b"x" * 10_000 + b" last words")
    >>> drain.close_ours()
    >>> drain.last_words(timeout=60)[-10:]
    'last words'
    """

    def __init__(self) -> None:
        self._end, self._entry = os.pipe()
        self._said = b""
        self._thread = threading.Thread(target=self._empty, daemon=True)
        self._thread.start()

    def streams(self) -> dict[str, Any]:
        """Return the streams to start a process with: of the grader's own it inherits none."""
        return {"stdin": subprocess.DEVNULL, "stdout": self._entry, "stderr": self._entry, "close_fds": True}

    def close_ours(self) -> None:
        """Close the grader's copy of the entry, once the process has its own: the pipe ends when that does."""
        entry, self._entry = self._entry, -1
        if entry >= 0:
            os.close(entry)

    def last_words(self, timeout: float = 1.0) -> str:
        """Return the last line that was written, waiting a little for the pipe to end."""
        self._thread.join(timeout)
        lines = [line.strip() for line in self._said.decode("utf-8", "replace").splitlines() if line.strip()]
        return lines[-1] if lines else ""

    def _empty(self) -> None:
        try:
            while said := os.read(self._end, 65_536):
                self._said = (self._said + said)[-LAST:]
        finally:
            os.close(self._end)
