"""Grade a class: decide what has to be graded, share it among workers, and keep going whatever one submission does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from quizlib.coursedir.course import Course
from quizlib.coursedir.student_id import flaw_of
from quizlib.errors import GradingError, InfrastructureError, told
from quizlib.grading.admission.fingerprint import is_of
from quizlib.grading.batch.pool import Pool, alone, pool
from quizlib.grading.processes.messages import Done, GradeSubmission, WriteFeedback
from quizlib.grading.record import SubmissionRecord, read_record
from quizlib.grading.results.fresh_feedback import assign_penalty, is_fresh
from quizlib.grading.results.gradebook import auto_scores, create_rows
from quizlib.grading.results.marks import Marks, marks_of
from quizlib.grading.results.recording import KERNEL


@dataclass(frozen=True)
class Graded:
    """How one submission came out: its record, or why there is none; `is_new` unless it was left alone.

    `problem` is what went wrong on our side, or, if it `is_refused`, why nbgrader cannot take the submission at all.
    `again` is why it was graded once more, where it was.
    `marks` are what the gradebook has of it in the end, a person's marks and penalties among them.
    """

    student: str
    record: SubmissionRecord | None
    is_new: bool
    seconds: float = 0.0
    problem: str = ""
    is_refused: bool = False
    again: str = ""
    marks: Marks | None = None

    @property
    def is_by_another_engine(self) -> bool:
        """Whether the grade was left as another engine judged it."""
        return self.record is not None and not self.is_new and not self.record.is_by_this_engine


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
            f"nobody has handed in {lesson}: {course.place('submitted')} has no STUDENT/{lesson}; "
            f"collect first, with: nbgrader collect {lesson}"
        )
    missing = sorted(set(students) - set(present))
    if missing:
        raise GradingError(f"{missing[0]} has not handed in {lesson}; {len(present)} others have.")
    return [student for student in present if not students or student in students]


def is_settled(course: Course, lesson: str, student: str) -> bool:
    """Say whether a submission is graded in full, by whatever engine and whatever release it came from.

    That is so when a record is there, of these very files, and the gradebook agrees with it.
    """
    record = read_record(course, student, lesson)
    return record is not None and not _what_changed(course, record)


def _what_changed(course: Course, record: SubmissionRecord) -> str:
    """Return in words why a submission that has a record is graded again, empty if it is settled."""
    if record.fault:
        return "a part of it could not be judged before"
    if not is_of(record, course):
        return "the files handed in have changed"
    held = auto_scores(course, record.lesson, record.student)
    agrees = all(
        held.get((book.notebook, item.grade_id)) == item.score
        for book in record.notebooks
        for item in book.items
        if item.judged != "graded by hand"
    )
    return "" if agrees else "the gradebook has other scores"


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
    with alone(course), pool(course, isolation, workers, len(students)) as working:
        known = [name for name in students if flaw_of(name) is None]
        problems = create_rows(course, lesson, known)
        results = {}
        for graded in working.each(lambda name: _guarded(working, course, lesson, name, force, problems), students):
            on_done(graded)
            results[graded.student] = graded
    marks = marks_of(course, lesson, known)
    return [replace(results[name], marks=marks.get(name)) for name in students]


def _guarded(
    working: Pool, course: Course, lesson: str, student: str, force: bool, problems: Mapping[str, str]
) -> Graded:
    """Do all that is done for one student: admit, grade, and whatever happens keep it from the others."""
    flaw = flaw_of(student)
    if flaw is not None:
        return Graded(student, None, is_new=True, problem=flaw, is_refused=True)
    if student in problems:
        return Graded(student, None, is_new=True, problem=problems[student])
    try:
        return _grade_one(working, course, lesson, student, force)
    except Exception as error:  # whatever it is, it is this student's, and the batch goes on
        return Graded(student, None, is_new=True, problem=told(error))


def _grade_one(working: Pool, course: Course, lesson: str, student: str, force: bool) -> Graded:
    """Grade a submission unless it is settled; a fault of ours never costs points."""
    settled, before = not force and is_settled(course, lesson, student), read_record(course, student, lesson)
    if settled:
        assign_penalty(course, lesson, student)
    if settled and is_fresh(course, lesson, student):
        return Graded(student, before, is_new=False)
    again = "" if settled or before is None else _what_changed(course, before) or "with --force"
    request = (WriteFeedback if settled else GradeSubmission)(student=student, lesson=lesson)
    try:
        done = working.ask(request, Done)
    except InfrastructureError as error:
        return Graded(student, read_record(course, student, lesson), is_new=True, problem=str(error))
    record = read_record(course, student, lesson)
    fault = record.fault if record else ""
    return Graded(student, record, is_new=not settled, seconds=done.seconds, problem=fault, again=again)


def judged_in_kernel(results: Sequence[Graded]) -> int:
    """Return how many cells keep nbgrader's own scoring, which a learner's code can reach."""
    return sum(item.message == KERNEL for graded in results if graded.record for item in graded.record.items)
