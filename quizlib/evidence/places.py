"""The names that tie kernel and grader: where a notebook's items lie, and where a graded kernel leaves evidence."""

from __future__ import annotations

GRADING_FOLDER = "QUIZLIB_GRADING_FOLDER"
"""Environment variable by which the executor names the folder of probes, where evidence is left."""

ITEMS = "items"
"""Name of the folder beside a notebook that holds its items."""

LISTING = "lesson.json"
"""Name of the file in that folder which lists the items of the lesson, and is none itself."""
