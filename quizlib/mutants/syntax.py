"""Build and read pieces of a syntax tree, without changing the tree that they come from."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

Function = ast.FunctionDef | ast.AsyncFunctionDef

SHOWN = 72
"""Characters of code in a label at most."""


def but(node: Node, **fields: object) -> Node:
    """Return a copy of `node` with some fields replaced; all others are shared with it.

    >>> ast.unparse(but(ast.parse("a + b", mode="eval").body, op=ast.Sub()))
    'a - b'
    """
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def expression(template: str, **parts: ast.expr) -> ast.expr:
    """Return the expression of a template in which capital names stand for parts.

    >>> ast.unparse(expression("floor(X + 0.5)", X=ast.parse("a / b", mode="eval").body))
    'floor(a / b + 0.5)'
    """
    return _Filled(parts).visit(ast.parse(template, mode="eval").body)  # type: ignore[no-any-return]  # visit is untyped


class _Filled(ast.NodeTransformer):
    def __init__(self, parts: dict[str, ast.expr]) -> None:
        self._parts = parts

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._parts.get(node.id, node)


def constant(value: object) -> ast.Constant:
    """Return the node of a constant."""
    return ast.Constant(value)  # type: ignore[arg-type]  # the stubs list the types of Python's literals


def last_name(node: ast.AST) -> str:
    """Return the last part of a dotted name or of what a call calls; "" for anything else.

    >>> last_name(ast.parse("torch.nn.functional.relu(x)", mode="eval").body)
    'relu'
    """
    match node:
        case ast.Call():
            return last_name(node.func)
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
    return ""


def is_of_class(call: ast.Call) -> bool:
    """Say whether a call makes an object of a class, by the class's capital."""
    return last_name(call)[:1].isupper()


def first_name(node: ast.AST) -> str:
    """Return the name with which a dotted name begins; "" where it begins with anything else.

    >>> first_name(ast.parse("torch.nn.functional", mode="eval").body)
    'torch'
    """
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def names_in(node: ast.AST) -> set[str]:
    """Return every name that is read or bound in `node`."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def targets_of(statement: ast.stmt) -> list[str]:
    """Return the plain names that an assignment binds, in order.

    >>> targets_of(ast.parse("(a, b), c[0] = x").body[0])
    ['a', 'b']
    """
    match statement:
        case ast.Assign():
            targets = statement.targets
        case ast.AnnAssign() | ast.AugAssign():
            targets = [statement.target]
        case _:
            return []
    return [name for target in targets for name in _bound_by(target)]


def _bound_by(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name():
            yield target.id
        case ast.Tuple() | ast.List():
            for part in target.elts:
                yield from _bound_by(part)
        case ast.Starred():
            yield from _bound_by(target.value)


def bound_in(body: list[ast.stmt]) -> set[str]:
    """Return the names that statements bind where they stand: imports, definitions, assignments, loops."""
    names: set[str] = set()
    for node in (node for statement in body for node in ast.walk(statement)):
        match node:
            case ast.Import() | ast.ImportFrom():
                names |= imported_by(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
    return names


def imported_by(node: ast.Import | ast.ImportFrom) -> set[str]:
    """Return the names that an import binds.

    >>> sorted(imported_by(ast.parse("import os.path, numpy as np").body[0]))
    ['np', 'os']
    """
    return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}


def parameters(function: Function) -> list[ast.arg]:
    """Return the parameters of a function that have a name of their own to be passed by, without `self`."""
    arguments = function.args
    return [arg for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs) if arg.arg != "self"]


def alike(code: str) -> str:
    r"""Return code with one kind of quotes, to be read and not run.

    Python 3.11 writes an f-string with other quotes than the texts in it, 3.12 with the same.

    >>> alike("f\"{bits['low']}\"")
    "f'{bits['low']}'"
    """
    return code.replace('"', "'")


def shown(node: ast.AST) -> str:
    """Return the code of a node on one line, its middle left out where it is long."""
    code = " ".join(alike(ast.unparse(node)).split())
    half = SHOWN // 2
    return code if len(code) <= SHOWN else f"{code[: half - 1]}…{code[-half:]}"
