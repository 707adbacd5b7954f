"""Find the data of an item: beside the notebook, else in the package."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from quizlib.errors import ArgumentError, UnknownItemError
from quizlib.evidence.places import ITEMS, LISTING
from quizlib.items.listing import read_listing
from quizlib.items.released import Sheet, read_sheet, without_key
from quizlib.learner.session import Session


def course_folder() -> Path:
    """Return the folder of self-study lessons: inside the installed package, else of the checkout."""
    package = Path(__file__).parents[1]
    inside = package / "course"
    return inside if inside.is_dir() else package.parent / "notebooks"


def find_sheet(item: str, session: Session) -> Sheet:
    """Return the sheet of `item`: from `items/` beside the notebook, else from the package.

    In the class flavour no item gets a key, wherever its data was found.

    Raises:
        ArgumentError: `item` is not text.
        UnknownItemError: no item has this id; the message names ids that are close.
    """
    if not isinstance(item, str):
        raise ArgumentError(
            f"the id of a question or exercise comes first, in quotes, such as check('why-quantize', why_quantize);"
            f" found {type(item).__name__} {getattr(item, '__name__', '')}".rstrip()
            + "."
        )
    folders = _folders(session)
    folder = next((folder for folder in folders if _is_item(item) and (folder / f"{item}.json").is_file()), None)
    if folder is None:
        raise UnknownItemError(_unknown(item, folders, session.lesson))
    sheet = read_sheet(folder, item)
    return without_key(sheet) if session.flavour == "class" else sheet


def _is_item(item: str) -> bool:
    return f"{item}.json" != LISTING and re.fullmatch(r"[a-z0-9-]+", item) is not None


def _folders(session: Session) -> list[Path]:
    """Return where items are looked for: beside the notebook, its lesson in the package, then all others."""
    course = course_folder()
    lessons = sorted(path for path in course.glob("*") if path.is_dir())
    lessons.sort(key=lambda path: path.name != session.lesson)
    return [session.folder / ITEMS, *(lesson / ITEMS for lesson in lessons)]


def _unknown(item: str, folders: list[Path], lesson: str) -> str:
    own = _ids([folders[0], *(folder for folder in folders if folder.parent.name == lesson)])
    known = _ids(folders)
    meant = item.lower().replace("_", "-")
    close = difflib.get_close_matches(meant, own, n=3) or difflib.get_close_matches(meant, known, n=3)
    where = "" if folders[0].is_dir() else f" The folder {ITEMS!r} is not beside this notebook: put the two together."
    if close:
        return f"no question or exercise is called {item!r}; did you mean {' or '.join(map(repr, close))}?{where}"
    return f"no question or exercise is called {item!r}; {len(known)} are known here.{where}"


def _ids(folders: list[Path]) -> list[str]:
    return sorted({path.stem for folder in folders for path in folder.glob("*.json") if path.name != LISTING})


def figure_texts(session: Session) -> dict[str, str]:
    """Return the alternative texts of the lesson's figures by id; none where the lesson's data is not found."""
    for folder in (session.folder / ITEMS, course_folder() / session.lesson / ITEMS):
        listed = read_listing(folder)
        texts = listed.get("figures")
        if listed.get("lesson") == session.lesson and isinstance(texts, dict):
            return {str(name): str(text) for name, text in texts.items()}
    return {}


def other_release(session: Session) -> str | None:
    """Return the release that the data came with, where it is not the notebook's own; else None.

    The package holds self-study releases only, so that a class notebook is compared with what lies beside it.
    """
    folders = [session.folder / ITEMS]
    if session.flavour == "self-study":
        folders.append(course_folder() / session.lesson / ITEMS)
    described = next((folder for folder in folders if (folder / LISTING).is_file()), folders[0])
    release = str(read_listing(described).get("release", ""))
    return release if release and session.release and release != session.release else None
