"""What an author may ask of a response, by subject, as tables; and one fact whole."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from quizlib.authoring.own_facts import read_facts
from quizlib.errors import SpecError
from quizlib.evidence.responses import RESPONSES
from quizlib.evidence.values import KINDS
from quizlib.items.fact import Fact
from quizlib.judging.describing import name_of
from quizlib.judging.facts import FACTS

SELF_REPORTED = "* rests on what the kernel says of itself: at most a fifth of an exercise's points may."

DEFAULT_SENTENCE = "the <fact> should be <bounds>, but it is <value>"
"""What a card says of a fact that brings no sentence."""


def known_facts(solutions: Path | None = None) -> dict[str, Fact]:
    """Return the facts of the library by name, and those that the course in `solutions` brings itself.

    Raises:
        SpecError: there is no such folder, or a fact in it breaks the rules.
    """
    if solutions is not None and not solutions.is_dir():
        raise SpecError(f"{solutions} is no folder; pass one laid out like `solutions`.")
    return {**FACTS, **(read_facts(solutions) if solutions is not None else {})}


def fact_list(facts: Iterable[Fact]) -> Group:
    """Return facts as a table for each subject, which is the module that they stand in."""
    return Group(*_subjects(facts), Text(SELF_REPORTED, style="dim"))


def _subjects(facts: Iterable[Fact]) -> Iterator[RenderableType]:
    for module, found in groupby(facts, lambda fact: fact.function.__module__):
        yield Rule(f"[bold]{module.rpartition('.')[2]}[/]", align="left", style="dim")
        yield Text((inspect.getdoc(sys.modules[module]) or "").partition("\n")[0], style="italic")
        yield _table(found)


def _table(found: Iterable[Fact]) -> Table:
    """Return facts as a table whose columns stand alike under every subject."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), expand=True, header_style="dim")
    table.add_column("fact, and its arguments", width=28, overflow="fold")
    table.add_column("measures, and what a card says", ratio=1)
    table.add_column("unit, and of what", width=17)
    for fact in found:
        mark = "*" if fact.is_self_reported else ""
        name = f"[bold]{fact.name}[/]{mark}\n{escape(', '.join(fact.arguments))}".rstrip()
        table.add_row(name, _measures(fact), escape(f"{fact.unit}\n{_kinds(fact)}"))
    return table


def _measures(fact: Fact) -> str:
    """Return what a fact measures, and below it the sentence of a card, with its holes."""
    return escape(fact.summary) + (f"\n[dim]{escape(fact.sentence)}[/]" if fact.sentence else "")


def whole_fact(fact: Fact) -> str:
    """Return all that an author may know of a fact: how a condition calls it, unit, kinds, sentence, docstring."""
    head = [f"{fact.name}{_signature(fact)}", f"unit: {fact.unit}", f"of: {_kinds(fact)}; {_places(fact)}"]
    trust = [SELF_REPORTED.removeprefix("* ")] * fact.is_self_reported
    card = [f"on a card: {fact.sentence or DEFAULT_SENTENCE}"]
    return "\n".join([*head, *card, *trust, "", inspect.getdoc(fact.function) or ""])


def _signature(fact: Fact) -> str:
    """Return what a condition passes with its types, and the type of the fact."""
    taken = list(fact.signature.parameters.values())[2:]
    # Annotations are texts here, which would be shown in quotes.
    told = [str(each).replace(f"'{each.annotation}'", str(each.annotation)) for each in taken]
    returned = fact.signature.return_annotation
    return f"({', '.join(told)})" + ("" if returned is inspect.Signature.empty else f" -> {returned}")


def _kinds(fact: Fact) -> str:
    """Return the kinds of plain value that a fact is measured on, in words."""
    return "any value" if set(fact.of) == set(KINDS) else ", ".join(map(name_of, fact.of))


def _places(fact: Fact) -> str:
    """Return where a fact may be asked for: of the response itself, or of its outputs, by kinds of response."""
    itself = [
        kind
        for kind, response in RESPONSES.items()
        if response.library and response.facts_on == "response" and set(response.plain) & set(fact.of)
    ]
    outputs = [kind for kind, response in RESPONSES.items() if response.facts_on == "outputs"]
    response = f"a response ({', '.join(itself)}) or of " if itself else ""
    return f"asked of {response}an output ({', '.join(outputs)})"
