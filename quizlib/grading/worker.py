"""A process that grades one submission after another through nbgrader's own converters, for `quizlib grade`."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI

from quizlib.coursedir.course import Course
from quizlib.coursedir.nbgrader_log import last_error
from quizlib.grading.child import Reply, Request, serve
from quizlib.grading.record import read_record


class Worker:
    """Holds nbgrader, configured as its own commands are in the course directory."""

    def __init__(self, root: Path, isolation: str) -> None:
        os.chdir(root)
        self._course = Course(root)
        self._app = NbGrader()
        self._app.initialize([], root=str(root))
        self._app.config.ExecuteSubmission.isolation = isolation
        self._api = NbGraderAPI(coursedir=self._app.coursedir, parent=self._app)

    def answer(self, request: Request) -> Reply:
        """Grade one submission, write its feedback, and say how long that took."""
        started = time.monotonic()
        student, lesson = str(request["student"]), str(request["lesson"])
        if not request.get("only_feedback"):
            self._autograde(student, lesson)
        self._require_success(self._api.generate_feedback(lesson, student, force=True))
        return {"seconds": round(time.monotonic() - started, 2)}

    def _autograde(self, student: str, lesson: str) -> None:
        result = self._api.autograde(lesson, student, force=True)
        self._require_success(result)
        if read_record(self._course, student, lesson) is None:
            raise RuntimeError("nbgrader says it graded the submission, but no verdicts were written")

    def _require_success(self, result: dict[str, Any]) -> None:
        if not result["success"]:
            raise RuntimeError(last_error(result.get("log") or result.get("error") or ""))


def main() -> None:
    """Serve one course; the arguments are its root and the isolation."""
    logging.captureWarnings(True)
    worker = Worker(Path(sys.argv[1]), sys.argv[2])
    serve(worker.answer)


if __name__ == "__main__":
    main()
