"""Make the mutants of a solution: every change that leads to code of its own."""

from __future__ import annotations

import ast
import difflib
import hashlib
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from quizlib.mutants import calls, casts, constants, frozen, operators, parts, rounding, statements, undone
from quizlib.mutants.mutant import KINDS, Kind, Mutant, Solution
from quizlib.mutants.parsed import Parsed
from quizlib.mutants.places import Change, Place
from quizlib.mutants.syntax import alike, names_in

BY_FORM: tuple[tuple[Kind, Callable[[Place], Iterator[ast.expr]]], ...] = (
    ("c", rounding.division),
    ("a", operators.binary),
    ("a", operators.comparison),
    ("a", operators.boolean),
    ("a", operators.choice),
    ("a", operators.comprehension),
    ("a", constants.flag),
    ("a", constants.index),
    ("a", constants.left_out),
    ("a", calls.arguments),
    ("a", parts.entries),
)
"""What may stand in place of an expression, whatever the solution is."""

IN_SOLUTION: tuple[tuple[Kind, Callable[[Place, Parsed], Iterator[ast.expr]]], ...] = (
    ("e", undone.not_copied),
    ("e", undone.work_left_out),
    ("c", rounding.rounding),
    ("a", constants.number),
    ("a", constants.text),
    ("a", constants.sibling),
    ("a", calls.neighbour),
    ("a", calls.left_out),
    ("a", calls.bounds),
)
"""What may stand in its place as the solution's other names tell."""

OF_SOLUTION: tuple[Callable[[Parsed], Iterator[Change]], ...] = (
    undone.handed_back,
    undone.handed_in,
    undone.undone_statements,
    undone.unsettled,
    frozen.frozen,
    casts.casts,
    parts.answer_parts,
    parts.other_results,
    statements.statement_changes,
    statements.early_returns,
)
"""Changes of whole statements and functions."""

IMPORTS = {
    "math": "import math",
    "np": "import numpy as np",
    "tf": "import tensorflow as tf",
    "torch": "import torch",
    "zoo": "from quizlib import zoo",
}
"""Modules that a mutant may need where neither setup nor solution import them."""

WIDEST = 300
"""Characters of a line of a diff at most; a frozen array has thousands."""

TELLING: tuple[Kind, ...] = ("e", "b", "c", "d", "a")
"""Kinds by how much they tell of a mistake: of two changes that lead to the same code, the first is kept."""


def mutants_of(solution: Solution) -> tuple[Mutant, ...]:
    r"""Return the mutants of a solution in order of kind, each different from the solution and from all others.

    Raises:
        SpecError: the solution or its setup is no Python.

    >>> double = Solution(source="def double(x):\n    return 2 * x", name="double", response="function")
    >>> [mutant.label for mutant in mutants_of(double) if mutant.kind == "e"]
    ['line 1: x handed back, nothing done']
    """
    parsed = Parsed.of(solution)
    solution_itself = ast.dump(parsed.tree)
    texts, firsts = dict[str, Change](), dict[str, str]()
    for change in sorted(_changes(parsed), key=lambda change: TELLING.index(change.kind)):
        text = _changed(parsed, change)
        dump = _dump(text)
        if dump is None or dump == solution_itself:
            continue
        first = firsts.setdefault(dump, text)
        known = texts.setdefault(first, change)
        texts[first] = replace(known, is_undone=known.is_undone or change.is_undone)
    return _listed(parsed, texts)


def _changes(parsed: Parsed) -> Iterator[Change]:
    for place in parsed.places():
        for kind, rule in BY_FORM:
            yield from (place.change(kind, new) for new in rule(place))
        for kind, judged in IN_SOLUTION:
            yield from (place.change(kind, new) for new in judged(place, parsed))
    for of_solution in OF_SOLUTION:
        yield from of_solution(parsed)


def _changed(parsed: Parsed, change: Change) -> str:
    """Return the solution with one change; its tree is afterwards as it was."""
    before = getattr(change.owner, change.field)
    setattr(change.owner, change.field, change.value)
    try:
        return ast.unparse(parsed.tree)
    finally:
        setattr(change.owner, change.field, before)


def _dump(text: str) -> str | None:
    """Return what tells two mutants apart, or None for what does not compile, or not without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", SyntaxWarning)
        try:
            compile(text, "<mutant>", "exec")
        except (SyntaxError, SyntaxWarning):
            return None
    return ast.dump(ast.parse(text))


def _listed(parsed: Parsed, texts: dict[str, Change]) -> tuple[Mutant, ...]:
    """Return mutants in order of kind, with labels and diffs that no two of them share."""
    diffs, used = _diffs(parsed.text, list(texts)), Counter[str]()
    made = []
    for text, change in texts.items():
        used[change.label] += 1
        name = change.label if used[change.label] == 1 else f"{change.label} ({used[change.label]})"
        made.append(Mutant(change.kind, name, _with_imports(parsed, text), diffs[text], change.is_undone))
    return tuple(sorted(made, key=lambda mutant: list(KINDS).index(mutant.kind)))


def _with_imports(parsed: Parsed, text: str) -> str:
    """Return code that also imports what the solution did not need."""
    needed = names_in(ast.parse(text)) - parsed.given - parsed.modules - names_in(parsed.tree)
    return "\n".join([*(line for name, line in IMPORTS.items() if name in needed), text]) + "\n"


def _diffs(solution: str, texts: list[str]) -> dict[str, str]:
    """Return the shortest diff of each text that is its own, with as few lines around it as that takes."""
    diffs: dict[str, str] = {}
    for around in (0, 1, 3, len(solution)):
        found = {text: _diff(solution, text, around) for text in texts if text not in diffs}
        shared = Counter([*diffs.values(), *found.values()])
        diffs |= {text: diff for text, diff in found.items() if shared[diff] == 1}
    return diffs


def _diff(solution: str, text: str, around: int) -> str:
    """Return a unified diff without the numbers of its lines, which move with every edit above them."""
    before, after = alike(solution).splitlines(), alike(text).splitlines()
    _, _, *found = [*difflib.unified_diff(before, after, lineterm="", n=around)] or ["", ""]
    return "\n".join(_cut("@@" if line.startswith("@@ ") else line) for line in found)


def _cut(line: str) -> str:
    """Return a line, its end told by a digest where it is too long to read."""
    if len(line) <= WIDEST:
        return line
    return f"{line[:WIDEST]}… ({hashlib.sha256(line.encode()).hexdigest()[:8]})"
