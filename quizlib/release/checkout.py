"""Where the course is written: in a checkout, never in an installed package."""

from __future__ import annotations

from pathlib import Path

from quizlib.authoring.texts import lesson_ids
from quizlib.errors import SpecError


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
        SpecError: there are no lessons in it.
    """
    folder = given or checkout_folder() / "solutions"
    if not lesson_ids(folder):
        raise SpecError(f"{folder / 'lessons'} holds no lesson; expected files such as 01_overview.py.")
    return folder
