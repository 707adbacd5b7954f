"""An instructor's course directory: where everything lies, and which release a submission came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from quizlib.errors import GradingError


@dataclass(frozen=True)
class Course:
    """A directory made by `quizlib course DIR`.

    Raises:
        GradingError: the directory is none, or a part of it is missing.
    """

    root: Path

    @classmethod
    def at(cls, folder: Path) -> Course:
        """Return the course in `folder`, once it is seen to be one."""
        root = folder.resolve()
        if not (root / "course.json").is_file() or not (root / "nbgrader_config.py").is_file():
            raise GradingError(f"{folder} is not a course directory; make one with: quizlib course {folder}")
        course = cls(root)
        course.current_release  # noqa: B018  a broken course.json should be said now, not in the middle of a class
        return course

    @cached_property
    def _description(self) -> dict[str, Any]:
        try:
            found = json.loads((self.root / "course.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise GradingError(f"{self.root / 'course.json'} cannot be read ({error}); restore it.") from error
        if not isinstance(found, dict) or not isinstance(found.get("current"), str):
            raise GradingError(f"{self.root / 'course.json'} names no current release; restore it from a copy.")
        return found

    @property
    def current_release(self) -> str:
        """Id of the release that is given out now."""
        return str(self._description["current"])

    @property
    def releases(self) -> tuple[str, ...]:
        """Ids of all releases that were ever given out, the current one among them."""
        listed = self._description.get("releases")
        return tuple(dict.fromkeys([*map(str, listed or ()), self.current_release]))

    def release_of(self, claimed: str | None) -> str:
        """Return the release that a submission says it came from, or the current one if it never existed."""
        return claimed if claimed in self.releases else self.current_release

    @cached_property
    def secret(self) -> bytes:
        """The course's secret, from which private probes are drawn."""
        try:
            return bytes.fromhex((self.root / "secret").read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise GradingError(f"{self.root / 'secret'} cannot be read as hex ({error}); restore it.") from error

    @property
    def lessons(self) -> list[str]:
        """Ids of the lessons that have been released."""
        return sorted(path.name for path in (self.root / "release").glob("*") if any(path.glob("*.ipynb")))

    def keys(self, release: str) -> Path:
        """Return the folder of a release's keys."""
        return self.root / "keys" / release

    def released_notebooks(self, lesson: str) -> list[Path]:
        """Return the notebooks that learners were given for a lesson."""
        return sorted((self.root / "release" / lesson).glob("*.ipynb"))

    def submission(self, student: str, lesson: str) -> Path:
        """Return the folder that a student handed in."""
        return self.root / "submitted" / student / lesson

    def autograded(self, student: str, lesson: str) -> Path:
        """Return the folder where nbgrader keeps the graded copy."""
        return self.root / "autograded" / student / lesson

    def feedback(self, student: str, lesson: str) -> Path:
        """Return the folder of a student's feedback."""
        return self.root / "feedback" / student / lesson

    def verdicts(self, student: str, lesson: str) -> Path:
        """Return the file of a student's verdicts."""
        return self.root / "verdicts" / student / f"{lesson}.json"

    def students(self, lesson: str) -> list[str]:
        """Return the students who handed something in for a lesson."""
        return sorted(path.parent.name for path in (self.root / "submitted").glob(f"*/{lesson}") if path.is_dir())
