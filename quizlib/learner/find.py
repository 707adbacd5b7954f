"""Find the data of an item: beside the notebook, else in the package."""

from __future__ import annotations

import difflib
from pathlib import Path

from quizlib.errors import UnknownItemError
from quizlib.items.released import Flavour, QuestionSheet, Sheet, read_sheet

ITEMS = "items"
"""Name of the folder beside a notebook that holds its items."""


def course_folder() -> Path:
    """Return the folder of self-study lessons: inside the installed package, else of the checkout."""
    package = Path(__file__).parents[1]
    inside = package / "course"
    return inside if inside.is_dir() else package.parent / "notebooks"


def find_sheet(item: str, flavour: Flavour) -> Sheet:
    """Return the sheet of `item`: from `items/` beside the notebook, else from the package.

    In the class flavour a question never gets a key, wherever its data was found.

    Raises:
        UnknownItemError: no item has this id; the message names ids that are close.
    """
    folder = next((folder for folder in _folders() if (folder / f"{item}.json").is_file()), None)
    if folder is None:
        raise UnknownItemError(_unknown(item))
    sheet = read_sheet(folder, item)
    if flavour == "class" and isinstance(sheet, QuestionSheet):
        return QuestionSheet(sheet.question)
    return sheet


def _folders() -> list[Path]:
    lessons = sorted(course_folder().glob("*/")) if course_folder().is_dir() else []
    return [Path.cwd() / ITEMS, *(lesson / ITEMS for lesson in lessons)]


def _unknown(item: str) -> str:
    known = sorted({path.stem for folder in _folders() for path in folder.glob("*.json") if path.stem != "lesson"})
    close = difflib.get_close_matches(str(item), known, n=3)
    hint = f"did you mean {' or '.join(map(repr, close))}?" if close else f"this course has {len(known)} items."
    return f"no question or exercise is called {item!r}; {hint}"
