"""A course's secret, from which private probes are drawn; it stays in the course directory."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from quizlib.errors import GradingError

NAME = "secret"
SIZE_BYTES = 32


def make_secret(root: Path) -> None:
    """Draw the secret of a new course, for its owner's eyes only; one that is there stays as it is."""
    try:
        descriptor = os.open(root / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(SIZE_BYTES) + "\n")


def read_secret(root: Path) -> bytes:
    """Return the secret of a course.

    Raises:
        GradingError: it is missing or damaged; another one would give other marks.
    """
    path = root / NAME
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise GradingError(f"{path} cannot be read as hex ({error}); restore it.") from error
