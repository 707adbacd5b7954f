"""Import the Python files of a course as it is written, each course as a package of its own."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from quizlib.errors import SpecError
from quizlib.zoo.quiet import quiet


def load_module(root: Path, *parts: str) -> ModuleType:
    """Import a file of the course in `root` anew, such as `load_module(solutions, "proofs", "03_quantization")`.

    In `sys.modules` the course is a package called after its path, so that files of the same name in two courses, or
    in the keys of two releases, never meet, and files of one course may import each other relatively.

    Raises:
        SpecError: the file fails on import, or there is none.
    """
    forget_modules(root, *parts)
    quiet()  # torchao and TensorFlow read their settings when they are imported
    with _nothing_stale():
        try:
            module = importlib.import_module(".".join((_package(root), *parts)))
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            raise SpecError(f"{'/'.join(parts)}.py fails on import: {told}") from error
    _name_by_place(_package(root))
    return module


def _name_by_place(package: str) -> None:
    """Name files and classes of a course by their place in it, not by where it lies: evidence tells a class's name."""
    for name in [name for name in sys.modules if name.startswith(f"{package}.")]:
        module = sys.modules[name]
        if not hasattr(module, "__path__"):
            module.__name__ = name.removeprefix(f"{package}.")  # classes that are made from now on are called after it
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__.startswith(f"{package}."):
                value.__module__ = value.__module__.removeprefix(f"{package}.")


def forget_modules(root: Path, *parts: str) -> None:
    """Let a file of a course, or all files of a folder, be imported anew the next time."""
    name = ".".join((_package(root), *parts))
    for known in [known for known in sys.modules if known == name or known.startswith(f"{name}.")]:
        del sys.modules[known]


def _package(root: Path) -> str:
    """Return the name of the package that a course is, made on the first call; its modules are found in `root`."""
    path = str(root.resolve())
    name = f"quizlib_course_{hashlib.sha256(path.encode()).hexdigest()[:12]}"
    package = sys.modules.setdefault(name, ModuleType(name))
    package.__path__ = [path]
    return name


@contextlib.contextmanager
def _nothing_stale() -> Iterator[None]:
    """Find files that were written just now, and write no bytecode, which would hide an edit in the same second."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
