"""An instructor's course directory: where everything lies, and which release a submission came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from quizlib.coursedir.keys import KeptRelease
from quizlib.coursedir.secret import read_secret
from quizlib.coursedir.state import NAME as STATE_NAME
from quizlib.coursedir.state import State, read_state
from quizlib.errors import GradingError

if TYPE_CHECKING:
    from traitlets.config.loader import Config

Step = Literal["source", "release", "submitted", "autograded", "feedback"]
"""nbgrader's steps; each has a folder in the course directory, called after it unless it is configured otherwise."""


@dataclass(frozen=True)
class Course:
    """A directory made by `quizlib course DIR`, by its absolute path; made so, it is not looked at."""

    root: Path

    @classmethod
    def at(cls, folder: Path) -> Course:
        """Return the course in `folder`, once it is seen to be one.

        Raises:
            GradingError: the directory is none, or a part of it is missing.
        """
        from quizlib.coursedir.settings import NAME as SETTINGS_NAME

        root = folder.resolve()
        if not all((root / name).is_file() for name in (STATE_NAME, SETTINGS_NAME)):
            raise GradingError(f"{folder} is not a course directory; make one with: quizlib course {folder}")
        course = cls(root)
        course.current_release  # noqa: B018  a broken course.json should be said now, not in the middle of a class
        return course

    @cached_property
    def state(self) -> State:
        """What `course.json` says: which releases were given out, and which keys were corrected.

        Raises:
            GradingError: nothing has been released, or the file is damaged.
        """
        found = read_state(self.root)
        if found is None:
            raise GradingError(f"{self.root} has no release yet; run again: quizlib course {self.root}")
        return found

    @property
    def current_release(self) -> str:
        """Id of the release that is given out now."""
        return self.state.current

    @property
    def releases(self) -> tuple[str, ...]:
        """Ids of all releases that were ever given out, the current one among them."""
        return self.state.releases

    def release_of(self, claimed: str | None, handed_in: datetime | None = None) -> str:
        """Return the release that a submission came from: the one it claims, if that was out when it was handed in.

        Else it is the current one.
        """
        is_known = claimed in self.releases and self.state.was_out(str(claimed), handed_in)
        return str(claimed) if is_known else self.current_release

    def judging_release(self, claimed: str, lesson: str, item: str) -> str:
        """Return the release by whose key an item of a submission is judged.

        It is the one that the submission came from, unless its key was corrected since, or it had no such item yet.

        Raises:
            GradingError: no key of the item is kept.
        """
        for release in dict.fromkeys((self.state.judging(claimed, item), self.current_release)):
            if self.kept(release).has_key(lesson, item):
                return release
        raise GradingError(f"no key of {item} is kept for release {claimed}; run again: quizlib course {self.root}")

    @cached_property
    def secret(self) -> bytes:
        """The course's secret, from which private probes are drawn."""
        return read_secret(self.root)

    @cached_property
    def config(self) -> Config:
        """The settings of nbgrader here; reading them runs the instructor's `nbgrader_config.py`."""
        from quizlib.coursedir.settings import read_config

        return read_config(self.root)

    @cached_property
    def settings(self) -> Any:  # noqa: ANN401  nbgrader publishes no types
        """Nbgrader's own `CourseDirectory` of this course: `course_id`, `db_url` and the names of its folders."""
        from quizlib.coursedir.settings import nbgraders_directory

        return nbgraders_directory(self.config)

    def place(self, step: Step) -> Path:
        """Return the folder of one of nbgrader's steps."""
        return self.root / str(getattr(self.settings, f"{step}_directory"))

    @property
    def items(self) -> Path:
        """The folder of the instructor's own lessons."""
        return self.root / "items"

    @property
    def replaced(self) -> Path:
        """The folder of notebooks that the instructor had edited and a release has replaced."""
        return self.root / "replaced"

    @property
    def lessons(self) -> list[str]:
        """Ids of the lessons that have been released."""
        return sorted(path.name for path in self.place("release").glob("*") if any(path.glob("*.ipynb")))

    def keys(self, release: str) -> Path:
        """Return the folder of a release's keys."""
        return self.root / "keys" / release

    def kept(self, release: str) -> KeptRelease:
        """Return what is kept of a release to judge it by."""
        return KeptRelease(self.keys(release))

    def source(self, lesson: str) -> Path:
        """Return the folder of a lesson's notebook with solutions."""
        return self.place("source") / lesson

    def released(self, lesson: str) -> Path:
        """Return the folder that learners are given for a lesson."""
        return self.place("release") / lesson

    def released_notebooks(self, lesson: str) -> list[Path]:
        """Return the notebooks that learners were given for a lesson."""
        return sorted(self.released(lesson).glob("*.ipynb"))

    def submission(self, student: str, lesson: str) -> Path:
        """Return the folder that a student handed in."""
        return self.place("submitted") / student / lesson

    def autograded(self, student: str, lesson: str) -> Path:
        """Return the folder where nbgrader keeps the graded copy."""
        return self.place("autograded") / student / lesson

    def feedback(self, student: str, lesson: str) -> Path:
        """Return the folder of a student's feedback."""
        return self.place("feedback") / student / lesson

    def verdicts(self, student: str, lesson: str) -> Path:
        """Return the file of a student's verdicts."""
        return self.root / "verdicts" / student / f"{lesson}.json"

    def evidence(self, student: str, lesson: str, notebook: str) -> Path:
        """Return the folder of the evidence that is kept of a student's notebook."""
        return self.root / "evidence" / student / lesson / notebook

    def students(self, lesson: str) -> list[str]:
        """Return the students who handed something in for a lesson, whatever it is, readable or not."""
        submitted = self.place("submitted")
        folders = submitted.iterdir() if submitted.is_dir() else ()
        return sorted(folder.name for folder in folders if _is_there(folder / lesson))


def _is_there(path: Path) -> bool:
    """Say whether anything lies at a path, a link that leads nowhere too; what cannot be looked at counts as there."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
