"""Run a piece of course code (a solution, an attempt) after its setup, and take its response."""

from __future__ import annotations

from quizlib.authoring.setups import run_setup, silenced
from quizlib.authoring.spec import ExerciseSpec
from quizlib.evidence.collect import collect
from quizlib.evidence.failures import CAUGHT, failure
from quizlib.evidence.probe import Probe
from quizlib.evidence.values import Evidence


def run_response(spec: ExerciseSpec, source: str, probe: Probe) -> Evidence:
    """Execute the setup and `source` in a fresh namespace, and collect the exercise's response.

    An exception in `source` is the attempt's own: it becomes the evidence's problem.

    Raises:
        SpecError: the setup fails.
    """
    namespace = run_setup(spec.setup, spec.id)
    with silenced():
        try:
            exec(compile(source, f"<attempt at {spec.id}>", "exec"), namespace)
        except CAUGHT as error:
            raised = failure(error)
            return Evidence(spec.id, spec.revision, problem=f"{raised.type_name}: {raised.message}")
        return collect(probe, namespace.get(spec.name), namespace)
