"""`course.json`: which releases of a course were given out, since when, and which keys were corrected since."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from quizlib.atomic import replace_text
from quizlib.errors import GradingError

NAME = "course.json"

FORMAT = 1
"""Version of the file; every other is refused."""


@dataclass(frozen=True)
class State:
    """The release that is given out now, and all that ever were, oldest first, the current one among them.

    `since` tells, in ISO 8601, when a release was first given out, as far as it was noted;
    `corrected` by item the release that corrected its key: no earlier one counts for it any more.
    """

    current: str
    releases: tuple[str, ...]
    since: dict[str, str] = field(default_factory=dict)
    corrected: dict[str, str] = field(default_factory=dict)

    def was_out(self, release: str, when: datetime | None) -> bool:
        """Say whether a release had been given out at a time; where that is not known, it had."""
        since = self.since.get(release)
        return when is None or since is None or datetime.fromisoformat(since) <= when

    def judging(self, claimed: str, item: str) -> str:
        """Return the release that judges an item of a submission: the one it claims, or a later one that corrected it.

        >>> State("c", ("a", "b", "c"), corrected={"q": "b"}).judging("a", "q")
        'b'
        """
        corrected = self.corrected.get(item)
        known = [release for release in (claimed, corrected) if release in self.releases]
        return max(known, key=self.releases.index, default=claimed)


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
        since, corrected = _texts(found.get("since", {})), _texts(found.get("corrected", {}))
        for when in since.values():
            datetime.fromisoformat(when)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path) from error
    if version != FORMAT:
        raise GradingError(f"{path} has the format {version} of another version of quizlib; expected {FORMAT}.")
    if not isinstance(current, str) or not isinstance(releases, list):
        raise _damaged(path)
    return State(current, tuple(dict.fromkeys([*map(str, releases), current])), since, corrected)


def _texts(table: dict[str, str]) -> dict[str, str]:
    return {str(name): str(value) for name, value in table.items()}


def _damaged(path: Path) -> GradingError:
    return GradingError(f"{path} is not what `quizlib course` writes; restore it from a copy.")


def write_release(root: Path, release: str) -> None:
    """Note that `release` is the one given out from now on."""
    before = read_state(root) or State(release, ())
    releases = tuple(dict.fromkeys([*before.releases, release]))
    since = {release: datetime.now(UTC).isoformat(timespec="seconds"), **before.since}
    _write(root, replace(before, current=release, releases=releases, since=since))


def correct_keys(root: Path, items: Iterable[str]) -> None:
    """Note that the current release has corrected the keys of `items`: all work is judged by them from now on.

    Raises:
        GradingError: nothing has been released.
    """
    before = read_state(root)
    if before is None:
        raise GradingError(f"{root} has no release yet; run again: quizlib course {root}")
    _write(root, replace(before, corrected={**before.corrected, **dict.fromkeys(items, before.current)}))


def _write(root: Path, state: State) -> None:
    replace_text(root / NAME, json.dumps({"format": FORMAT, **asdict(state)}, indent=1) + "\n")
