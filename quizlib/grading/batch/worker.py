"""A process that grades one submission after another through nbgrader's own converters, for `quizlib grade`."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import assert_never

from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde, BaseConverter, GenerateFeedback
from nbgrader.utils import capture_log
from traitlets.config import Config

from quizlib.coursedir.course import Course
from quizlib.coursedir.nbgrader_log import last_error
from quizlib.errors import InfrastructureError, QuizError
from quizlib.grading.batch.rehearsal import rehearse
from quizlib.grading.batch.rejudge import rejudged, remark
from quizlib.grading.processes.child import serve
from quizlib.grading.processes.messages import (
    TO_WORKER,
    Done,
    GradeSubmission,
    Previewed,
    PreviewGrade,
    PreviewKeys,
    Remark,
    ToWorker,
    WriteFeedback,
)
from quizlib.grading.record import read_record
from quizlib.grading.removal import remove_tree


class RememberingConverter(BaseConverter):  # type: ignore[misc]  # nbgrader publishes no types
    """A converter that keeps what one of its steps raised, of which nbgrader keeps a line in its log."""

    raised: Exception | None = None

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Convert one notebook as nbgrader does."""
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:  # of any step, nbgrader's or ours
            self.raised = error
            raise


class RememberingAutograde(RememberingConverter, Autograde):  # type: ignore[misc]  # nbgrader publishes no types
    """`nbgrader autograde`, of one student."""

    def init_notebooks(self) -> None:
        """Take what the student handed in, also where no notebook is in it, over which nbgrader would give up."""
        course, directory = Course(Path(self.coursedir.root)), self.coursedir
        folder = course.submission(directory.student_id, directory.assignment_id)
        released = course.released_notebooks(directory.assignment_id)
        self.assignments = {str(folder): [str(folder / notebook.name) for notebook in released]}
        self.notebooks: list[str] = []


class RememberingFeedback(RememberingConverter, GenerateFeedback):  # type: ignore[misc]  # nbgrader publishes no types
    """`nbgrader generate_feedback`."""


class Worker:
    """Holds nbgrader, configured as its own commands are in the course directory."""

    def __init__(self, root: Path, isolation: str) -> None:
        os.chdir(root)
        self._course = Course(root)
        self._app = NbGrader()
        self._app.initialize([], root=str(root))
        self._app.config.ExecuteSubmission.isolation = isolation

    def answer(self, request: ToWorker) -> Done | Previewed:
        """Do what is asked for.

        Raises:
            InfrastructureError: it could not be done, through no fault of the submission.
        """
        started, coursedir = time.monotonic(), self._app.coursedir
        coursedir.assignment_id, coursedir.student_id = request.lesson, request.student
        match request:
            case GradeSubmission():
                self._autograde(request.student, request.lesson)
                self._write_feedback()
            case WriteFeedback():
                self._write_feedback()
            case PreviewGrade():
                return Previewed(record=rehearse(self._autograder(), request.student, request.lesson))
            case PreviewKeys():
                return rejudged(self._autograder(), request.student, request.lesson, request.items)
            case Remark():
                remark(self._autograder(), request.record)
                self._write_feedback()
            case _:
                assert_never(request)
        return Done(seconds=round(time.monotonic() - started, 2))

    def _autograder(self) -> Autograde:
        return Autograde(coursedir=self._app.coursedir, parent=self._app)

    def _autograde(self, student: str, lesson: str) -> None:
        remove_tree(self._course.autograded(student, lesson))
        convert(RememberingAutograde(coursedir=self._app.coursedir, parent=self._app))
        if read_record(self._course, student, lesson) is None:
            raise InfrastructureError("nbgrader says it graded the submission, but no verdicts were written")

    def _write_feedback(self) -> None:
        converter = RememberingFeedback(coursedir=self._app.coursedir, parent=self._app)
        converter.update_config(Config({"HTMLExporter": {"template_name": "feedback"}}))
        convert(converter)


def convert(converter: RememberingConverter) -> None:
    """Run a converter again over whatever it made before.

    Raises:
        InfrastructureError: it failed; the reason is what a step raised, else what nbgrader's log says.
    """
    converter.force = True
    result = capture_log(converter)
    if result["success"]:
        return
    match converter.raised:
        case InfrastructureError() as fault:
            raise fault
        case QuizError() as error:
            raise InfrastructureError(str(error)) from error
        case error:
            raise InfrastructureError(last_error(result.get("log") or result.get("error") or "")) from error


def main() -> None:
    """Serve one course; the arguments are its root and the isolation."""
    logging.captureWarnings(True)
    worker = Worker(Path(sys.argv[1]), sys.argv[2])
    serve(TO_WORKER, worker.answer)


if __name__ == "__main__":
    main()
