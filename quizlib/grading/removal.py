"""Delete what a kernel may have left: folders nested without end, modes that forbid it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def remove_tree(path: Path) -> None:
    """Delete whatever there is at a path: a folder with all in it, a file or a link; nothing is as good.

    Python's own `rmtree` ends where folders are nested deeper than its stack; `rm` does not.
    What cannot be deleted even so is left.
    """
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(path)
    except (OSError, RecursionError):
        for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            subprocess.run([*command, "--", str(path)], capture_output=True, check=False)
