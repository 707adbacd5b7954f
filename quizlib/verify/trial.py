"""Try a piece of code at an exercise: take its evidence in a child of this process, under limits."""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from dataclasses import dataclass

from quizlib.authoring.responding import run_response
from quizlib.authoring.spec import ExerciseSpec
from quizlib.evidence.probe import Probe
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import Evidence
from quizlib.verify.forked import Death, Limits, forked

QUICK, SLOW = Limits(seconds=25), Limits(seconds=60)
"""What code may take; TensorFlow takes longest."""


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
        """
        imports = [node for node in ast.parse(spec.setup).body if isinstance(node, ast.Import | ast.ImportFrom)]
        imported = ast.Module([node for node in imports if getattr(node, "module", "") != "__future__"], [])
        exec(compile(imported, f"<imports of {spec.id}>", "exec"), {"__name__": "__main__"})
        return cls(spec, SLOW if RESPONSES[spec.response].library == "tensorflow" else QUICK)

    def run(self, source: str, probes: Sequence[Probe]) -> list[Evidence] | Death:
        """Return the evidence of a piece of code for each probe, or how it ended; setup and code are run for each."""
        return forked(lambda: self._run(source, probes), self.limits)

    def _run(self, source: str, probes: Sequence[Probe]) -> list[Evidence]:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)  # libraries write there past Python
        return [run_response(self.spec, source, probe) for probe in probes]
