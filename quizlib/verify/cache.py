"""Verdicts of an earlier run, reused only where nothing that they rest on has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pydantic

from quizlib.atomic import replace_text
from quizlib.engine import engine_digest
from quizlib.verify.report import LessonReport, MutantCounts

OWN = ("verify", "release", "mutants")
"""What decides a report besides the engine that judges grades, too."""


class Stored(pydantic.BaseModel):
    """A report, with the counts that are no part of its JSON, as one file of the cache."""

    report: LessonReport
    mutant_kinds: dict[str, MutantCounts]


class Cache:
    """Reports by key in a folder; without a folder it finds and keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, key: str) -> LessonReport | None:
        """Return the report of an earlier run under the same key, if it found no problem."""
        path = None if self._folder is None else self._folder / f"{key}.json"
        if path is None or not path.is_file():
            return None
        try:
            stored = Stored.model_validate_json(path.read_text(encoding="utf-8"))
        except ValueError:  # a file cut short by a kill is as good as none
            return None
        return stored.report.model_copy(update={"mutant_kinds": stored.mutant_kinds})

    def keep(self, key: str, report: LessonReport) -> None:
        """Keep a report without problems; one with problems is made again every time."""
        if self._folder is None or report.problems:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        stored = Stored(report=report, mutant_kinds=report.mutant_kinds)
        replace_text(self._folder / f"{key}.json", stored.model_dump_json())


def cache_folder(solutions: Path) -> Path:
    """Return where verify keeps what it found out about a course: in `build/verify`, beside the course."""
    return solutions.resolve().parent / "build" / "verify"


def key_of(parts: Iterable[str]) -> str:
    """Return the key of a task: a hash of the texts it rests on, of the library, and of what is installed."""
    digest = hashlib.sha256(engine_digest(*OWN).encode())
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()
