"""What an isolation is: one object for the kernel of one submission, from its start to its end."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Protocol

from jupyter_client.manager import KernelManager

from quizlib.grading.fate import Fate


class Isolation(Protocol):
    """What confines the kernel of one submission; it is built on Jupyter's kernel provisioners.

    Args:
        home: The kernel's private home, new and empty but for caches; nothing in it outlives the kernel.
        probes: The folder in which the kernel finds probe inputs and leaves evidence.
    """

    notice: ClassVar[str]
    """What an instructor should know before a batch."""

    def __init__(self, home: Path, probes: Path) -> None: ...

    def start(self, manager: KernelManager) -> None:
        """Give `manager` the provisioner by which it is to start its kernel, and the transport if it needs another.

        That provisioner decides the command, the environment and what the kernel gets to see: its home, its probes
        and its working directory, which the manager passes on.

        Raises:
            InfrastructureError: what this isolation needs is not there.
        """

    def cause_of_death(self) -> Fate:
        """Return how the kernel ended, after it has."""

    def last_words(self) -> str:
        """Return the last line that the kernel wrote to its standard streams, or an empty text.

        Those streams are none of the grader's own, and however much is written to them stays nowhere.
        """

    def kill(self) -> None:
        """Kill the kernel and every process that it started.

        Any thread may call this, at any time after `start` and more than once, also when the kernel has died.
        """
