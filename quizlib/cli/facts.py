"""`quizlib facts`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from quizlib.cli.app import AUTHORS, command
from quizlib.errors import SpecError


@command(AUTHORS)
def facts(
    name: Annotated[str | None, typer.Argument(help="A fact to show whole; by default all are listed.")] = None,
    solutions: Annotated[
        Path | None, typer.Option(help="A course as it is written, whose own facts are listed too.")
    ] = None,
) -> None:
    """List what an author may ask of a response in a criterion or a symptom: its name, its unit, what it measures.

    Example: quizlib facts sparsity
    """
    from quizlib.authoring.fact_list import fact_list, known_facts, whole_fact

    known, console = known_facts(solutions), Console(highlight=False)
    if name is None:
        console.print(fact_list(known.values()))
    elif name in known:
        console.print(whole_fact(known[name]), markup=False, soft_wrap=True)
    else:
        raise SpecError(f"no fact is called {name!r}; run `quizlib facts` for all of them.")
