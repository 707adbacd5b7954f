"""Run a piece of course code (a setup, a solution, an attempt) and take its response."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

from quizlib.authoring.spec import ExerciseSpec
from quizlib.evidence.collect import collect
from quizlib.evidence.probe import Probe
from quizlib.evidence.values import Evidence


def run_response(spec: ExerciseSpec, source: str, probe: Probe) -> Evidence:
    """Execute the setup and `source` in a fresh namespace, and collect the exercise's response.

    An exception in `source` is the attempt's own: it becomes the evidence's problem. One in the setup is raised.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with _silenced():
        exec(compile(spec.setup, f"<setup of {spec.id}>", "exec"), namespace)
        try:
            exec(compile(source, f"<attempt at {spec.id}>", "exec"), namespace)
        except Exception as error:  # attempts may fail in any way
            problem = f"{type(error).__name__}: {error}"[:500]
            return Evidence(spec.id, spec.revision, problem=problem)
        return collect(probe, namespace.get(spec.name))


@contextlib.contextmanager
def _silenced() -> Any:  # noqa: ANN401  a generator
    """Keep what course code prints and warns out of the caller's terminal."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
