"""What a notebook says of itself in its import cell: lesson, flavour, release; and where it lies."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizlib.errors import NotBegunError
from quizlib.items.released import Flavour


@dataclass(frozen=True)
class Session:
    """The lesson of this kernel, its flavour, the id of its release, and the notebook's folder."""

    lesson: str
    flavour: Flavour
    release: str
    folder: Path


_sessions: list[Session] = []


def start(session: Session) -> None:
    """Make `session` the one that `check` and `hint` serve from now on."""
    _sessions[:] = [session]


def current() -> Session:
    """Return the session of this kernel.

    Raises:
        NotBegunError: the import cell has not been run.
    """
    if not _sessions:
        raise NotBegunError(
            "run the import cell at the top of the notebook first, the one with quizlib.begin(...); "
            "it says which lesson this is."
        )
    return _sessions[0]


def notebook_folder() -> Path:
    """Return the folder of the running notebook, as well as a kernel can know it.

    A kernel starts in its notebook's folder in JupyterLab and Notebook 7, and it may be elsewhere in VS Code,
    which names the file; asked once, at `begin`, so that a later change of directory does no harm.
    """
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    names: dict[str, Any] = {} if shell is None else shell.user_ns
    file = names.get("__vsc_ipynb_file__")
    return Path(file).parent if isinstance(file, str | os.PathLike) else Path.cwd()
