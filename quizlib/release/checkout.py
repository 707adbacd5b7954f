"""Where the course is written: in a checkout, never in an installed package."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from quizlib.errors import SpecError

NEEDED = ("jupytext", "nbgrader", "yaml")
"""Libraries of the extra `grading` that releasing needs."""


def checkout_folder() -> Path:
    """Return the checkout that this package runs from.

    Raises:
        SpecError: it is installed elsewhere, and there is no `solutions` folder beside it.
    """
    folder = Path(__file__).parents[2]
    if not (folder / "solutions" / "lessons").is_dir():
        raise SpecError(
            "this command needs the course as it is written: run it in a checkout of the repository, "
            "after `pip install --editable '.[grading]'` there."
        )
    return folder


def solutions_folder(given: Path | None = None) -> Path:
    """Return `given`, or the `solutions` folder of the checkout.

    Raises:
        SpecError: there are no lessons in it, or the libraries that read them are not installed.
    """
    folder = given or checkout_folder() / "solutions"
    if not any((folder / "lessons").glob("[0-9][0-9]_*.py")):
        raise SpecError(f"{folder / 'lessons'} holds no lesson; expected files such as 01_overview.py.")
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SpecError(f"{missing[0]} is not installed; run: pip install --editable '.[grading]'")
    return folder
