"""Which Python Jupyter starts for a notebook."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from quizlib.environment.extras import is_there
from quizlib.environment.finding import Finding

NAME = "python3"
"""The kernel that the notebooks of the course ask for."""

AT_MOST_SECONDS = 30


def kernel() -> Iterator[Finding]:
    """Yield whether the kernel of the notebooks is this Python; nothing where Jupyter or its kernel is missing."""
    if not (is_there("jupyter_client") and is_there("ipykernel")):
        return
    from jupyter_client.kernelspec import KernelSpecManager

    spec = KernelSpecManager().get_kernel_spec(NAME)
    yield kernel_of(spec.argv[0], Path(spec.resource_dir))


def kernel_of(program: str, described_in: Path) -> Finding:
    """Say whether a kernel is this Python.

    Args:
        program: The program that Jupyter starts for it.
        described_in: The folder of its kernel.json.
    """
    if program in _FOR_THIS_PYTHON or _prefix(program) == sys.prefix:
        return Finding("kernel", "Jupyter starts this Python", "ok")
    where = "--sys-prefix" if described_in.is_relative_to(sys.prefix) else "--user"
    mend = f"{shlex.quote(sys.executable)} -m ipykernel install {where}"
    return Finding("kernel", f"Jupyter starts {program}; expected {sys.executable}", "wrong", mend)


_FOR_THIS_PYTHON = ("python", f"python{sys.version_info[0]}", f"python{sys.version_info[0]}.{sys.version_info[1]}")
"""Programs in place of which Jupyter starts the Python that it runs in itself."""


def _prefix(program: str) -> str:
    """Return the environment that a Python belongs to, "" if it does not start."""
    command = [program, "-c", "import sys; print(sys.prefix)"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=AT_MOST_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
