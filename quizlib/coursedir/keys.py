"""What is kept of a release to judge it by, in `keys/<release>`: for the judge alone, and never changed again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from quizlib.atomic import replace_text
from quizlib.errors import GradingError

LISTING = "lessons.json"


@dataclass(frozen=True)
class KeptLesson:
    """A lesson of a class release: the hash of all that goes into it, and the release id its notebook carries."""

    id: str
    release: str


@dataclass(frozen=True)
class KeptRelease:
    """The folder of one release's keys."""

    folder: Path

    def sheets(self, lesson: str) -> Path:
        """Return the folder of a lesson's items with their keys."""
        return self.folder / "sheets" / lesson

    @property
    def solutions(self) -> Path:
        """The files that the lessons are written in, as far as they judge."""
        return self.folder / "solutions"

    def has_key(self, lesson: str, item: str) -> bool:
        """Say whether an item was there in this release."""
        return (self.sheets(lesson) / f"{item}.json").is_file()

    def key_digest(self, lesson: str, item: str) -> str:
        """Return a hash of all that decides the points of an item: its sheet, and of an exercise the files of its spec.

        Known mistakes do not count, by which it is named what went wrong.

        Raises:
            GradingError: a file cannot be read.
        """
        return _key_digest(self, lesson, item)

    def notebook(self, lesson: str) -> Path:
        """Return the instructor's notebook of a lesson, as it was written into `source`."""
        return self.folder / "source" / f"{lesson}.ipynb"

    def lessons(self) -> dict[str, KeptLesson]:
        """Return the lessons of the release by id; none, where no such release is kept.

        Raises:
            GradingError: the list of lessons is damaged.
        """
        path = self.folder / LISTING
        if not path.is_file():
            return {}
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return {lesson: KeptLesson(known["id"], known["release"]) for lesson, known in found.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise GradingError(f"{path} is not what `quizlib course` writes; restore it from a copy.") from error

    def write_lessons(self, lessons: dict[str, KeptLesson]) -> None:
        """Write the list of lessons."""
        listed = {lesson: {"id": known.id, "release": known.release} for lesson, known in lessons.items()}
        replace_text(self.folder / LISTING, json.dumps(listed, indent=1) + "\n")


@lru_cache(maxsize=4096)
def _key_digest(kept: KeptRelease, lesson: str, item: str) -> str:
    folder, sheet = kept.solutions / "exercises", kept.sheets(lesson) / f"{item}.json"
    written = [folder / lesson / item / "spec.py", *sorted((folder / lesson).glob("*.py"))]
    written += sorted((kept.solutions / "facts").rglob("*.py"))
    try:
        found = json.loads(sheet.read_text(encoding="utf-8"))
        texts = [json.dumps(found.get("exercise") or [found["question"], found["key"]], sort_keys=True)]
        if "exercise" in found:
            texts += [path.read_text(encoding="utf-8") for path in written if path.is_file()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GradingError(f"{sheet} is not what `quizlib course` writes; restore it from a copy.") from error
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
