"""Kind (a): constants, names and indices exchanged for their neighbours."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizlib.mutants.parsed import TRAINING, Parsed
from quizlib.mutants.places import Place
from quizlib.mutants.syntax import Function, but, constant, parameters

AXES = frozenset({"axis", "dim", "ch_axis"})
"""Keywords that take an axis."""

SIBLING_TEXTS = {"weight": "bias"}
"""Texts that stand for a part, and the part beside it."""


def number(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield a number one lower and higher, 0 and 1, doubled (a fraction halved), with the other sign.

    A training goes as well with other numbers; 0 alone undoes it.
    """
    node = place.node
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        return
    value: int | float = node.value  # type: ignore[assignment]  # its type was tested above
    others = _others(value, place, parsed)
    yield from (constant(other) for other in dict.fromkeys(others) if other != value)


def _others(value: int | float, place: Place, parsed: Parsed) -> list[int | float]:
    """Return the numbers that may be taken for one, by where it stands."""
    if parsed.is_training and (TRAINING & set(place.calls) or _is_of_training_loop(place)):
        return [] if "range" in place.calls else [0]  # no round at all is nothing done
    if place.line.is_step:
        return [value + 1]
    if place.is_index:
        return [value + 1] if (place.field, value) == ("lower", 1) else [value - 1, value + 1]  # x[0:] is x[:]
    if isinstance(place.owner, ast.BinOp) and isinstance(place.owner.op, ast.Pow):
        return [value + 1] if place.field == "left" else [value - 1, value + 1]  # nobody takes 2**31 for 2**62
    if _is_axis(place):
        return [1 - value if value in (0, 1) else value + 1]
    is_negated = isinstance(place.owner, ast.UnaryOp)
    return [other for other in _neighbours(value) if not (is_negated and other == -value)]


def _is_of_training_loop(place: Place) -> bool:
    return isinstance(place.line.statement, ast.For) and "range" in place.calls


def _is_axis(place: Place) -> bool:
    return isinstance(place.owner, ast.keyword) and place.owner.arg in AXES


def _neighbours(value: int | float) -> Iterator[int | float]:
    zero, one = type(value)(0), type(value)(1)
    if isinstance(value, int) or value.is_integer():
        yield from (value - 1, value + 1)
    else:
        yield value / 2
    yield from (zero, one, 2 * value, -value)


def flag(place: Place) -> Iterator[ast.expr]:
    """Yield False for True, True for False, and 0 for a None that is no place of an index."""
    match place.node:
        case ast.Constant(value=bool() as value):
            yield constant(not value)
        case ast.Constant(value=None) if not place.is_index and not isinstance(place.owner, ast.Compare):
            yield constant(0)


def text(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield the next text of the solution for a text, `bias` for `weight`, and an f-string without its fixed parts."""
    match place.node:
        case ast.Constant(value=str() as value) if place.field != "keys":
            texts = parsed.texts
            after = texts[(texts.index(value) + 1) % len(texts)] if value in texts else value
            others = dict.fromkeys([after, SIBLING_TEXTS.get(value, value)])
            yield from (constant(other) for other in others if other != value)
        case ast.JoinedStr(values=values) as node:
            filled = [part for part in values if isinstance(part, ast.FormattedValue)]
            if 0 < len(filled) < len(values):
                yield but(node, values=filled)


def index(place: Place) -> Iterator[ast.expr]:
    """Yield an index that is off by one, or exchanged with its neighbour; a slice without a bound, or off by one."""
    node = place.node
    if not isinstance(node, ast.Subscript):
        return
    match node.slice:
        case ast.Tuple(elts=elts):
            for at in range(len(elts) - 1):
                swapped = [*elts[:at], elts[at + 1], elts[at], *elts[at + 2 :]]
                yield but(node, slice=ast.Tuple(swapped))
        case ast.Slice() as cut:
            yield from (but(node, slice=other) for other in _cuts(cut))
        case ast.Name() | ast.BinOp() as at:
            yield from (but(node, slice=ast.BinOp(at, sign(), constant(1))) for sign in (ast.Sub, ast.Add))


def _cuts(cut: ast.Slice) -> Iterator[ast.Slice]:
    for bound in ("lower", "upper"):
        held = getattr(cut, bound)
        if held is not None:
            yield but(cut, **{bound: None})
        if held is not None and not isinstance(held, ast.Constant | ast.UnaryOp):  # a number has its own neighbours
            yield but(cut, **{bound: ast.BinOp(held, ast.Sub(), constant(1))})
            yield but(cut, **{bound: ast.BinOp(held, ast.Add(), constant(1))})


def left_out(place: Place) -> Iterator[ast.expr]:
    """Yield a list, a set or a tuple of several things without each of them; an assigned tuple keeps its length."""
    node = place.node
    is_answer = isinstance(place.owner, ast.Return | ast.Assign)
    is_index = isinstance(place.owner, ast.Subscript) and place.field == "slice"
    if not isinstance(node, ast.List | ast.Set | ast.Tuple) or is_answer or is_index or len(node.elts) < 2:
        return
    for at in range(len(node.elts)):
        yield but(node, elts=[*node.elts[:at], *node.elts[at + 1 :]])


def sibling(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield the next parameter of the same annotation for a parameter."""
    node, function = place.node, parsed.function
    if not isinstance(node, ast.Name) or function is None or place.is_called or place.line.scope is not function:
        return
    alike = _alike(function, node.id)
    if len(alike) > 1:
        yield ast.Name(alike[(alike.index(node.id) + 1) % len(alike)])


def _alike(function: Function, name: str) -> list[str]:
    """Return the parameters annotated as `name` is, in order; nothing for what is no annotated parameter."""
    annotations = {found.arg: found.annotation and ast.dump(found.annotation) for found in parameters(function)}
    wanted = annotations.get(name)
    return [other for other, annotation in annotations.items() if wanted and annotation == wanted]
