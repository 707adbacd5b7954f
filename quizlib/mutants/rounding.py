"""Kind (c): every rounding exchanged for each of the others, in the library that the solution rounds with."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizlib.mutants.parsed import Parsed
from quizlib.mutants.places import Place
from quizlib.mutants.syntax import expression, first_name, last_name

FORMS = {
    "python": {
        "floor": "math.floor(X)",
        "ceil": "math.ceil(X)",
        "trunc": "math.trunc(X)",
        "half even": "round(X)",
        "half up": "math.floor(X + 0.5)",
        "half away": "math.trunc(X + math.copysign(0.5, X))",
    },
    "numpy": {
        "floor": "np.floor(X)",
        "ceil": "np.ceil(X)",
        "trunc": "np.trunc(X)",
        "half even": "np.rint(X)",
        "half up": "np.floor(X + 0.5)",
        "half away": "np.trunc(X + np.copysign(0.5, X))",
    },
    "torch": {
        "floor": "torch.floor(X)",
        "ceil": "torch.ceil(X)",
        "trunc": "torch.trunc(X)",
        "half even": "torch.round(X)",
        "half up": "torch.floor(X + 0.5)",
        "half away": "torch.trunc(X + torch.copysign(torch.tensor(0.5), X))",
    },
}
"""The six ways to round, by library."""

RULES = {
    "round": "half even",
    "rint": "half even",
    "around": "half even",
    "floor": "floor",
    "ceil": "ceil",
    "trunc": "trunc",
    "fix": "trunc",
    "int": "trunc",
}
"""What the functions and methods that round do."""

LIBRARIES = {"math": "python", "np": "numpy", "numpy": "numpy", "torch": "torch"}

WHOLE = frozenset(
    {"argmax", "argmin", "ceil", "count_nonzero", "floor", "len", "numel", "prod", "rint", "round", "sum"}
)
"""Calls that give whole numbers, of which `int` takes nothing away."""


def rounding(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield every other rounding of what a call rounds."""
    node = place.node
    if not isinstance(node, ast.Call) or last_name(node) not in RULES or node.keywords:
        return
    found = _library_and_value(node, parsed)
    if found is None:
        return
    library, value = found
    rule = RULES[last_name(node)]
    others = {name: form for name, form in FORMS[library].items() if name != rule}
    if library == "python" and rule in ("floor", "ceil"):  # of counts: there trunc is floor, and half away is half up
        others = {name: form for name, form in others.items() if name not in ("trunc", "half away")}
    yield from (expression(form, X=value) for form in others.values())


def _library_and_value(call: ast.Call, parsed: Parsed) -> tuple[str, ast.expr] | None:
    match call:
        case ast.Call(func=ast.Name(id="round"), args=[value]):
            return "python", value
        case ast.Call(func=ast.Name(id="int"), args=[value]) if not _is_whole(value):
            return "python", value
        case ast.Call(func=ast.Attribute() as function, args=[value]) if first_name(function) in LIBRARIES:
            return LIBRARIES[first_name(function)], value
        case ast.Call(func=ast.Attribute(value=value), args=[]):
            return ("torch" if "torch" in parsed.modules else "numpy"), value
    return None


def _is_whole(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.Compare) or last_name(node) in WHOLE


def division(place: Place) -> Iterator[ast.expr]:
    """Yield a whole division rounded up and to the nearest; `-(-a // b)`, which rounds up, also down.

    What is divided whole is a count: its trunc is its floor.
    """
    match place.node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.BinOp(op=ast.FloorDiv()) as divided) if _is_minus(divided.left):
            forms = ("-(L) // R", "round(-(L) / R)")
        case ast.BinOp(op=ast.FloorDiv()) as divided if not _is_minus(divided.left):
            forms = ("-(-L // R)", "round(L / R)")
        case _:
            return
    yield from (expression(form, L=divided.left, R=divided.right) for form in forms)


def _is_minus(node: ast.expr) -> bool:
    """Say whether a product begins with a minus sign."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        node = node.left
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
