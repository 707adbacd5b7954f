"""Whether this Python, its temporary folder and the programs beside it are those that the course needs."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence

from packaging.specifiers import SpecifierSet

from quizlib.environment.extras import DISTRIBUTION
from quizlib.environment.finding import Finding


def python_version(version: str) -> Finding:
    """Say whether a version of Python is one the course runs on.

    >>> python_version("3.9.1").state
    'wrong'
    """
    try:
        wanted = importlib.metadata.metadata(DISTRIBUTION)["Requires-Python"]
    except importlib.metadata.PackageNotFoundError:
        return Finding("Python", f"{version}; {DISTRIBUTION} is not installed", "wrong", f"pip install {DISTRIBUTION}")
    if SpecifierSet(wanted).contains(version, prereleases=True):
        return Finding("Python", version, "ok")
    return Finding("Python", f"{version}; expected {wanted}", "wrong", "python3.11 -m venv .venv")


def temporary_folder() -> Finding:
    """Say whether temporary files can be written, which converters of models need."""
    folder = tempfile.gettempdir()
    try:
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"x")
    except OSError as error:
        mend = "free some space there, or set TMPDIR to a folder that can be written"
        return Finding("temporary files", f"{folder}: {error.strerror}", "wrong", mend)
    return Finding("temporary files", folder, "ok")


CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


def programs() -> Iterator[Finding]:
    """Yield programs that only some tasks need."""
    is_linux = sys.platform == "linux"
    sandbox = "sudo apt-get install bubblewrap" if is_linux else "grade in a Linux container"
    browser = "sudo apt-get install chromium" if is_linux else "install Chromium or Chrome"
    yield _program("bubblewrap", ("bwrap",), "secure grading, which is to come, needs it", sandbox)
    yield _program("Chromium", CHROMIUM, "the browser tests need it", browser)


def _program(name: str, commands: Sequence[str], purpose: str, mend: str) -> Finding:
    path = next(filter(None, map(shutil.which, commands)), None)
    if path is None:
        return Finding(name, f"not found; only {purpose}", "optional", mend)
    return Finding(name, path, "ok")
