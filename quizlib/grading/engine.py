"""The engine that grades: the part of this library, and the versions of others, that a grade rests on."""

from __future__ import annotations

from quizlib.engine import engine_digest

GRADING = (
    "grading/admission.py",
    "grading/alignment.py",
    "grading/cells.py",
    "grading/chosen.py",
    "grading/clean_copy.py",
    "grading/execution.py",
    "grading/execution_state.py",
    "grading/folders.py",
    "grading/handed_in.py",
    "grading/isolation",
    "grading/judge_server.py",
    "grading/kernel_client.py",
    "grading/keys.py",
    "grading/kept.py",
    "grading/outputs.py",
    "grading/regular_files.py",
    "grading/submission.py",
    "grading/timestamp.py",
    "grading/verdict_cells.py",
)
"""Parts of the library that decide a grade besides those that decide every verdict."""


def this_engine() -> str:
    """Return the id of the engine that grades here and now."""
    return engine_digest(*GRADING)
