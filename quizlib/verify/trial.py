"""Try a piece of code at an exercise: take its evidence in a child of this process, under limits."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizlib.authoring.responding import run_response
from quizlib.authoring.setups import import_libraries
from quizlib.authoring.spec import ExerciseSpec
from quizlib.evidence.probe import Probe
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import Evidence, ZooModel
from quizlib.items.released import ExerciseSheet
from quizlib.verify.forked import Death, Limits, forked
from quizlib.zoo.registry import KEPT_MODELS, moved_arrays

QUICK, SLOW = Limits(seconds=25), Limits(seconds=60)
"""What code may take; TensorFlow takes longest."""

ENDED = {
    "time": "it took longer than it may",
    "memory": "it took more memory than it may",
    "died": "its process died",
}
"""What is said of code that gives no evidence, by the cause of its process's end."""


@dataclass(frozen=True, eq=False)
class Papers:
    """The sheets by which an exercise is judged: one for each secret in grading, and that of practice."""

    graded: tuple[ExerciseSheet, ...]
    practice: ExerciseSheet

    @classmethod
    def of(cls, spec: ExerciseSpec, secrets: Sequence[bytes]) -> Papers:
        """Return the sheets of an exercise.

        Raises:
            SpecError: a criterion cannot be judged or cannot fail, or visible cases alone would decide.
        """
        return cls(tuple(spec.grading_sheet(secret) for secret in secrets), spec.public_sheet())


@dataclass(frozen=True, eq=False)
class Taken:
    """The evidence of a piece of code for each sheet of grading.

    `seconds` are those of a processor for one of them, setup and all; no end of them where the code never came back.
    """

    evidence: tuple[Evidence, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class Stage:
    """An exercise whose libraries are imported, ready to run one piece of code after another, each on its own."""

    spec: ExerciseSpec
    limits: Limits

    @classmethod
    def of(cls, spec: ExerciseSpec) -> Stage:
        """Return the stage of an exercise, with the modules imported that its setup imports.

        They are imported and not used: TensorFlow runs in the child of a process that has not run it yet, and in no
        other.

        Raises:
            SpecError: an import fails.
        """
        import_libraries(spec.setup, spec.id)
        return cls(spec, SLOW if RESPONSES[spec.response].library == "tensorflow" else QUICK)

    def run(self, source: str, sheets: Sequence[ExerciseSheet]) -> Taken:
        """Return the evidence of a piece of code; setup and code are run anew for each sheet that asks anything else.

        What is not drawn from the secret is asked once: a training or a conversion takes a second.
        Code that takes too long or too much memory, or dies, gives no evidence but a problem that says so.

        Raises:
            SpecError: the setup fails.
        """
        probes = [sheet.probe for sheet in sheets] if self.spec.private else [sheets[0].probe]
        _prepare(probes)
        found = forked(lambda: self._run(source, probes), self.limits)
        if isinstance(found, Death):
            nothing = Evidence(self.spec.id, self.spec.revision, problem=f"{ENDED[found.cause]}.")
            return Taken((nothing,) * len(sheets), math.inf)
        return found if self.spec.private else replace(found, evidence=found.evidence * len(sheets))

    def _run(self, source: str, probes: Sequence[Probe]) -> Taken:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)  # libraries write there past Python
        evidence, began = [], time.process_time()
        for probe in probes:
            evidence.append(run_response(self.spec, source, probe))
        return Taken(tuple(evidence), (time.process_time() - began) / len(probes))


def _prepare(probes: Sequence[Probe]) -> None:
    """Compute the weights of models that probes draw before the fork, so that no child has to do it again.

    Of more than are kept none would be found again.
    """
    cases = [case for probe in probes for case in probe.cases]
    given = [value for case in cases for value in (*case.arguments, *case.called_with) if isinstance(value, ZooModel)]
    drawn = {(model.name, model.seed) for model in given if model.seed is not None}
    for name, seed in drawn if len(drawn) <= KEPT_MODELS else ():
        moved_arrays(name, seed)


def in_practice(evidence: Evidence, practice: ExerciseSheet) -> Evidence:
    """Return the part of the evidence taken in grading that is taken in practice, too; public cases come first."""
    cases = {case.id for case in practice.probe.cases} | set(practice.exercise.behaviours)
    return replace(evidence, cases=tuple(case for case in evidence.cases if case.case in cases))
