"""Workers that grade side by side, and the lock under which they do."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

from filelock import FileLock, Timeout

from quizlib.coursedir.course import Course
from quizlib.errors import GradingError, InfrastructureError
from quizlib.grading.processes.child import Child
from quizlib.items.base import Model

WORKER = "quizlib.grading.batch.worker"
TIMEOUT_SECONDS = 1800.0
"""How long a worker may take for one submission before it is taken to hang; a notebook's own clock is shorter."""

TRIES = 2

Reply = TypeVar("Reply", bound=Model)
Result = TypeVar("Result")


@contextmanager
def alone(course: Course) -> Iterator[None]:
    """Keep every other `quizlib grade` out of a course.

    Raises:
        GradingError: another one is at work in it.
    """
    try:
        with FileLock(course.root / ".grading.lock", timeout=0):
            yield
    except Timeout as error:
        raise GradingError(f"another quizlib grade is at work in {course.root}; wait for it to end.") from error


class Pool:
    """Worker processes of one course, each started at its first request; `pool` makes one.

    Args:
        course: The course directory.
        isolation: What confines the kernels.
        count: How many there are.
    """

    def __init__(self, course: Course, isolation: str, count: int) -> None:
        self._workers = [Child(WORKER, [str(course.root), isolation], TIMEOUT_SECONDS) for _ in range(count)]
        self._idle: queue.SimpleQueue[Child] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def ask(self, request: Model, expected: type[Reply]) -> Reply:
        """Return the reply of the next idle worker; a fault of ours is tried once more in a new process.

        Raises:
            InfrastructureError: it failed each time.
        """
        worker = self._idle.get()
        try:
            return _asked(worker, request, expected, TRIES)
        finally:
            self._idle.put(worker)

    def each(self, do: Callable[[str], Result], students: Sequence[str]) -> Iterator[Result]:
        """Yield what `do` returns for each student as it comes in, as many side by side as there are workers."""
        with ThreadPoolExecutor(max_workers=len(self._workers)) as threads:
            yield from _collected([threads.submit(do, student) for student in students])

    def stop(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.stop()


def _asked(worker: Child, request: Model, expected: type[Reply], tries: int) -> Reply:
    try:
        return worker.ask(request, expected)
    except InfrastructureError:
        worker.stop()
        if tries == 1:
            raise
    return _asked(worker, request, expected, tries - 1)


def _collected(futures: Sequence[Future[Result]]) -> Iterator[Result]:
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        for future in futures:
            future.cancel()
        raise


@contextmanager
def pool(course: Course, isolation: str, workers: int, submissions: int) -> Iterator[Pool]:
    """Yield at most `workers` workers, no more than there are submissions, and end them all afterwards."""
    made = Pool(course, isolation, max(1, min(workers, submissions)))
    try:
        yield made
    finally:
        made.stop()


def looked_through(
    course: Course,
    students: Sequence[str],
    isolation: str,
    workers: int,
    look: Callable[[Pool, str], Result | None],
    on_done: Callable[[str, Result | None], None],
) -> list[Result]:
    """Return what `look` finds of each student, in their order; None is left out.

    Args:
        course: The course directory.
        students: Ids.
        isolation: What confines the kernels.
        workers: How many are looked at side by side.
        look: Called with the workers and a student, in a thread of its own.
        on_done: Called with each student and what was found, as it comes in.

    Raises:
        GradingError: another `quizlib grade` is at work in this course.
    """
    found: dict[str, Result] = {}
    with alone(course), pool(course, isolation, workers, len(students)) as working:
        for student, seen in working.each(lambda name: (name, look(working, name)), students):
            on_done(student, seen)
            if seen is not None:
                found[student] = seen
    return [found[student] for student in students if student in found]
