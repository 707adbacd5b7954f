"""A clock that ends a piece of work of this process which takes too long."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

from quizlib.errors import OutOfTimeError

AGAIN_SECONDS = 5.0
"""How long the clock waits before it rings again: a library may have taken its first ring for an error of its own."""


class Clock:
    """Rings `seconds` after `start`, unless its block has ended by then; it rings in the main thread only.

    Args:
        seconds: How long the work may take.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._before: object = None
        self._runs = False

    def __enter__(self) -> Clock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Let the clock run from now on."""
        if threading.current_thread() is threading.main_thread() and not self._runs:
            self._before = signal.signal(signal.SIGALRM, self._ring)
            self._runs = True
            signal.setitimer(signal.ITIMER_REAL, self._seconds, AGAIN_SECONDS)

    def stop(self) -> None:
        """Stop the clock; it will not ring any more."""
        if self._runs:
            self._runs = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)  # type: ignore[arg-type]  # what signal.signal returned

    def _ring(self, number: int, frame: FrameType | None) -> None:
        if self._runs:
            raise OutOfTimeError(f"it took longer than {self._seconds:g} s.")
