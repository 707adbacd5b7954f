"""`quizlib facts`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from quizlib.cli.app import app, sentences

if TYPE_CHECKING:
    from quizlib.items.fact import Fact

SELF_REPORTED = "* rests on what the kernel says of itself: at most a fifth of an exercise's points may."


@app.command()
@sentences
def facts(
    name: Annotated[str | None, typer.Argument(help="A fact to show whole; by default all are listed.")] = None,
    solutions: Annotated[
        Path | None, typer.Option(help="A course as it is written, whose own facts are listed too.")
    ] = None,
) -> None:
    """List what an author may ask of a response in a criterion or a symptom: its name, its unit, what it measures.

    Example: quizlib facts sparsity
    """
    from quizlib.errors import SpecError
    from quizlib.judging.facts import FACTS

    own = _own(solutions) if solutions is not None else {}
    known = {**FACTS, **own}
    console = Console(highlight=False)
    if name is None:
        _list(console, known.values())
    elif name in known:
        _show(console, known[name])
    else:
        raise SpecError(f"no fact is called {name!r}; run `quizlib facts` for all of them.")


def _own(solutions: Path) -> dict[str, Fact]:
    from quizlib.authoring.own_facts import read_facts
    from quizlib.errors import SpecError

    if not solutions.is_dir():
        raise SpecError(f"{solutions} is no folder; pass one laid out like `solutions`.")
    return read_facts(solutions)


def _list(console: Console, known: Iterable[Fact]) -> None:
    for module, found in groupby(known, lambda fact: fact.function.__module__):
        heading = (inspect.getdoc(sys.modules[module]) or "").partition("\n")[0]
        console.rule(f"[bold]{module.rpartition('.')[2]}[/]", align="left", style="dim")
        console.print(escape(heading), style="italic")
        console.print(_table(found))
    console.print(SELF_REPORTED, style="dim")


def _table(found: Iterable[Fact]) -> Table:
    """Return facts as a table whose columns stand alike under every heading."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), expand=True, header_style="dim")
    table.add_column("fact, and its arguments", width=28, overflow="fold")
    table.add_column("measures", ratio=1)
    table.add_column("unit, and of what", width=17)
    for fact in found:
        mark = "*" if fact.is_self_reported else ""
        name = f"[bold]{fact.name}[/]{mark}\n{escape(', '.join(fact.arguments))}".rstrip()
        table.add_row(name, escape(fact.summary), f"{fact.unit}\n{_kinds(fact)}")
    return table


def _show(console: Console, fact: Fact) -> None:
    console.print(f"[bold]{fact.name}[/]{escape(_signature(fact))}", soft_wrap=True)
    console.print(f"unit: {fact.unit}")
    console.print(f"of: {_kinds(fact)}; {_places(fact)}")
    if fact.is_self_reported:
        console.print(SELF_REPORTED.removeprefix("* "))
    console.print(f"\n{inspect.getdoc(fact.function)}", markup=False)


def _signature(fact: Fact) -> str:
    """Return what a condition passes with its types, and the type of the fact."""
    taken = list(fact.signature.parameters.values())[2:]
    # Annotations are texts here, which would be shown in quotes.
    told = [str(each).replace(f"'{each.annotation}'", str(each.annotation)) for each in taken]
    return f"({', '.join(told)}) -> {fact.signature.return_annotation}"


def _kinds(fact: Fact) -> str:
    """Return the kinds of plain value that a fact is measured on, in words."""
    from quizlib.evidence.values import KINDS
    from quizlib.judging.describing import name_of

    return "any value" if set(fact.of) == set(KINDS) else ", ".join(map(name_of, fact.of))


def _places(fact: Fact) -> str:
    """Return where a fact may be asked for: of the response itself, or of its outputs, by kinds of response."""
    from quizlib.evidence.responses import RESPONSES

    itself = [
        kind
        for kind, response in RESPONSES.items()
        if response.library and response.facts_on == "response" and set(response.plain) & set(fact.of)
    ]
    outputs = [kind for kind, response in RESPONSES.items() if response.facts_on == "outputs"]
    response = f"a response ({', '.join(itself)}) or of " if itself else ""
    return f"asked of {response}an output ({', '.join(outputs)})"
