"""Measure what a user waits for, with its spread: `python -m benchmarks build/bench.json`."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPEATS = 7


def timed(call: Callable[[], object], repeats: int = REPEATS) -> list[float]:
    """Return the seconds of `repeats` calls, after one that is not counted."""
    call()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return seconds


def import_quizlib() -> object:
    """Start Python and import the library."""
    return subprocess.run([sys.executable, "-c", "import quizlib"], check=True)


def start_python() -> object:
    """Start Python alone, which the import is to be compared with."""
    return subprocess.run([sys.executable, "-c", ""], check=True)


def item_benchmarks() -> dict[str, list[float]]:
    """Return the seconds of checking a question and an exercise as a learner does, and of the crossing alone."""
    from quizlib.authoring.course import read_lesson
    from quizlib.authoring.responding import run_response
    from quizlib.evidence.files import read_evidence, write_evidence
    from quizlib.evidence.values import Evidence
    from quizlib.judging.judge import judge

    lesson = read_lesson(Path(__file__).parents[1] / "solutions", "01-overview")
    question = next(iter(lesson.questions.values())).sheet(lesson.id)
    spec = lesson.exercises["prune-layers"]
    sheet = spec.grading_sheet(b"benchmark")
    source = next(attempt.source for attempt in lesson.attempts[spec.id] if attempt.is_right)
    evidence = run_response(spec, source, sheet.probe)

    def cross() -> object:
        with tempfile.TemporaryDirectory() as folder:
            write_evidence(Path(folder), evidence)
            return read_evidence(Path(folder), spec.id)

    answer = Evidence(question.question.id, question.question.revision, "A")
    return {
        "judge a question": timed(lambda: judge(question, answer)),
        "take evidence of prune-layers": timed(lambda: run_response(spec, source, sheet.probe)),
        "carry it across the boundary": timed(cross),
        "judge prune-layers": timed(lambda: judge(sheet, evidence)),
    }


def results() -> dict[str, dict[str, float]]:
    """Return median, least and greatest seconds by what was measured."""
    measured = {"start Python": timed(start_python), "start Python and import quizlib": timed(import_quizlib)}
    measured |= item_benchmarks()
    return {
        name: {"median_s": statistics.median(s), "min_s": min(s), "max_s": max(s), "repeats": float(len(s))}
        for name, s in measured.items()
    }


def main(path: Path) -> None:
    """Measure, write the results to `path` with the machine they belong to, and show them."""
    found = results()
    machine = {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": machine, "results": found}, indent=1) + "\n", encoding="utf-8")
    table = Table(title=f"seconds, {REPEATS} repeats, in {path}", title_justify="left")
    for column in ("what", "median, ms", "min, ms", "max, ms"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name, row in found.items():
        table.add_row(name, *(f"{row[key] * 1000:.1f}" for key in ("median_s", "min_s", "max_s")))
    Console().print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/bench.json"))
