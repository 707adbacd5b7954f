"""`course.json`: which releases of a course were given out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from quizlib.atomic import replace_text
from quizlib.errors import GradingError

NAME = "course.json"

FORMAT = 1
"""Version of the file; every other is refused."""


@dataclass(frozen=True)
class State:
    """The release that is given out now, and all that ever were, oldest first, the current one among them."""

    current: str
    releases: tuple[str, ...]


def read_state(root: Path) -> State | None:
    """Return the state of a course, or None where nothing has been released yet.

    Raises:
        GradingError: the file is damaged, or of another version.
    """
    path = root / NAME
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        version, current, releases = found["format"], found["current"], found["releases"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    if version != FORMAT:
        raise GradingError(f"{path} has the format {version} of another version of quizlib; expected {FORMAT}.")
    if not isinstance(current, str) or not isinstance(releases, list):
        raise _damaged(path)
    return State(current, tuple(dict.fromkeys([*map(str, releases), current])))


def _damaged(path: Path) -> GradingError:
    return GradingError(f"{path} is not what `quizlib course` writes; restore it from a copy.")


def write_release(root: Path, release: str) -> None:
    """Note that `release` is the one given out from now on."""
    before = read_state(root)
    releases = list(dict.fromkeys([*(before.releases if before else ()), release]))
    state = {"format": FORMAT, "current": release, "releases": releases}
    replace_text(root / NAME, json.dumps(state, indent=1) + "\n")
