"""Derive the notebooks and items of a checkout, and say which of the files there are not what is derived now."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from quizlib.evidence.places import LISTING
from quizlib.release.lesson_release import LessonRelease
from quizlib.release.readme import README, derive_table
from quizlib.release.same import is_same_text, same_sheet

PLACES = ("solutions/notebooks", "notebooks")
"""Folders of a checkout that hold derived files only: the instructor's notebooks, and the self-study release."""

SENTENCES = {
    "stale": "{path} is not what the course derives now; run `quizlib release`.",
    "missing": "{path} is missing; run `quizlib release`.",
    "superfluous": "{path} is derived from nothing; run `quizlib release`, which deletes it.",
}


@dataclass(frozen=True)
class Change:
    """A derived file that is not as it should be; `path` is relative to the checkout."""

    path: Path
    what: Literal["stale", "missing", "superfluous"]

    def __str__(self) -> str:
        """Return a sentence."""
        return SENTENCES[self.what].format(path=self.path.as_posix())


def derive(lessons: Sequence[LessonRelease], into: Path) -> None:
    """Write what is derived of each of `lessons` below `into`, which stands for the checkout."""
    for made in lessons:
        made.write_instructor(into / PLACES[0] / made.lesson.id, "self-study", made.id)
        made.write_learner(into / PLACES[1] / made.lesson.id, "self-study", made.id)


def changes(fresh: Path, checkout: Path, lessons: Sequence[LessonRelease] | None = None) -> list[Change]:
    """Return how the derived files of `checkout` differ from those derived into `fresh`.

    Numbers in items may differ in their last digits, since processors round sums differently; see `same_sheet`.
    Given `lessons`, only their folders are looked at; else every file in the folders of derived files.
    """
    folders = [Path(place) for place in PLACES]
    if lessons is not None:
        folders = [folder / made.lesson.id for folder in folders for made in lessons]
    found: list[Change] = []
    for folder in folders:
        wanted, there = set(_files(fresh, folder)), set(_files(checkout, folder))
        found += [Change(path, "missing") for path in wanted - there]
        found += [Change(path, "superfluous") for path in there - wanted]
        found += [Change(path, "stale") for path in wanted & there if not _is_same(fresh / path, checkout / path)]
    if (fresh / README).is_file() and not is_same_text(fresh / README, checkout / README):
        found.append(Change(Path(README), "stale"))
    return sorted(found, key=lambda change: change.path)


def _files(root: Path, folder: Path) -> Iterator[Path]:
    return (path.relative_to(root) for path in (root / folder).rglob("*") if path.is_file())


def _is_same(fresh: Path, existing: Path) -> bool:
    is_sheet = fresh.parent.name == "items" and fresh.name != LISTING
    return same_sheet(fresh, existing) if is_sheet else is_same_text(fresh, existing)


def update(lessons: Sequence[LessonRelease], checkout: Path, *, all_lessons: bool) -> list[Change]:
    """Bring the derived files of `checkout` up to date and return what was changed.

    A file that differs only as `changes` permits is left alone, so that another machine makes no new version of it.
    With `all_lessons`, the table of lessons in the README is, too, and what derives from no lesson is deleted.
    """
    with tempfile.TemporaryDirectory() as made:
        fresh = Path(made)
        derive(lessons, fresh)
        if all_lessons:
            derive_table([made.lesson for made in lessons], checkout, fresh)
        found = changes(fresh, checkout, None if all_lessons else lessons)
        for path in _with_their_halves(found, fresh):
            (checkout / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(fresh / path, checkout / path)
    for change in found:
        if change.what == "superfluous":
            _delete(checkout / change.path)
    return found


def _with_their_halves(found: Sequence[Change], fresh: Path) -> list[Path]:
    """Return the files to write; a sheet's JSON and arrays go together, since one names the parts of the other."""
    paths = [change.path for change in found if change.what != "superfluous"]
    halves = [path.with_suffix(suffix) for path in paths for suffix in (".json", ".safetensors") if _in_items(path)]
    return sorted({*paths, *(path for path in halves if (fresh / path).is_file())})


def _in_items(path: Path) -> bool:
    return path.parent.name == "items"


def _delete(path: Path) -> None:
    """Delete a file, and the folders that this leaves empty."""
    path.unlink()
    for folder in (path.parent, path.parent.parent):
        if not any(folder.iterdir()):
            folder.rmdir()
