"""The grader's end of the judge: one process a course, kept for the whole batch, started again when it dies."""

from __future__ import annotations

import atexit
from collections.abc import Mapping, Sequence
from pathlib import Path

from quizlib.coursedir.course import Course
from quizlib.errors import GradingError
from quizlib.grading.child import Child, ChildError, Reply, Request
from quizlib.judging.verdict import Verdict

TIMEOUT_SECONDS = 300.0
"""How long one request may take: the first one imports libraries and computes reference results."""


class JudgeProcess:
    """Asks the judge of one course; a judge that died is asked once more in a new process."""

    def __init__(self, root: Path, timeout: float = TIMEOUT_SECONDS) -> None:
        self._child = Child("quizlib.grading.judge_worker", [str(root)], timeout)

    def prepare(self, release: str, lesson: str, items: Sequence[str], folder: Path) -> None:
        """Write the probes of `items`, inputs only, into `folder`."""
        self._ask({"do": "prepare", **_about(release, lesson, folder), "items": list(items)})

    def judge(
        self, release: str, lesson: str, items: Mapping[str, tuple[str, str] | None], folder: Path
    ) -> dict[str, Verdict]:
        """Return the verdict by item, on the evidence in `folder`.

        Args:
            release: Id of the release that the submission came from.
            lesson: Id of the lesson.
            items: For each item None, or where it left no evidence its status and why.
            folder: Where the evidence lies; nothing writes to it any more.
        """
        entries = [
            {"id": item} if fate is None else {"id": item, "status": fate[0], "summary": fate[1]}
            for item, fate in items.items()
        ]
        reply = self._ask({"do": "judge", **_about(release, lesson, folder), "items": entries})
        return {verdict.item: verdict for verdict in map(Verdict.model_validate, reply["verdicts"])}

    def _ask(self, request: Request) -> Reply:
        try:
            return self._child.ask(request)
        except ChildError:
            self.stop()
        try:
            return self._child.ask(request)
        except ChildError as error:
            self.stop()
            raise GradingError(f"the judge failed twice: {error}") from error

    @property
    def pid(self) -> int | None:
        """Process id of the judge, while it runs."""
        return self._child.pid

    def stop(self) -> None:
        """End the judge."""
        self._child.stop()


def _about(release: str, lesson: str, folder: Path) -> Request:
    return {"release": release, "lesson": lesson, "folder": str(folder)}


_judges: dict[Path, tuple[str, JudgeProcess]] = {}


def judge_of(root: Path) -> JudgeProcess:
    """Return this process's judge of the course in `root`; a new release gets a new one."""
    release = Course(root).current_release
    known, judge = _judges.get(root, ("", None))
    if judge is None or known != release:
        if judge is not None:
            judge.stop()
        judge = JudgeProcess(root)
        atexit.register(judge.stop)
        _judges[root] = (release, judge)
    return judge
