"""The command `quizlib`: one file a command, each a thin front of the package that does the work."""

from __future__ import annotations

from quizlib.cli.app import app

# isort: off
# Importing a command registers it; they stand in this order in `quizlib --help`.
from quizlib.cli import learn, models, doctor, course, grade, regrade, demo, facts, verify, release  # noqa: F401  each registers its command

__all__ = ["app"]
