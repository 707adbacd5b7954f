"""Kind (c): every cast to a narrower or a neighbouring type, or left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizlib.mutants.parsed import Parsed
from quizlib.mutants.places import Place
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


def dtype(place: Place) -> Iterator[ast.expr]:
    """Yield the neighbours of a dtype, named or in a text."""
    match place.node:
        case ast.Attribute(attr=name) as node if name in DTYPES and not place.is_called:
            yield from (but(node, attr=other) for other in DTYPES[name])
        case ast.Constant(value=str() as name) if name in DTYPES:
            yield from (constant(other) for other in DTYPES[name])


def cast(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield what `.to(...)`, `.astype(...)`, `.double()` cast, as it is and cast to a neighbour; `int(x)` for `float(x)`."""
    match place.node:
        case ast.Call(func=ast.Attribute(attr="to" | "astype", value=value)):
            yield value
        case ast.Call(func=ast.Attribute(attr=name, value=value) as method, args=[]) as node if _is_cast(method, parsed):
            yield value
            yield from (but(node, func=but(method, attr=other)) for other in METHODS[name])
        case ast.Call(func=ast.Name(id="float"), args=[value]) as node if not isinstance(value, ast.Constant):
            yield but(node, func=ast.Name("int"))


def _is_cast(method: ast.Attribute, parsed: Parsed) -> bool:
    return last_name(method) in METHODS and first_name(method) not in parsed.modules
