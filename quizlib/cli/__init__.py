"""The command `quizlib`: one file a command, each a thin front of the package that does the work."""

from __future__ import annotations

from quizlib.cli import course, demo, doctor, facts, grade, learn, release, verify  # noqa: F401  importing a command registers it
from quizlib.cli.app import app

__all__ = ["app"]
