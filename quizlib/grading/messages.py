"""What the grader, its workers and the judge say to one another: requests and replies, one line of JSON each way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from quizlib.grading.fate import Fate
from quizlib.grading.record import SubmissionRecord
from quizlib.items.base import Model
from quizlib.judging.verdict import Verdict


class PrepareProbes(Model):
    """Asks the judge to write the probes of items, inputs only, into a folder; `code` is the submission's."""

    do: Literal["prepare"] = "prepare"
    release: str
    lesson: str
    code: str
    items: tuple[str, ...]
    folder: Path


class JudgeItems(Model):
    """Asks the judge for verdicts on the evidence in a folder; `code` as for its probes.

    An item with a fate left no evidence.
    """

    do: Literal["judge"] = "judge"
    release: str
    lesson: str
    code: str
    items: dict[str, Fate | None]
    folder: Path


class GradeSubmission(Model):
    """Asks a worker to grade a submission through nbgrader, feedback included."""

    do: Literal["grade"] = "grade"
    student: str
    lesson: str


class WriteFeedback(Model):
    """Asks a worker for the feedback alone of a submission that is graded."""

    do: Literal["feedback"] = "feedback"
    student: str
    lesson: str


class PreviewGrade(Model):
    """Asks a worker what grading a submission would give, and to change nothing."""

    do: Literal["preview"] = "preview"
    student: str
    lesson: str


JudgeRequest = Annotated[PrepareProbes | JudgeItems, Field(discriminator="do")]
WorkerRequest = Annotated[GradeSubmission | WriteFeedback | PreviewGrade, Field(discriminator="do")]

TO_JUDGE: TypeAdapter[PrepareProbes | JudgeItems] = TypeAdapter(JudgeRequest)
TO_WORKER: TypeAdapter[GradeSubmission | WriteFeedback | PreviewGrade] = TypeAdapter(WorkerRequest)
"""What reads the requests of each."""


class Prepared(Model):
    """The judge has written the probes of so many items."""

    kind: Literal["prepared"] = "prepared"
    items: int


class Judged(Model):
    """The judge's verdicts, in the order in which they were asked for."""

    kind: Literal["judged"] = "judged"
    verdicts: tuple[Verdict, ...]


class Done(Model):
    """A worker has done what it was asked for, in so many seconds."""

    kind: Literal["done"] = "done"
    seconds: float


class Previewed(Model):
    """What grading a submission would give."""

    kind: Literal["previewed"] = "previewed"
    record: SubmissionRecord


class Failed(Model):
    """What was asked for could not be done; the fault is never the learner's."""

    kind: Literal["failed"] = "failed"
    error: str
