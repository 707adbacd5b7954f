"""What the grader, its workers and the judge say to one another: requests and replies, one line of JSON each way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from quizlib.grading.fate import Fate
from quizlib.grading.kept import KeptItem
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


class JudgeKept(Model):
    """Asks the judge for verdicts of the newest keys on evidence kept in a folder; `code` as for its probes."""

    do: Literal["judge kept"] = "judge kept"
    lesson: str
    code: str
    items: dict[str, KeptItem]
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


class PreviewKeys(Model):
    """Asks a worker what the newest keys of some items would give a submission, and to change nothing."""

    do: Literal["preview keys"] = "preview keys"
    student: str
    lesson: str
    items: tuple[str, ...]


class Remark(Model):
    """Asks a worker to write what a preview gave: verdicts, scores, record and feedback; nothing is executed."""

    do: Literal["remark"] = "remark"
    record: SubmissionRecord

    @property
    def student(self) -> str:
        """Who handed it in."""
        return self.record.student

    @property
    def lesson(self) -> str:
        """Id of the lesson."""
        return self.record.lesson


ToJudge = PrepareProbes | JudgeItems | JudgeKept
ToWorker = GradeSubmission | WriteFeedback | PreviewGrade | PreviewKeys | Remark

TO_JUDGE: TypeAdapter[ToJudge] = TypeAdapter(Annotated[ToJudge, Field(discriminator="do")])
TO_WORKER: TypeAdapter[ToWorker] = TypeAdapter(Annotated[ToWorker, Field(discriminator="do")])
"""What reads the requests of each."""


class Prepared(Model):
    """The judge has written the probes of items; `probes` has a digest of each."""

    kind: Literal["prepared"] = "prepared"
    probes: dict[str, str]


class Judged(Model):
    """The judge's verdicts, in the order in which they were asked for."""

    kind: Literal["judged"] = "judged"
    verdicts: tuple[Verdict, ...]


class JudgedKept(Model):
    """The judge's verdicts on evidence that was kept; `others` are items whose keys ask other probes than it answers.

    `faults` says of an item what failed on our side.
    """

    kind: Literal["judged kept"] = "judged kept"
    verdicts: tuple[Verdict, ...] = ()
    others: tuple[str, ...] = ()
    faults: dict[str, str] = Field(default_factory=dict)


class Done(Model):
    """A worker has done what it was asked for, in so many seconds."""

    kind: Literal["done"] = "done"
    seconds: float


class Previewed(Model):
    """What grading a submission would give; `executed` are items that had to be run for it.

    `faults` says of an item what failed on our side; the record has it as it was.
    """

    kind: Literal["previewed"] = "previewed"
    record: SubmissionRecord
    executed: tuple[str, ...] = ()
    faults: dict[str, str] = Field(default_factory=dict)


class Failed(Model):
    """What was asked for could not be done; the fault is never the learner's."""

    kind: Literal["failed"] = "failed"
    error: str
