"""Kind (d): a part of the answer in another's place, or left out; an intermediate result for the answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizlib.mutants.mutant import MODELS
from quizlib.mutants.parsed import Parsed
from quizlib.mutants.places import Change, Place
from quizlib.mutants.syntax import bound_in, but, is_of_class, targets_of


def answer_parts(parsed: Parsed) -> Iterator[Change]:
    """Yield each answer of several parts with two of them exchanged, one of them twice, or one left out."""
    for place in parsed.answers():
        yield from (place.change("d", new) for new in [*entries(place), *_elements(place)])


def entries(place: Place) -> Iterator[ast.expr]:
    """Yield a dict with two neighbouring values exchanged, one of them twice, or an entry left out."""
    match place.node:
        case ast.Dict(keys=keys, values=values) as node if len(values) > 1:
            yield from (but(node, values=changed) for changed in _mixed(values))
            for at in range(len(values)):
                kept = {"keys": [*keys[:at], *keys[at + 1 :]], "values": [*values[:at], *values[at + 1 :]]}
                yield but(node, **kept)


def _elements(place: Place) -> Iterator[ast.expr]:
    match place.node:
        case ast.Tuple(elts=elts) | ast.List(elts=elts) as node if len(elts) > 1:
            yield from (but(node, elts=changed) for changed in _mixed(elts))
            for at in range(len(elts)):
                rest = [*elts[:at], *elts[at + 1 :]]
                yield rest[0] if len(rest) == 1 else but(node, elts=rest)


def _mixed(values: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """Yield values with two neighbours exchanged, and with one twice."""
    for at in range(len(values) - 1):
        yield [*values[:at], values[at + 1], values[at], *values[at + 2 :]]
    for at in range(len(values)):
        yield [*values[:at], values[(at + 1) % len(values)], *values[at + 1 :]]


def other_results(parsed: Parsed) -> Iterator[Change]:
    """Yield each answer replaced by each other name that is bound by the solution before it."""
    for place in parsed.answers():
        others = _results(parsed) & place.line.bound - parsed.modules - {parsed.solution.name, "_"}
        if not isinstance(place.node, ast.Constant):
            yield from (place.change("d", ast.Name(name)) for name in sorted(others))


def _results(parsed: Parsed) -> set[str]:
    """Return the names that the solution binds; where a model is asked for, those of what a function has made."""
    body = (parsed.function or parsed.tree).body
    if parsed.solution.response not in MODELS:
        return bound_in(body)
    made = [statement for statement in body if isinstance(statement, ast.Assign)]
    return {
        name
        for statement in made
        if isinstance(statement.value, ast.Call) and not is_of_class(statement.value)
        for name in targets_of(statement)
    }
