"""Facts that a course brings itself: the functions under `@fact` in its folder `facts/`.

They are there where a course is read, to be released, verified and graded, and never in a learner's kernel.
"""

from __future__ import annotations

from pathlib import Path

from quizlib.authoring.modules import load_module
from quizlib.errors import SpecError
from quizlib.items.fact import Fact
from quizlib.judging.facts.registry import own_facts

FOLDER = "facts"


def read_facts(solutions: Path) -> dict[str, Fact]:
    """Return the facts of a course by name, from all files of its folder `facts/`.

    Raises:
        SpecError: a file fails on import, or a fact has the name of another or says too little of itself.
    """
    with own_facts() as table:
        for path in fact_files(solutions):
            load_module(solutions, FOLDER, path.stem)
    return table


def fact_files(solutions: Path) -> list[Path]:
    """Return the files of a course that declare facts, sorted."""
    return sorted((solutions / FOLDER).glob("*.py"))


def require_apart(*courses: Path) -> None:
    """Raise unless facts of several courses, and their files, which are graded side by side, differ in their names.

    Raises:
        SpecError: two of them share a name.
    """
    owners: dict[str, Path] = {}
    for course in courses:
        names = [*(f"{FOLDER}/{path.name}" for path in fact_files(course)), *read_facts(course)]
        taken = next((name for name in names if name in owners), None)
        if taken is not None:
            raise SpecError(f"{taken} is there twice, in {owners[taken]} and in {course}; give one another name.")
        owners |= dict.fromkeys(names, course)
