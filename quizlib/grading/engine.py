"""The engine that grades: the part of this library, and the versions of others, that a grade rests on."""

from __future__ import annotations

from quizlib.engine import engine_digest

GRADING = (
    "grading/admission/admit.py",
    "grading/admission/alignment.py",
    "grading/cells.py",
    "grading/admission/chosen.py",
    "grading/admission/clean_copy.py",
    "grading/execution/execute.py",
    "grading/execution/state.py",
    "grading/execution/folders.py",
    "grading/admission/handed_in.py",
    "grading/execution/isolation",
    "grading/judge/server.py",
    "grading/execution/kernel_client.py",
    "grading/judge/keys.py",
    "grading/kept.py",
    "grading/execution/outputs.py",
    "grading/admission/regular_files.py",
    "grading/admission/submission.py",
    "grading/admission/timestamp.py",
    "grading/results/verdict_cells.py",
)
"""Parts of the library that decide a grade besides those that decide every verdict."""


def this_engine() -> str:
    """Return the id of the engine that grades here and now."""
    return engine_digest(*GRADING)
