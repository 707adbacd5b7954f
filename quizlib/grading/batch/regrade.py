"""Judge graded submissions by corrected keys: first see who would change, then change it, and withdraw the old keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from quizlib.coursedir.course import Course
from quizlib.coursedir.state import correct_keys
from quizlib.errors import GradingError, InfrastructureError, told
from quizlib.grading.batch.again import Review
from quizlib.grading.batch.grade import Graded, grade, is_settled
from quizlib.grading.batch.pool import Pool, alone, looked_through
from quizlib.grading.processes.messages import Done, Previewed, PreviewKeys, Remark
from quizlib.grading.record import SubmissionRecord, read_record, write_record
from quizlib.grading.results.marks import marks_of


@dataclass(frozen=True)
class Correction(Review):
    """What newer keys would make of a grade; `items` are those that have one, `executed` those that had to be run."""

    items: tuple[str, ...] = ()
    executed: tuple[str, ...] = ()


def newer_keys(course: Course, record: SubmissionRecord) -> list[str]:
    """Return the items of a graded submission whose key has changed since it was judged."""
    newest = course.kept(course.current_release)
    found = []
    for book in record.notebooks:
        for item in book.items:
            used = item.release or book.release
            if item.verdict is None or used == course.current_release or not newest.has_key(record.lesson, item.id):
                continue
            before = course.kept(used)
            is_same = before.has_key(record.lesson, item.id) and (
                before.key_digest(record.lesson, item.id) == newest.key_digest(record.lesson, item.id)
            )
            if not is_same:
                found.append(item.id)
    return found


def require_items(course: Course, lesson: str, items: Collection[str]) -> None:
    """Raise a GradingError unless all `items` are of the lesson as it is now."""
    kept = course.kept(course.current_release)
    strange = [item for item in items if not kept.has_key(lesson, item)]
    if strange:
        known = ", ".join(sorted(path.stem for path in kept.sheets(lesson).glob("*.json") if path.stem != "lesson"))
        raise GradingError(f"{lesson} has no item {strange[0]!r}; there are: {known}.")


def preview_keys(
    course: Course,
    lesson: str,
    students: Sequence[str],
    items: Collection[str],
    *,
    isolation: str,
    workers: int = 1,
    on_done: Callable[[str], None] = lambda student: None,
) -> list[Correction]:
    """Judge by the newest keys what older ones have judged, and return who would change; nothing is touched.

    Args:
        course: The course directory.
        lesson: Id of the lesson.
        students: Who handed it in; who is not graded is passed over.
        items: The items to look at; all where it is empty.
        isolation: What confines the kernels, where something has to be executed.
        workers: How many submissions are judged side by side.
        on_done: Called with each student who has been looked at.

    Raises:
        GradingError: another `quizlib grade` is at work in this course, or there is no such item.
    """
    require_items(course, lesson, items)

    def look(working: Pool, student: str) -> Correction | None:
        return _review(working, course, lesson, student, items)

    return looked_through(course, students, isolation, workers, look, lambda student, _: on_done(student))


def _review(working: Pool, course: Course, lesson: str, student: str, items: Collection[str]) -> Correction | None:
    record = read_record(course, student, lesson)
    newer = () if record is None else tuple(i for i in newer_keys(course, record) if not items or i in items)
    if record is None or not newer:
        return None
    try:
        if not is_settled(course, lesson, student):
            return None
        reply = working.ask(PreviewKeys(student=student, lesson=lesson, items=newer), Previewed)
    except Exception as error:  # whatever it is, it is this student's, and the others are looked at
        return Correction(student, record, None, told(error), newer)
    problem = "; ".join(f"{item} could not be judged ({why})" for item, why in reply.faults.items())
    return Correction(student, record, reply.record, problem, newer, reply.executed)


def regrade(
    course: Course,
    lesson: str,
    corrections: Sequence[Correction],
    *,
    isolation: str,
    workers: int = 1,
    on_done: Callable[[Graded], None] = lambda graded: None,
) -> list[Graded]:
    """Withdraw the old keys, write what the new ones give to everybody concerned, and return how each came out.

    Args:
        course: The course directory.
        lesson: Id of the lesson.
        corrections: What `preview_keys` returned.
        isolation: What confines the kernels, where something has to be executed.
        workers: How many submissions are written side by side.
        on_done: Called with each that changes as it comes in.

    Raises:
        GradingError: another `quizlib grade` is at work in this course.
    """
    with alone(course):
        correct_keys(course.root, sorted({item for correction in corrections for item in correction.items}))
    course = Course(course.root)  # as it is from now on
    changing = [correction for correction in corrections if correction.changes]
    executed = [correction.student for correction in changing if correction.executed]
    judged = [correction for correction in changing if not correction.executed]
    graded = {one.student: one for one in _remarked(course, judged, isolation, workers, on_done)}
    if executed:
        new = grade(course, lesson, executed, isolation=isolation, workers=workers, force=True, on_done=on_done)
        graded |= {one.student: one for one in new}
    with alone(course):
        for correction in corrections:
            if correction.after is not None and not correction.changes:
                _note_keys(course, correction, correction.after)
    marks = marks_of(course, lesson, [correction.student for correction in corrections])
    results = []
    for correction in corrections:
        one = graded.get(correction.student) or _left(course, correction)
        results.append(replace(one, marks=marks.get(one.student), problem=one.problem or correction.problem))
    return results


def _remarked(
    course: Course, corrections: Sequence[Correction], isolation: str, workers: int, on_done: Callable[[Graded], None]
) -> list[Graded]:
    after = {one.student: one.after for one in corrections if one.after is not None}

    def write(working: Pool, student: str) -> Graded:
        record = after[student]
        try:
            done = working.ask(Remark(record=record), Done)
        except InfrastructureError as error:
            return Graded(student, read_record(course, student, record.lesson), is_new=True, problem=str(error))
        return Graded(student, record, is_new=True, seconds=done.seconds)

    def step(student: str, graded: Graded | None) -> None:
        if graded is not None:
            on_done(graded)

    return looked_through(course, list(after), isolation, workers, write, step) if after else []


def _note_keys(course: Course, correction: Correction, after: SubmissionRecord) -> None:
    """Write that newer keys give the same grade, unless it has changed since."""
    if read_record(course, correction.student, after.lesson) == correction.before:
        write_record(course, after)


def _left(course: Course, correction: Correction) -> Graded:
    record = read_record(course, correction.student, correction.before.lesson)
    return Graded(correction.student, record, is_new=False, problem=correction.problem)
