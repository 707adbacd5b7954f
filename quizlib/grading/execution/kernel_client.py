"""The grader's end of a kernel: only what somebody listens to is connected."""

from __future__ import annotations

from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient


class ListeningClient(AsyncKernelClient):
    """Jupyter's client without the channels by which a kernel asks for input and is controlled.

    Nothing that comes there is ever read, so that all that a kernel sends there would stay in memory.
    """

    def start_channels(self, *channels: Any, **named: Any) -> None:  # noqa: ANN401  as the base class has them
        """Connect to the kernel's replies, its output and its heart."""
        super().start_channels(*channels, **{**named, "stdin": False, "control": False})
