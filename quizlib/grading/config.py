"""The configuration of nbgrader in a course directory: our steps in its lists, and nothing of it patched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from quizlib.coursedir.course import Course
from quizlib.coursedir.course_id import course_id_of
from quizlib.coursedir.settings import read_outer_config
from quizlib.errors import GradingError

AUTOGRADE_STEPS = (
    "quizlib.grading.execution.execute.ExecuteSubmission",
    "quizlib.grading.execution.keeping.KeepEvidence",
    "quizlib.grading.results.verdict_cells.JudgeEvidence",
    "quizlib.grading.execution.outputs.KeepPlainOutputs",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "quizlib.grading.results.gradebook.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
    "quizlib.grading.results.recording.RecordVerdicts",
)
"""What nbgrader does with an admitted submission, in order; its own steps keep their places."""


def configure(c: Any, config_file: str) -> None:  # noqa: ANN401  traitlets' Config
    """Configure nbgrader for the course directory in which `config_file` lies.

    A course's `nbgrader_config.py` calls this first, so that nbgrader's commands, formgrader's button and
    `quizlib grade` all take one path; settings after the call are the instructor's own.

    >>> from traitlets.config import Config
    >>> c = Config()
    >>> configure(c, "/courses/spring/nbgrader_config.py")
    >>> c.Autograde.exporter_class, c.CourseDirectory.course_id
    ('quizlib.grading.admission.admit.AdmittingExporter', 'spring')
    """
    from quizlib.grading.admission.admit import AdmitNames
    from quizlib.release.steps import configure_release

    configure_release(c)
    root = Path(config_file).resolve().parent
    c.CourseDirectory.root = str(root)
    if not _is_named_outside():
        c.CourseDirectory.course_id = course_id_of(root.name)
    c.Autograde.pre_convert_hook = AdmitNames(Course(root))
    c.Autograde.exporter_class = "quizlib.grading.admission.admit.AdmittingExporter"
    c.Autograde.autograde_preprocessors = list(AUTOGRADE_STEPS)
    c.GenerateFeedback.exporter_class = "quizlib.grading.results.feedback.FeedbackExporter"
    c.ExchangeFactory.release_feedback = "quizlib.grading.results.fresh_feedback.ReleaseFreshFeedback"
    c.Execute.timeout = 60
    c.Execute.shutdown_kernel = "immediate"


def _is_named_outside() -> bool:
    """Say whether the user's own settings name a course, which then stands.

    Settings that fail are nbgrader's to report; an error here would keep it from our steps, and from the judge.
    """
    try:
        return "course_id" in read_outer_config().CourseDirectory
    except GradingError:
        return False
