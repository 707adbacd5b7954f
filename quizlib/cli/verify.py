"""`quizlib verify`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from quizlib.cli.app import AUTHORS, command

WIDTH = 120
"""Columns of a log, which has no terminal to ask for its width."""


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH)


@command(AUTHORS)
def verify(
    lessons: Annotated[list[str] | None, typer.Argument(help="Ids of lessons; all by default.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the counts to this file.")] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Id of a question or exercise; may be given several times.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Reuse no verdict of an earlier run.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Run every mutant, and draw more secrets: before a lesson is published.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to run; by default one a core.")] = None,
    solutions: Annotated[
        Path | None, typer.Option(help="The course as it is written; by default that of the checkout.")
    ] = None,
) -> None:
    """Prove every answer key by running the library, and every grader on right and wrong attempts.

    A machine adds mistakes of its own, mutants of each solution: a dozen an exercise, and all of them with --full.

    Examples: quizlib verify 01-overview --json build/verify.json
              quizlib verify 03-quantization --full --only quantize-affine
    """
    from quizlib.release.checkout import solutions_folder
    from quizlib.verify.depth import FULL, QUICK
    from quizlib.verify.parallel import verify as verify_course
    from quizlib.verify.table import mutant_table, report_table

    console, start = _console(), time.perf_counter()
    report = verify_course(
        solutions_folder(solutions),
        lessons or (),
        only=only or (),
        fresh=fresh,
        depth=FULL if full else QUICK,
        workers=workers,
        console=Console(stderr=True),
    )
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(report.to_json(), indent=1) + "\n", encoding="utf-8")
    console.print(report_table(report))
    if full:
        console.print(mutant_table(report))
    for problem in report.problems:
        console.print("[bold red]problem[/]", end=" ")
        console.print(problem, soft_wrap=True, markup=False, emoji=False)
    seconds = time.perf_counter() - start
    verdict = "nothing is taken on trust" if report.ok else f"{len(report.problems)} problems"
    console.print(f"{verdict}, {seconds:.0f} s")
    if not report.ok:
        raise typer.Exit(1)
