"""No isolation: the kernel is an ordinary process, with an environment and a home of its own."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from quizlib.grading.execution.isolation.drain import Drain
from quizlib.grading.execution.isolation.surroundings import kernel_environment
from quizlib.grading.fate import Fate


class Unconfined:
    """Starts a kernel in a process group of its own, and kills that group; see `Isolation` for the contract."""

    notice: ClassVar[str] = (
        "isolation none: submissions run with your rights and can read this machine; "
        "grade people you trust, or run this in a container"
    )

    def __init__(self, home: Path, probes: Path) -> None:
        self._environment = kernel_environment(home, probes)
        self._kernel: LocalKernel | None = None

    def start(self, manager: KernelManager) -> None:
        """Let `manager` start its kernel as a process of this machine."""
        self._kernel = LocalKernel(self._environment, kernel_spec=manager.kernel_spec, parent=manager)
        manager.provisioner = self._kernel

    def cause_of_death(self) -> Fate:
        """Return how the kernel ended: killed from outside, or by itself."""
        process = self._kernel and self._kernel.process
        if getattr(process, "returncode", None) == -signal.SIGKILL:
            return Fate(
                status="memory", sentence="the kernel was killed from outside, most often because memory ran out."
            )
        return Fate(status="died", sentence="the kernel died.")

    def last_words(self) -> str:
        """Return the last line that the kernel wrote to its standard streams."""
        drain = self._kernel and self._kernel.drain
        return drain.last_words() if drain else ""

    def kill(self) -> None:
        """Kill the kernel and every process of its group."""
        group = self._kernel and self._kernel.pgid
        if group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)


class LocalKernel(LocalProvisioner):
    """Jupyter's own provisioner of processes, with an environment that is given and not the grader's."""

    def __init__(self, environment: Mapping[str, str], **traits: Any) -> None:  # noqa: ANN401  as traitlets takes them
        super().__init__(**traits)
        self._environment = dict(environment)
        self.drain: Drain | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401  as the base class has it
        """Prepare the launch as the base class does, in the environment of this kernel."""
        return await super().pre_launch(**{**kwargs, "env": self._environment})

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401  as the base has it
        """Launch the process as the base class does, with streams that lead nowhere near the grader's."""
        self.drain = Drain()
        try:
            return await super().launch_kernel(cmd, **{**kwargs, **self.drain.streams()})
        finally:
            self.drain.close_ours()
