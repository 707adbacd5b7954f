"""Everything that `quizlib doctor` looks at, in the order in which it tells it."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path

from quizlib.environment.finding import Finding
from quizlib.environment.imports import imports
from quizlib.environment.kernel import kernel
from quizlib.environment.libraries import libraries, torch_build
from quizlib.environment.notebooks import notebook_data, shadows
from quizlib.environment.system import programs, python_version, temporary_folder
from quizlib.environment.weights import weights
from quizlib.errors import ArgumentError


def examine(folder: Path, announce: Callable[[str], None]) -> list[Finding]:
    """Return the findings on this Python, its libraries, `folder` and the system.

    Args:
        folder: Where notebooks are started; the folders of lessons in it are looked into, too.
        announce: Told what is being done.

    Raises:
        ArgumentError: there is no such folder, or it cannot be read.
    """
    try:
        any(folder.iterdir())
    except OSError as error:
        problem = f"{folder} cannot be looked into ({error.strerror}); give the folder where you start notebooks."
        raise ArgumentError(problem) from error
    return [
        python_version(platform.python_version()),
        *libraries(),
        *torch_build(),
        *imports(announce),
        *kernel(),
        *shadows(folder),
        *notebook_data(folder),
        *weights(),
        temporary_folder(),
        *programs(),
    ]
