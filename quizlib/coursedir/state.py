"""`course.json`: which releases of a course were given out, since when, and which keys were corrected since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quizlib.coursedir.versioned import VersionedFile
from quizlib.errors import GradingError

NAME = "course.json"
FILE = VersionedFile(NAME, 1, "restore it from a copy")


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
    return FILE.read(root, _state)


def _state(found: dict[str, Any]) -> State:
    current, releases = found["current"], found["releases"]
    if not isinstance(current, str) or not isinstance(releases, list):
        raise TypeError("expected a release, and a list of them")
    since, corrected = _texts(found.get("since", {})), _texts(found.get("corrected", {}))
    if any(datetime.fromisoformat(when).tzinfo is None for when in since.values()):
        raise ValueError("expected times with their zone")
    return State(current, tuple(dict.fromkeys([*map(str, releases), current])), since, corrected)


def _texts(table: dict[str, str]) -> dict[str, str]:
    return {str(name): str(value) for name, value in table.items()}


def write_release(root: Path, release: str) -> None:
    """Note that `release` is the one given out from now on."""
    before = read_state(root) or State(release, ())
    releases = tuple(dict.fromkeys([*before.releases, release]))
    since = {release: datetime.now(UTC).isoformat(timespec="seconds"), **before.since}
    FILE.write(root, asdict(replace(before, current=release, releases=releases, since=since)))


def correct_keys(root: Path, items: Iterable[str]) -> None:
    """Note that the current release has corrected the keys of `items`: all work is judged by them from now on.

    Raises:
        GradingError: nothing has been released.
    """
    before = read_state(root)
    if before is None:
        raise GradingError(f"{root} has no release yet; run again: quizlib course {root}")
    corrected = {**before.corrected, **dict.fromkeys(items, before.current)}
    FILE.write(root, asdict(replace(before, corrected=corrected)))
