"""The name of a course in nbgrader's exchange and gradebook: a folder's name there, and part of addresses."""

from __future__ import annotations

import re

from quizlib.errors import ArgumentError

LONGEST = 100
"""Characters at most; nbgrader's gradebook has room for 128."""

_FIT = re.compile(rf"\w[\w.-]{{0,{LONGEST - 1}}}")


def course_id_of(name: str) -> str:
    """Return a folder's name as a course id.

    >>> course_id_of("Serving (spring 2026)")
    'Serving-spring-2026'
    >>> course_id_of("...")
    'course'
    """
    return re.sub(r"[^\w.-]+", "-", name).strip("-._")[:LONGEST] or "course"


def require_fit(course_id: str) -> str:
    """Return a course id that somebody has chosen.

    Raises:
        ArgumentError: it cannot be the name of a folder everywhere.
    """
    if not _FIT.fullmatch(course_id):
        raise ArgumentError(
            f"the course id is {course_id!r}; use letters, digits, '.', '_' and '-', a letter or digit first, "
            f"{LONGEST} characters at most."
        )
    return course_id
