"""Kind (c): every cast to a narrower or a neighbouring type, or left out.

What is cast in several places is cast otherwise in all of them at once: two operands of which only one stays wide are
wide together, so that a change of the other alone would change nothing.
"""

from __future__ import annotations

import ast
import copy
from collections import defaultdict
from collections.abc import Iterator

from quizlib.mutants.parsed import Parsed
from quizlib.mutants.places import Change, Place
from quizlib.mutants.syntax import but, constant, first_name, last_name

DTYPES = {
    "float64": ("float32",),
    "float32": ("float16", "float64"),
    "float16": ("float32",),
    "int64": ("int32",),
    "int32": ("int16", "int64"),
    "int16": ("int8", "int32"),
    "int8": ("uint8", "int16"),
    "uint8": ("int8", "int16"),
    "qint8": ("quint8", "float16"),
    "quint8": ("qint8",),
    "int4": ("int8", "int2"),
    "int2": ("int4", "int1"),
}
"""The narrower type and the neighbours of each."""

METHODS = {"double": ("float",), "float": ("half", "double"), "half": ("float",), "long": ("int",), "int": ("short",)}
"""Methods of a tensor that cast it, and those that cast to a neighbour."""

WIDEST = frozenset({"float64", "double"})
"""Casts that only add precision: what an input has without them, a narrower one has as well."""


def casts(parsed: Parsed) -> Iterator[Change]:
    """Yield each dtype and each cast of the solution exchanged for its neighbours, and each cast left out."""
    dtypes: dict[str, list[tuple[Place, list[ast.expr]]]] = defaultdict(list)
    dropped: dict[str, list[tuple[Place, list[ast.expr]]]] = defaultdict(list)
    for place in parsed.places():
        name, others = _neighbours(place, parsed)
        if others:
            dtypes[name].append((place, others))
        what, cast = _cast(place, parsed)
        if cast is not None:
            dropped[what].append((place, [cast]))
    for sites in (*dtypes.values(), *dropped.values()):
        yield from _exchanged(parsed, sites)


def _exchanged(parsed: Parsed, sites: list[tuple[Place, list[ast.expr]]]) -> Iterator[Change]:
    """Yield one cast of many changed where it is in the answer itself, and all of them at once."""
    for place, others in sites:
        if len(sites) == 1 or isinstance(place.line.statement, ast.Return):
            yield from (place.change("c", other) for other in others)
    if len(sites) > 1:
        for at in range(len(sites[0][1])):
            yield _everywhere(parsed, [(place, others[at]) for place, others in sites])


def _everywhere(parsed: Parsed, exchanged: list[tuple[Place, ast.expr]]) -> Change:
    first, other = exchanged[0]
    # What deepcopy finds in its memo is taken for the copy of that node.
    memo: dict[int, object] = {id(place.node): new for place, new in exchanged}
    changed = copy.deepcopy(parsed.tree, memo)
    return Change("c", f"{first.change('c', other).label}, everywhere", parsed.tree, "body", changed.body)


def _neighbours(place: Place, parsed: Parsed) -> tuple[str, list[ast.expr]]:
    """Return the name of the type that is named or cast to here, and its neighbours."""
    match place.node:
        case ast.Attribute(attr=name) as node if name in DTYPES and not place.is_called:
            return name, [but(node, attr=other) for other in DTYPES[name]]
        case ast.Constant(value=str() as name) if name in DTYPES:
            return repr(name), [constant(other) for other in DTYPES[name]]
        case ast.Call(func=ast.Attribute(attr=name) as method, args=[]) as node if _is_cast(method, parsed):
            return f"{name}()", [but(node, func=but(method, attr=other)) for other in METHODS[name]]
        case ast.Call(func=ast.Name(id="float"), args=[value]) as node if not isinstance(value, ast.Constant):
            return f"float({ast.unparse(value)})", [but(node, func=ast.Name("int"))]
    return "", []


def _cast(place: Place, parsed: Parsed) -> tuple[str, ast.expr | None]:
    """Return how something is cast, and what it is without that."""
    match place.node:
        case ast.Call(func=ast.Attribute(attr="to" | "astype" as name, value=value), args=[dtype]):
            cast = last_name(dtype)
        case ast.Call(func=ast.Attribute(attr=name, value=value) as method, args=[]) if _is_cast(method, parsed):
            cast = name
        case _:
            return "", None
    return f"{name} {cast}", None if cast in WIDEST else value


def _is_cast(method: ast.Attribute, parsed: Parsed) -> bool:
    return method.attr in METHODS and first_name(method) not in parsed.modules
