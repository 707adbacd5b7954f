"""Where a solution can be changed: its statements and its expressions, each with what surrounds it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from quizlib.mutants.mutant import Kind
from quizlib.mutants.syntax import bound_in, imported_by, last_name, names_in, parameters, shown, targets_of

BLOCKS = ("body", "orelse", "finalbody")
"""Fields of a statement that hold statements."""

SEEDS = frozenset({"manual_seed", "set_random_seed", "seed", "default_rng"})
"""Calls whose arguments are as good as any others."""

WITHOUT_EFFECT = frozenset({"verbose", "strict"})
"""Keywords that change nothing of an answer: what is printed, and a check of what holds."""

SAMPLES = frozenset({"representative_dataset"})
"""Attributes that take examples, of which one more or less changes nothing."""


@dataclass(frozen=True, eq=False)
class Change:
    """One field of one node of the solution's tree, and what a mutant has there instead.

    `is_undone` says that it leaves the work itself undone.
    """

    kind: Kind
    label: str
    owner: ast.AST
    field: str
    value: object
    is_undone: bool = False


@dataclass(frozen=True, eq=False)
class Line:
    """A statement in its block.

    `bound` are the names that have a value before it, `scope` is the function (or module) it stands in, and `loops`
    are the loops around it in that scope, from the outermost in.
    """

    owner: ast.AST
    field: str
    index: int
    bound: frozenset[str]
    scope: ast.AST
    loops: tuple[ast.stmt, ...]

    @property
    def statement(self) -> ast.stmt:
        """The statement."""
        found: ast.stmt = getattr(self.owner, self.field)[self.index]
        return found

    @property
    def number(self) -> int:
        """Number of the line on which it begins in the solution as it is compared."""
        return self.statement.lineno

    @property
    def is_step(self) -> bool:
        """Whether a `while` around it waits for what it binds, and may wait for ever for anything else."""
        names = set(targets_of(self.statement))
        return any(isinstance(loop, ast.While) and names_in(loop.test) & names for loop in self.loops)

    def change(self, kind: Kind, words: str, *statements: ast.stmt) -> Change:
        """Return the change that puts other statements, or none, in its place."""
        block: list[ast.stmt] = getattr(self.owner, self.field)
        changed = [*block[: self.index], *statements, *block[self.index + 1 :]]
        return Change(kind, f"line {self.number}: {words}", self.owner, self.field, changed or [ast.Pass()])


@dataclass(frozen=True, eq=False)
class Place:
    """An expression in its statement; `around` are the nodes it lies in, from the statement down to its owner."""

    line: Line
    owner: ast.AST
    field: str
    index: int | None
    around: tuple[ast.AST, ...]

    @property
    def node(self) -> ast.expr:
        """The expression."""
        held = getattr(self.owner, self.field)
        found: ast.expr = held if self.index is None else held[self.index]
        return found

    @property
    def is_called(self) -> bool:
        """Whether it is the function of a call."""
        return isinstance(self.owner, ast.Call) and self.field == "func"

    @property
    def is_index(self) -> bool:
        """Whether it is an index of a subscript or a bound of a slice, with or without a sign."""
        child: ast.AST = self.node
        for parent in reversed(self.around):
            if isinstance(parent, ast.Subscript):
                return child is parent.slice
            if not isinstance(parent, ast.Slice | ast.Tuple | ast.UnaryOp):
                return False
            child = parent
        return False

    @property
    def calls(self) -> list[str]:
        """Last names of the calls around it, the innermost first."""
        return [last_name(node) for node in reversed(self.around) if isinstance(node, ast.Call)]

    def change(self, kind: Kind, new: ast.expr) -> Change:
        """Return the change that puts another expression in its place."""
        label = f"line {self.line.number}: `{shown(new)}` instead of `{shown(self.node)}`"
        held = getattr(self.owner, self.field)
        value = new if self.index is None else [*held[: self.index], new, *held[self.index + 1 :]]
        return Change(kind, label, self.owner, self.field, value)


def lines(tree: ast.Module, bound: frozenset[str]) -> Iterator[Line]:
    """Return every statement of a solution in order; `bound` are the names that its setup binds."""
    yield from _block(tree, "body", set(bound), tree, ())


def _block(owner: ast.AST, field: str, bound: set[str], scope: ast.AST, loops: tuple[ast.stmt, ...]) -> Iterator[Line]:
    """Yield the statements of a block and of the blocks in them; `bound` grows as they bind names."""
    for index, statement in enumerate(getattr(owner, field, ())):
        yield Line(owner, field, index, frozenset(bound), scope, loops)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = bound | {parameter.arg for parameter in parameters(statement)}
            yield from _block(statement, "body", inside, statement, ())
            bound.add(statement.name)
            continue
        if isinstance(statement, ast.For):
            bound |= bound_in([ast.Assign([statement.target], statement.iter)])
        around = (*loops, statement) if isinstance(statement, ast.For | ast.While) else loops
        for part in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            for block in BLOCKS:
                yield from _block(part, block, bound, scope, around)
        bound |= set(targets_of(statement))
        if isinstance(statement, ast.Import | ast.ImportFrom):
            bound |= imported_by(statement)


def places(line: Line) -> Iterator[Place]:
    """Return every expression of a statement that a mutant may change, the outer ones first.

    Left out is what says nothing of the answer: annotations, decorators, the text of an exception, an f-string's
    parts, seeds, and the keywords of `WITHOUT_EFFECT`.
    """
    for owner, field in _heads(line.statement):
        yield from _inside(line, owner, field, (line.statement,))


def _heads(statement: ast.stmt) -> Iterator[tuple[ast.AST, str]]:
    """Yield the fields in which a statement's own expressions begin."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from ((statement.args, "defaults"), (statement.args, "kw_defaults"))
        case ast.Assign(targets=[ast.Attribute(attr=name)]) if name in SAMPLES:
            return
        case ast.Assign():
            yield from ((target, "slice") for target in statement.targets if isinstance(target, ast.Subscript))
            yield (statement, "value")
        case ast.AugAssign():
            yield from ((target, "slice") for target in [statement.target] if isinstance(target, ast.Subscript))
            yield (statement, "value")
        case ast.AnnAssign() | ast.Return() | ast.Expr():
            yield (statement, "value")
        case ast.For():
            yield (statement, "iter")
        case ast.If() | ast.While():
            yield (statement, "test")
        case ast.With():
            yield from ((item, "context_expr") for item in statement.items)


def _inside(line: Line, owner: ast.AST, field: str, around: tuple[ast.AST, ...]) -> Iterator[Place]:
    held = getattr(owner, field, None)
    for index, node in enumerate(held) if isinstance(held, list) else ((None, held),):
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store):
            yield Place(line, owner, field, index, around)
        if isinstance(node, ast.AST) and not _is_sealed(node):
            inner = [name for name in node._fields if not (isinstance(node, ast.Lambda) and name == "args")]
            for name in inner:
                yield from _inside(line, node, name, (*around, node))


def _is_sealed(node: ast.AST) -> bool:
    """Say whether nothing inside `node` is worth changing."""
    match node:
        case ast.Call():
            return last_name(node) in SEEDS
        case ast.keyword():
            return node.arg in WITHOUT_EFFECT
        case ast.JoinedStr():
            return True
    return False
