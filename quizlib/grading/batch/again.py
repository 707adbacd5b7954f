"""Judge again what another engine has judged: first see who would change, then change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizlib.coursedir.course import Course
from quizlib.errors import told
from quizlib.grading.admission.fingerprint import fingerprint, is_of
from quizlib.grading.batch.grade import Graded, grade, is_settled
from quizlib.grading.batch.pool import Pool, alone, looked_through
from quizlib.grading.engine import this_engine
from quizlib.grading.processes.messages import Previewed, PreviewGrade
from quizlib.grading.record import ItemRecord, SubmissionRecord, read_record, write_record


@dataclass(frozen=True)
class Review:
    """A grade as another engine judged it, beside what this one would give, or what went wrong on our side."""

    student: str
    before: SubmissionRecord
    after: SubmissionRecord | None
    problem: str = ""

    @property
    def changes(self) -> list[str]:
        """The items that would change, each with what it is and what it would be."""
        if self.after is None:
            return []
        old, new = _by_cell(self.before), _by_cell(self.after)
        changes = (_change(old.get(cell), new.get(cell)) for cell in dict.fromkeys((*old, *new)))
        return [change for change in changes if change]


def _by_cell(record: SubmissionRecord) -> dict[tuple[str, str], ItemRecord]:
    return {(book.notebook, item.grade_id): item for book in record.notebooks for item in book.items}


def _change(old: ItemRecord | None, new: ItemRecord | None) -> str:
    """Return what changes of an item in words, empty if nothing does.

    Messages are not compared: they may name a measured value, which varies.
    """
    if old is None or new is None:
        return f"{new.id} is new" if new else f"{old.id} is gone" if old else ""
    if old.max_score != new.max_score:
        return f"{new.id} {old.score:g}/{old.max_score:g} → {new.score:g}/{new.max_score:g}"
    if old.score != new.score:
        return f"{new.id} {old.score:g} → {new.score:g}"
    if old.status != new.status:
        return f"{new.id} {old.status} → {new.status}"
    if old.misconception != new.misconception:
        return f"{new.id} {old.misconception or 'no misconception'} → {new.misconception or 'no misconception'}"
    return ""


def preview(
    course: Course,
    lesson: str,
    students: Sequence[str],
    *,
    isolation: str,
    workers: int = 1,
    on_done: Callable[[str], None] = lambda student: None,
) -> list[Review]:
    """Execute and judge the submissions that another engine has graded, and return who would change.

    Nothing in the course is touched.

    Args:
        course: The course directory.
        lesson: Id of the lesson.
        students: Who handed it in; those who are not graded, and those whom this engine has judged, are passed over.
        isolation: What confines the kernels.
        workers: How many submissions are judged side by side.
        on_done: Called with each student who has been looked at.

    Raises:
        GradingError: another `quizlib grade` is at work in this course.
    """

    def look(working: Pool, student: str) -> Review | None:
        return _review(working, course, lesson, student)

    return looked_through(course, students, isolation, workers, look, lambda student, _: on_done(student))


def _review(working: Pool, course: Course, lesson: str, student: str) -> Review | None:
    record = read_record(course, student, lesson)
    if record is None or record.is_by_this_engine:
        return None
    try:
        if not is_settled(course, lesson, student):
            return None
        reply = working.ask(PreviewGrade(student=student, lesson=lesson), Previewed)
    except Exception as error:  # whatever it is, it is this student's, and the others are looked at
        return Review(student, record, None, told(error))
    return Review(student, record, reply.record)


def grade_again(
    course: Course,
    lesson: str,
    reviews: Sequence[Review],
    *,
    isolation: str,
    workers: int = 1,
    on_done: Callable[[Graded], None] = lambda graded: None,
) -> list[Graded]:
    """Grade those again who change, note this engine for those who do not, and return how each came out.

    Args:
        course: The course directory.
        lesson: Id of the lesson.
        reviews: What `preview` returned.
        isolation: What confines the kernels.
        workers: How many submissions are graded side by side.
        on_done: Called with each that is graded again as it comes in.

    Raises:
        GradingError: another `quizlib grade` is at work in this course.
    """
    with alone(course):
        for review in reviews:
            if review.after is not None and not review.changes:
                _note_engine(course, review.before)
    changing = [review.student for review in reviews if review.changes]
    new = grade(course, lesson, changing, isolation=isolation, workers=workers, force=True, on_done=on_done)
    graded = {one.student: one for one in new}
    return [graded.get(review.student) or _left(course, review) for review in reviews]


def _note_engine(course: Course, record: SubmissionRecord) -> None:
    """Write that this engine gives the same grade, unless the grade or the submission has changed since."""
    student, lesson = record.student, record.lesson
    if read_record(course, student, lesson) == record and is_of(record, course):
        noted = {"engine": this_engine(), "fingerprint": fingerprint(course, student, lesson)}
        write_record(course, record.model_copy(update=noted))


def _left(course: Course, review: Review) -> Graded:
    record = read_record(course, review.student, review.before.lesson)
    return Graded(review.student, record, is_new=False, problem=review.problem)
