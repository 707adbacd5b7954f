"""Run the setup of an exercise, as its cell does in a notebook."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from quizlib.errors import SpecError
from quizlib.evidence.failures import CAUGHT
from quizlib.evidence.given import fingerprint

COMMAND = (sys.executable, "-I", "-m", "quizlib.authoring.setup_child")


def run_setup(source: str, item: str) -> dict[str, Any]:
    """Return the names that a setup leaves in a fresh namespace.

    Raises:
        SpecError: it fails.

    >>> run_setup("x = 3", "an-exercise")["x"]
    3
    """
    return _executed(source, item, ast.stmt)


def import_libraries(source: str, item: str) -> None:
    """Import what a setup imports, and run nothing else of it.

    Raises:
        SpecError: an import fails.

    >>> import_libraries("import json; raise SystemExit", "an-exercise")
    """
    _executed(source, item, ast.Import, ast.ImportFrom)


def _executed(source: str, item: str, *kinds: type[ast.stmt]) -> dict[str, Any]:
    """Execute the statements of a setup that are of some kinds in a fresh namespace, and return that."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with silenced():
        try:
            statements = [one for one in ast.parse(source).body if isinstance(one, kinds)]
            exec(compile(ast.Module(statements, []), f"<setup of {item}>", "exec"), namespace)
        except CAUGHT as error:
            raise SpecError(f"the setup of {item} fails: {type(error).__name__}: {error}") from error
    return namespace


@lru_cache(maxsize=64)
def given_by(source: str, item: str, names: tuple[str, ...], *, apart: bool) -> dict[str, str]:
    """Return the fingerprints of variables of a setup, by name.

    Args:
        source: The setup.
        item: Id of its exercise.
        names: The variables.
        apart: Whether the setup is run in a process of its own, so that this one can still be forked.

    Raises:
        SpecError: the setup fails, or leaves no such variable.

    >>> list(given_by("x = 3", "an-exercise", ("x",), apart=False))
    ['x']
    """
    if not names:
        return {}
    return _fingerprints_apart(source, item, names) if apart else fingerprints(source, item, names)


def fingerprints(source: str, item: str, names: tuple[str, ...]) -> dict[str, str]:
    """Return the fingerprints of variables of a setup, run here.

    Raises:
        SpecError: the setup fails, or leaves no such variable.
    """
    namespace = run_setup(source, item)
    missing = [name for name in names if name not in namespace]
    if missing:
        raise SpecError(f"{item} is to keep {', '.join(missing)}, which its setup does not make.")
    return {name: fingerprint(namespace[name]) for name in names}


def _fingerprints_apart(source: str, item: str, names: tuple[str, ...]) -> dict[str, str]:
    asked = json.dumps([source, item, names])
    child = subprocess.run(COMMAND, input=asked, capture_output=True, text=True, encoding="utf-8", check=False)
    try:
        answer = json.loads(child.stdout)
    except ValueError as error:
        last = (child.stderr.strip().splitlines() or [f"exit status {child.returncode}"])[-1]
        raise SpecError(f"the setup of {item} ends its process: {last}") from error
    if "error" in answer:
        raise SpecError(answer["error"])
    given: dict[str, str] = answer["given"]
    return given


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Keep what course code prints and warns out of the caller's terminal."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
