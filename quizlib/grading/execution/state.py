"""One execution of one submission: where its evidence is taken, and how it and each of its items ended."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from quizlib.grading.admission.admit import Admission
from quizlib.grading.execution.folders import Folders
from quizlib.grading.fate import Fate
from quizlib.judging.verdict import Status

KEY = "quizlib_execution"
"""Key of nbconvert's resources that carries the `Execution` from step to step."""


@dataclass
class Execution:
    """What happened so far.

    `items` gives the item of each check cell by position; `code` tells the submission's code, once it was looked at;
    `probes` tells by a digest what each item was asked, once that was laid out;
    `fates` say why an item has no evidence;
    `ending` is set once the kernel is gone before its time, and then no more cells are run.
    """

    lesson: str
    admission: Admission
    items: dict[int, str]
    isolation: str
    code: str = ""
    folders: Folders = field(default_factory=Folders)
    probes: dict[str, str] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    ending: Fate | None = None
    timed_out: set[int] = field(default_factory=set)
    started: float = field(default_factory=time.monotonic)

    @property
    def status(self) -> Status | str:
        """How the submission ended as a whole."""
        return self.ending.status if self.ending else "graded"

    @property
    def seconds(self) -> float:
        """Seconds since the execution began."""
        return time.monotonic() - self.started

    def end(self, fate: Fate) -> None:
        """Note that the kernel is gone; the first reason is the one that counts."""
        self.ending = self.ending or fate

    def settle(self, index: int, cell: NotebookNode, too_much: str = "") -> None:
        """Take the evidence of a check cell that has been run, or note why there is none.

        What the check left before the kernel ended counts, whether or not its reply came through; where it put out
        `too_much` nothing does, whether or not it was ended in time.
        """
        item = self.items[index]
        if too_much:
            self.folders.clear(item)
            self.fates[item] = self.ending or Fate(status="error", sentence=too_much)
            return
        untaken = self.folders.take(item)
        if untaken:
            self.fates[item] = self.ending or _fate(cell, index in self.timed_out, untaken)

    def skip(self, index: int) -> None:
        """Note that a cell was not run because the kernel had gone."""
        if index in self.items and self.ending:
            status, sentence = self.ending.status, f"not run: {self.ending.sentence}"
            self.fates[self.items[index]] = Fate(status=status, sentence=sentence)


def _fate(cell: NotebookNode, timed_out: bool, untaken: str) -> Fate:
    if timed_out:
        return Fate(status="timeout", sentence="the check was stopped: it ran for longer than a cell may.")
    error = next((output for output in cell.outputs if output.get("output_type") == "error"), None)
    if error is not None:
        return Fate(status="error", sentence=_one_line(error))
    return Fate(status="missing", sentence=untaken)


def _one_line(error: NotebookNode) -> str:
    text = " ".join(f"{error.get('ename')}: {error.get('evalue')}".split())
    return text[:300]


def execution_of(resources: dict[str, Any]) -> Execution | None:
    """Return the execution that these resources carry, if the notebook was executed."""
    found = resources.get(KEY)
    return found if isinstance(found, Execution) else None
