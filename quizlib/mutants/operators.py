"""Kind (a): operators, comparisons and conditions exchanged for plausible neighbours, or left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizlib.mutants.places import Place
from quizlib.mutants.syntax import but, expression, last_name

NEIGHBOURS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.MatMult: ast.Mult,
}

ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.MatMult)
"""Operators whose operands may not change places."""

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


REST = {"last": "list(X)[:-1]", "first": "list(X)[1:]"}
"""Everything but the last, and everything but the first."""


def binary(place: Place) -> Iterator[ast.expr]:
    """Yield the neighbouring operation, the operands exchanged, and either operand alone."""
    node = place.node
    if not isinstance(node, ast.BinOp) or _is_text(node.left) or _is_text(node.right):
        return
    yield but(node, op=NEIGHBOURS[type(node.op)]())
    if isinstance(node.op, ORDERED) and not _is_without_sign(place):
        yield but(node, left=node.right, right=node.left)
    yield from (side for side in (node.left, node.right) if not isinstance(side, ast.Constant))


def _is_without_sign(place: Place) -> bool:
    """Say whether a difference is squared, or its magnitude taken."""
    match place.owner:
        case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=2)):
            return isinstance(place.node, ast.BinOp) and isinstance(place.node.op, ast.Sub)
        case ast.Call() as call:
            return last_name(call) == "abs"
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def comparison(place: Place) -> Iterator[ast.expr]:
    """Yield each comparison of a chain exchanged, and the chain without its first and its last part."""
    node = place.node
    if not isinstance(node, ast.Compare):
        return
    for index, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            yield but(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])
    if len(node.ops) > 1:
        yield but(node, left=node.comparators[0], ops=node.ops[1:], comparators=node.comparators[1:])
        yield but(node, ops=node.ops[:-1], comparators=node.comparators[:-1])


def boolean(place: Place) -> Iterator[ast.expr]:
    """Yield `or` for `and`, each part left out, and what a sign or a `not` stands before."""
    match place.node:
        case ast.BoolOp() as node:
            yield but(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for index in range(len(node.values)):
                rest = [*node.values[:index], *node.values[index + 1 :]]
                yield rest[0] if len(rest) == 1 else but(node, values=rest)
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub(), operand=operand):
            yield operand


def choice(place: Place) -> Iterator[ast.expr]:
    """Yield a conditional expression with its branches exchanged, and each branch alone."""
    node = place.node
    if isinstance(node, ast.IfExp):
        yield but(node, body=node.orelse, orelse=node.body)
        yield from (node.body, node.orelse)


def comprehension(place: Place) -> Iterator[ast.expr]:
    """Yield a comprehension without a condition, with it turned round, and over all but the first or the last."""
    node = place.node
    if not isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        return
    for index, clause in enumerate(node.generators):
        for changed in _clauses(clause):
            yield but(node, generators=[*node.generators[:index], changed, *node.generators[index + 1 :]])


def _clauses(clause: ast.comprehension) -> Iterator[ast.comprehension]:
    for index, condition in enumerate(clause.ifs):
        yield but(clause, ifs=[*clause.ifs[:index], *clause.ifs[index + 1 :]])
        negated = ast.UnaryOp(ast.Not(), condition)
        yield but(clause, ifs=[*clause.ifs[:index], negated, *clause.ifs[index + 1 :]])
    yield from (but(clause, iter=rest) for rest in all_but_one(clause.iter).values())


def all_but_one(iterable: ast.expr) -> dict[str, ast.expr]:
    """Return what iterates over all but the last, and over all but the first, by the name of what is left out.

    The first of a model's modules is the model itself, which nobody counts.

    >>> [ast.unparse(rest) for rest in all_but_one(ast.parse("rows", mode="eval").body).values()]
    ['list(rows)[:-1]', 'list(rows)[1:]']
    """
    names = ("last",) if last_name(iterable) in ("modules", "named_modules") else ("last", "first")
    return {name: expression(REST[name], X=iterable) for name in names}
