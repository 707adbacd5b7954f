"""The notebooks of the course in a folder: what could be imported instead of a library, and where their items are."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from quizlib.environment.extras import LEARNERS, module_of, requirements
from quizlib.environment.finding import Finding

HARMLESS = frozenset({"__main__", "antigravity", "idlelib", "test", "this", "turtledemo", *sys.builtin_module_names})
"""Names in the standard library that nobody imports, or that Python takes from itself before it looks for files."""

_BEGIN = re.compile(r"""begin\(\s*['"](?P<lesson>[0-9]{2}[a-z]?-[a-z0-9-]+)['"]""")


def shadows(folder: Path) -> Iterator[Finding]:
    """Yield the files and folders that a notebook would import instead of a library of the same name.

    They are looked for in `folder` itself and in the folders of lessons in it, since a notebook's own folder is the
    first place where it looks for what it imports.
    """
    places = [folder, *sorted({notebook.parent for notebook in notebooks(folder)} - {folder})]
    names = _needed() | (sys.stdlib_module_names - HARMLESS)
    entries = (path for place in places for path in sorted(place.iterdir()))
    found = [path for path in entries if path.name.removesuffix(".py") in names and _is_shadow(path)]
    for path in found:
        name, other = (one.relative_to(folder).as_posix() for one in (path, path.with_name(f"my_{path.name}")))
        whose = "Python's own module" if path.name.removesuffix(".py") in sys.stdlib_module_names else "the library"
        what = f"the {'folder' if path.is_dir() else 'file'} {name} hides {whose} of that name"
        yield Finding("names", what, "wrong", f"mv {shlex.quote(name)} {shlex.quote(other)}")
    if not found:
        yield Finding("names", "no file here hides a library", "ok")


def _is_shadow(path: Path) -> bool:
    """Say whether Python would import `path`, which is named like a module, instead of that module.

    A folder without `__init__.py` is imported only where the library is missing; the library's own folder, as in
    a checkout, hides nothing.
    """
    if not path.is_dir():
        return path.suffix == ".py"
    if path.suffix or Path(__file__).is_relative_to(path.resolve()):
        return False
    return (path / "__init__.py").is_file() or not _is_installed(path.name)


def _needed() -> set[str]:
    """Return the modules that a learner's notebooks import from libraries."""
    return {module_of(one.name) for extra, one in requirements() if extra in LEARNERS} | {"quizlib"}


def _is_installed(module: str) -> bool:
    """Say whether a module of that name is Python's own or installed as a distribution's."""
    return module in sys.stdlib_module_names or module in importlib.metadata.packages_distributions()


def notebooks(folder: Path) -> dict[Path, str]:
    """Return the notebooks of the course in `folder` and in the folders there, each with its lesson."""
    found = ((path, lesson_of(path)) for pattern in ("*.ipynb", "*/*.ipynb") for path in sorted(folder.glob(pattern)))
    return {path: lesson for path, lesson in found if lesson is not None}


def lesson_of(notebook: Path) -> str | None:
    """Return the lesson that a notebook says it is, None where it is not one of the course."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    found = _BEGIN.search("\n".join(sources))
    return found["lesson"] if found else None


def notebook_data(folder: Path) -> Iterator[Finding]:
    """Yield for each notebook of the course in `folder` whether its items lie beside it, or in the package."""
    for notebook, lesson in notebooks(folder).items():
        yield _data(notebook, lesson)


def _data(notebook: Path, lesson: str) -> Finding:
    from quizlib.learner.find import course_folder

    if (notebook.parent / "items" / "lesson.json").is_file():
        return Finding(notebook.name, "its items lie beside it", "ok")
    if (course_folder() / lesson / "items" / "lesson.json").is_file():
        return Finding(notebook.name, "items come from the package", "ok")
    found = f"no items of {lesson}, neither beside it nor in the package"
    return Finding(notebook.name, found, "wrong", "quizlib learn")
