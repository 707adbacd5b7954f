"""Run a piece of course code (a setup, a solution, an attempt) and take its response."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from typing import Any

from quizlib.authoring.spec import ExerciseSpec
from quizlib.errors import SpecError
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
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with _silenced():
        try:
            exec(compile(spec.setup, f"<setup of {spec.id}>", "exec"), namespace)
        except CAUGHT as error:
            raise SpecError(f"the setup of {spec.id} fails: {type(error).__name__}: {error}") from error
        try:
            exec(compile(source, f"<attempt at {spec.id}>", "exec"), namespace)
        except CAUGHT as error:
            raised = failure(error)
            return Evidence(spec.id, spec.revision, problem=f"{raised.type_name}: {raised.message}")
        return collect(probe, namespace.get(spec.name))


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    """Keep what course code prints and warns out of the caller's terminal."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
