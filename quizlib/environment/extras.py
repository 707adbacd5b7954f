"""What the package requires, by extra, and the command that installs an extra."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re

from packaging.requirements import Requirement

DISTRIBUTION = "model-optimization-course"
INSTALL = f"pip install '{DISTRIBUTION}[{{extra}}]'"

EXTRAS = ("", "course", "grading", "test")
"""Extras from the least to the most; the empty one is the package itself."""

LEARNERS = EXTRAS[:2]
"""Extras that a learner needs."""

MODULES = {
    "beautifulsoup4": "bs4",
    "markdown-it-py": "markdown_it",
    "pytest-xdist": "xdist",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}
"""Import names that are not the distribution's own."""


def requirements() -> list[tuple[str, Requirement]]:
    """Return what the package requires, each once, with the first extra in `EXTRAS` that has it."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    named = [(_extra(one), one) for one in map(Requirement, lines) if one.name != DISTRIBUTION]
    first: dict[str, tuple[str, Requirement]] = {}
    for extra, one in sorted((pair for pair in named if pair[0] in EXTRAS), key=lambda pair: EXTRAS.index(pair[0])):
        first.setdefault(one.name, (extra, one))
    return list(first.values())


def _extra(wanted: Requirement) -> str:
    found = re.search(r"extra == ['\"](\w+)['\"]", str(wanted.marker))
    return found[1] if found else ""


def module_of(distribution: str) -> str:
    """Return the name under which a distribution is imported.

    >>> module_of("scikit-learn"), module_of("markdown-it-py")
    ('sklearn', 'markdown_it')
    """
    return MODULES.get(distribution.lower(), distribution.lower().replace("-", "_"))


def missing_extra(module: str, needed: str = "") -> str | None:
    """Return the extra that brings a module which is not installed.

    Args:
        module: Name of the module that was to be imported, such as "nbgrader.api".
        needed: Extra that is needed in any case.

    Returns:
        The larger one of `needed` and the first extra that has the module; None where none has it, or where it is
        installed and only a part of it is missing.
    """
    top = module.partition(".")[0]
    found = next((extra for extra, one in requirements() if module_of(one.name) == top), None)
    if found is None or is_there(top):
        return None
    return max(found, needed, key=EXTRAS.index)


def is_there(module: str) -> bool:
    """Say whether a module of that name can be found; it is not imported."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):  # a finder refuses it, or something half made stands in its place
        return False
