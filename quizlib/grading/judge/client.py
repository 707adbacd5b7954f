"""The grader's end of the judge: one process a course, kept for the whole batch, started again when it dies."""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from quizlib.coursedir.course import Course
from quizlib.coursedir.state import State
from quizlib.errors import ChildError, InfrastructureError
from quizlib.grading.fate import Fate
from quizlib.grading.kept import KeptItem
from quizlib.grading.processes.child import Child
from quizlib.grading.processes.messages import Judged, JudgedKept, JudgeItems, JudgeKept, Prepared, PrepareProbes
from quizlib.items.base import Model
from quizlib.judging.verdict import Verdict, our_fault

Reply = TypeVar("Reply", bound=Model)
T = TypeVar("T")

SERVER = "quizlib.grading.judge.server"

TIMEOUT_SECONDS = 300.0
"""How long one request may take: the first one imports libraries and computes reference results."""


class JudgeClient:
    """Asks the judge of one course; a judge that died is asked once more in a new process."""

    def __init__(self, root: Path, timeout: float = TIMEOUT_SECONDS) -> None:
        self._child = Child(SERVER, [str(root)], timeout)
        self._timeout = timeout

    def prepare(self, release: str, lesson: str, code: str, items: Sequence[str], folder: Path) -> dict[str, str]:
        """Write the probes of `items`, inputs only, into `folder`, and return a digest of each.

        Args:
            release: Id of the release that the submission came from.
            lesson: Id of the lesson.
            code: What the submission's code is told by, from which its private probes are drawn.
            items: Ids of the items.
            folder: Where the kernel will find them.

        Raises:
            InfrastructureError: the judge failed twice.
        """
        request = PrepareProbes(release=release, lesson=lesson, code=code, items=tuple(items), folder=folder)
        return self._ask(request, Prepared).probes

    def judge(
        self, release: str, lesson: str, code: str, items: Mapping[str, Fate | None], folder: Path
    ) -> dict[str, Verdict]:
        """Return the verdict by item, on the evidence in `folder`.

        Where the judge dies or hangs on them, each item is asked for alone: the one that it fails on is a fault of
        ours, `infrastructure` and without a score, as nobody can tell there whether an honest answer met a defect of
        the judge or a hostile one was made for it; the next run tries again, and the others keep their points.

        Args:
            release: Id of the release that the submission came from.
            lesson: Id of the lesson.
            code: As for the probes.
            items: For each item None, or where it left no evidence why.
            folder: Where the evidence lies; nothing writes to it any more.
        """
        request = JudgeItems(release=release, lesson=lesson, code=code, items=dict(items), folder=folder)
        try:
            return _by_item(self._child.ask(request, Judged), items)
        except ChildError:
            self.stop()

        def ask(item: str, timeout: float) -> Verdict:
            alone = request.model_copy(update={"items": {item: items[item]}})
            return _by_item(self._child.ask(alone, Judged, timeout=timeout), alone.items)[item]

        return self._each_alone(items, ask, our_fault)

    def judge_kept(self, lesson: str, code: str, items: Mapping[str, KeptItem], folder: Path) -> JudgedKept:
        """Return what the newest keys say of evidence that was kept; an item that the judge fails on is a fault alone.

        Args:
            lesson: Id of the lesson.
            code: As for the probes.
            items: What is kept of each item.
            folder: Where the evidence is kept.
        """
        request = JudgeKept(lesson=lesson, code=code, items=dict(items), folder=folder)
        try:
            return self._child.ask(request, JudgedKept)
        except ChildError:
            self.stop()

        def ask(item: str, timeout: float) -> JudgedKept:
            alone = request.model_copy(update={"items": {item: items[item]}})
            return self._child.ask(alone, JudgedKept, timeout=timeout)

        found = self._each_alone(items, ask, lambda item, why: JudgedKept(faults={item: why})).values()
        return JudgedKept(
            verdicts=tuple(verdict for one in found for verdict in one.verdicts),
            others=tuple(other for one in found for other in one.others),
            faults={item: why for one in found for item, why in one.faults.items()},
        )

    def _each_alone(
        self, items: Iterable[str], ask: Callable[[str, float], T], fault: Callable[[str, str], T]
    ) -> dict[str, T]:
        """Return the answer by item, each asked for alone, or its fault where the judge fails or no time is left."""
        over, found = time.monotonic() + 2 * self._timeout, {}
        for item in items:
            left = over - time.monotonic()
            if left <= 0:
                found[item] = fault(item, "the judge took too long for others of this notebook")
                continue
            try:
                found[item] = ask(item, min(left, self._timeout / 3))
            except ChildError as error:
                self.stop()
                found[item] = fault(item, f"the judge failed twice: {error}")
        return found

    def _ask(self, request: Model, expected: type[Reply]) -> Reply:
        try:
            return self._child.ask(request, expected)
        except ChildError:
            self.stop()
        try:
            return self._child.ask(request, expected)
        except ChildError as error:
            self.stop()
            raise InfrastructureError(f"the judge failed twice: {error}") from error

    @property
    def pid(self) -> int | None:
        """Process id of the judge, while it runs."""
        return self._child.pid

    def stop(self) -> None:
        """End the judge."""
        self._child.stop()


def _by_item(reply: Judged, items: Mapping[str, Fate | None]) -> dict[str, Verdict]:
    """Return the verdicts of a reply by item.

    Raises:
        ChildError: they are not those that were asked for.
    """
    if [verdict.item for verdict in reply.verdicts] != list(items):
        raise ChildError("the judge answered for other items than it was asked about")
    return {verdict.item: verdict for verdict in reply.verdicts}


_judges: dict[Path, tuple[State, JudgeClient]] = {}


def judge_of(root: Path) -> JudgeClient:
    """Return this process's judge of the course in `root`; after a new release or a corrected key it is a new one."""
    state = Course(root).state
    known, judge = _judges.get(root, (None, None))
    if judge is None or known != state:
        if judge is not None:
            judge.stop()
        judge = JudgeClient(root)
        atexit.register(judge.stop)
        _judges[root] = (state, judge)
    return judge
