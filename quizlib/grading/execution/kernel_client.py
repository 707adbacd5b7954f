"""The grader's end of a kernel: only what somebody listens to is connected."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient


class ListeningClient(AsyncKernelClient):
    """Jupyter's client without the channels by which a kernel asks for input and is controlled.

    Nothing that comes there is ever read, so that all that a kernel sends there would stay in memory.
    """

    _asked = ""

    def execute(self, *code: Any, **named: Any) -> str:  # noqa: ANN401  as the base class has them
        """Ask the kernel to run some code, and return the id of the request."""
        self._asked = super().execute(*code, **named)
        return self._asked

    async def replied(self, timeout: float) -> bool:
        """Say whether the kernel's own reply to what it was asked last is there, or comes within `timeout` seconds.

        No flood of output can make the kernel lose it, as it can the word that it is idle.
        """
        over = time.monotonic() + timeout
        while (left := over - time.monotonic()) > 0:
            try:
                reply = await self.shell_channel.get_msg(timeout=left)
            except Empty:
                break
            if reply["parent_header"].get("msg_id") == self._asked:
                return True
        return False

    def start_channels(self, *channels: Any, **named: Any) -> None:  # noqa: ANN401  as the base class has them
        """Connect to the kernel's replies, its output and its heart."""
        super().start_channels(*channels, **{**named, "stdin": False, "control": False})
