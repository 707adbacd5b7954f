"""Grade a class: decide what has to be graded, share it among workers, and keep going whatever one submission does."""

from __future__ import annotations

import glob
import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

from quizlib.coursedir.course import Course
from quizlib.errors import GradingError
from quizlib.grading.child import Child, ChildError
from quizlib.grading.gradebook import auto_scores, create_rows
from quizlib.grading.record import KERNEL, SubmissionRecord, fingerprint, nothing_handed_in, read_record

WORKER = "quizlib.grading.worker"
TIMEOUT_SECONDS = 1800.0
"""How long a worker may take for one submission before it is taken to hang; a notebook's own clock is shorter."""

TRIES = 2


@dataclass(frozen=True)
class Graded:
    """How one submission came out: its record, or what went wrong on our side; `is_new` unless it was left alone."""

    student: str
    record: SubmissionRecord | None
    is_new: bool
    seconds: float = 0.0
    problem: str = ""


def choose(course: Course, lesson: str, students: Sequence[str]) -> list[str]:
    """Return the students to look at: those named, else everybody who handed something in.

    Raises:
        GradingError: there is no such lesson, or nobody has handed it in, or not who is named.
    """
    if lesson not in course.lessons:
        known = ", ".join(course.lessons) or "none"
        raise GradingError(f"{lesson} is no released lesson of {course.root}; there are: {known}.")
    present = course.students(lesson)
    if not present:
        raise GradingError(
            f"nobody has handed in {lesson}: {course.root / 'submitted'} has no STUDENT/{lesson}; "
            f"collect first, with: nbgrader collect {lesson}"
        )
    missing = sorted(set(students) - set(present))
    if missing:
        raise GradingError(f"{missing[0]} has not handed in {lesson}; {len(present)} others have.")
    return [student for student in present if not students or student in students]


def is_settled(course: Course, lesson: str, student: str) -> bool:
    """Say whether a submission is graded as it would be graded now, in full.

    That is so when a record is there, of this very submission and release, and the gradebook agrees with it.
    """
    record = read_record(course, student, lesson)
    if record is None or record.fingerprint != fingerprint(course, student, lesson):
        return False
    held = auto_scores(course, lesson, student)
    return all(
        held.get((book.notebook, item.grade_id)) == item.score
        for book in record.notebooks
        for item in book.items
        if item.judged != "graded by hand"
    )


def grade(
    course: Course,
    lesson: str,
    students: Sequence[str],
    *,
    isolation: str,
    workers: int = 1,
    force: bool = False,
    on_done: Callable[[Graded], None] = lambda graded: None,
) -> list[Graded]:
    """Grade the submissions of `students`, and return how each came out, in their order.

    Args:
        course: The course directory.
        lesson: Id of the lesson.
        students: Who handed it in, as `choose` returns them.
        isolation: What confines the kernels.
        workers: How many submissions are graded side by side.
        force: Grade again what is settled.
        on_done: Called with each result as it comes in.

    Raises:
        GradingError: another `quizlib grade` is at work in this course, or the lesson is not in the gradebook.
    """
    with _alone(course), _workers(course, isolation, max(1, min(workers, len(students)))) as idle:
        present = [name for name in students if any(course.submission(name, lesson).glob("*.ipynb"))]
        absent = [Graded(n, nothing_handed_in(course, n, lesson, isolation), True) for n in {*students} - {*present}]
        create_rows(course, lesson, present)
        for graded in absent:
            on_done(graded)
        with ThreadPoolExecutor(max_workers=idle.qsize()) as pool:
            futures = [pool.submit(_grade_one, idle, course, lesson, name, force) for name in present]
            results = {graded.student: graded for graded in (*absent, *_collected(futures, on_done))}
    return [results[name] for name in students]


def _collected(futures: Sequence[Future[Graded]], on_done: Callable[[Graded], None]) -> Iterator[Graded]:
    try:
        for future in as_completed(futures):
            on_done(future.result())
            yield future.result()
    except BaseException:
        for future in futures:
            future.cancel()
        raise


@contextmanager
def _alone(course: Course) -> Iterator[None]:
    try:
        with FileLock(course.root / ".grading.lock", timeout=0):
            yield
    except Timeout as error:
        raise GradingError(f"another quizlib grade is at work in {course.root}; wait for it to end.") from error


@contextmanager
def _workers(course: Course, isolation: str, count: int) -> Iterator[queue.SimpleQueue[Child]]:
    """Yield a queue of idle workers, and end them all afterwards."""
    made = [Child(WORKER, [str(course.root), isolation], TIMEOUT_SECONDS) for _ in range(count)]
    idle: queue.SimpleQueue[Child] = queue.SimpleQueue()
    for worker in made:
        idle.put(worker)
    try:
        yield idle
    finally:
        for worker in made:
            worker.stop()


def _grade_one(idle: queue.SimpleQueue[Child], course: Course, lesson: str, student: str, force: bool) -> Graded:
    """Grade a submission unless it is settled; a fault of ours is tried once more, and never costs points."""
    settled = not force and is_settled(course, lesson, student)
    if settled and any(course.feedback(student, lesson).glob("*.html")):
        return Graded(student, read_record(course, student, lesson), is_new=False)
    if glob.has_magic(student):
        return Graded(
            student, None, is_new=True, problem="nbgrader cannot take an id with *, ? or [; rename the folder"
        )
    worker, problem = idle.get(), ""
    try:
        for _ in range(TRIES):
            try:
                reply = worker.ask({"student": student, "lesson": lesson, "only_feedback": settled})
            except ChildError as error:
                problem = str(error)
                worker.stop()
            else:
                record = read_record(course, student, lesson)
                return Graded(student, record, is_new=not settled, seconds=float(reply["seconds"]))
    finally:
        idle.put(worker)
    return Graded(student, read_record(course, student, lesson), is_new=True, problem=problem)


def judged_in_kernel(results: Sequence[Graded]) -> int:
    """Return how many cells keep nbgrader's own scoring, which a learner's code can reach."""
    return sum(item.message == KERNEL for graded in results if graded.record for item in graded.record.items)
