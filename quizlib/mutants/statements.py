"""Kind (a): statements left out, guards and loops that do too much or too little, a return too early."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizlib.mutants.operators import all_but_one
from quizlib.mutants.parsed import Parsed, trains
from quizlib.mutants.places import SEEDS, Change, Line
from quizlib.mutants.syntax import but, last_name, shown, targets_of

WITHOUT_EFFECT = frozenset({"no_grad", "errstate", "inference_mode"})
"""Contexts that spare time or warnings, and change no answer."""

OTHER_ERRORS = {"ValueError": "TypeError", "TypeError": "ValueError"}


def statement_changes(parsed: Parsed) -> Iterator[Change]:
    """Yield every change of a whole statement."""
    for line in parsed.lines():
        for words, statements in _changed(line, parsed):
            yield line.change("a", words, *statements)


def _changed(line: Line, parsed: Parsed) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Yield what stands in place of a statement, and the words for it."""
    match line.statement:
        case ast.Assign() | ast.AugAssign() | ast.AnnAssign() as assignment:
            yield from _assignments(line, assignment, parsed)
        case ast.Expr(value=value) if last_name(value) not in SEEDS:
            yield f"without `{shown(value)}`", []
        case ast.If() as guard:
            yield from _guards(guard)
        case ast.For() as loop:
            yield from _for_loops(loop)
        case ast.While() as loop:
            yield f"without `while {shown(loop.test)}`", []
            yield from _once(loop)
        case ast.Raise() as statement:
            yield from _errors(statement)
        case ast.With() as block if not WITHOUT_EFFECT & {last_name(item.context_expr) for item in block.items}:
            yield "without its `with`", block.body
        case ast.Try() as block if block.finalbody:
            yield "without its `finally`", block.body


def _assignments(
    line: Line, statement: ast.Assign | ast.AugAssign | ast.AnnAssign, parsed: Parsed
) -> Iterator[tuple[str, list[ast.stmt]]]:
    names = targets_of(statement)
    if line.is_step:
        return
    if set(names) <= line.bound and parsed.solution.name not in names:
        yield f"without `{shown(statement)}`", []
    match statement:
        case ast.AugAssign(target=target, op=ast.Add() | ast.Sub() as operator, value=value):
            other = ast.Sub() if isinstance(operator, ast.Add) else ast.Add()
            yield f"`{shown(target)}` counted the other way", [but(statement, op=other)]
            yield f"`{shown(target)}` set, not counted", [ast.Assign([but(target, ctx=ast.Store())], value, lineno=0)]
        case ast.Assign(targets=[ast.Tuple(elts=[first, second])], value=value) if not _is_alike(value):
            swapped = but(statement, targets=[ast.Tuple([second, first])])
            yield f"`{shown(first)}` and `{shown(second)}` exchanged", [swapped]


def _is_alike(value: ast.expr) -> bool:
    """Say whether two names get the same, such as `{}, {}`."""
    return isinstance(value, ast.Tuple) and len({ast.dump(part) for part in value.elts}) == 1


def _guards(guard: ast.If) -> Iterator[tuple[str, list[ast.stmt]]]:
    test = shown(guard.test)
    yield f"`if {test}` always taken", list(guard.body)
    yield f"`if {test}` never taken", list(guard.orelse)
    yield f"`if {test}` turned round", [but(guard, test=ast.UnaryOp(ast.Not(), guard.test))]


def _for_loops(loop: ast.For) -> Iterator[tuple[str, list[ast.stmt]]]:
    if trains(loop):
        return  # a round more or less trains as well, and a training left out is nothing done
    yield f"without the loop over `{shown(loop.iter)}`", []
    yield from _once(loop)
    for name, rest in all_but_one(loop.iter).items():
        yield f"the loop leaves out its {name} round", [but(loop, iter=rest)]


def _once(loop: ast.For | ast.While) -> Iterator[tuple[str, list[ast.stmt]]]:
    if not isinstance(loop.body[-1], ast.Return | ast.Raise):
        yield "the loop ends after its first round", [but(loop, body=[*loop.body, ast.Break()])]


def _errors(statement: ast.Raise) -> Iterator[tuple[str, list[ast.stmt]]]:
    yield "without its `raise`", [ast.Pass()]
    name = last_name(statement.exc) if statement.exc else ""
    if name in OTHER_ERRORS and isinstance(statement.exc, ast.Call):
        other = ast.Name(OTHER_ERRORS[name])
        yield f"{other.id} instead of {name}", [but(statement, exc=but(statement.exc, func=other))]


def early_returns(parsed: Parsed) -> Iterator[Change]:
    """Yield the answer returned at the end of a loop's first round, where it should be returned after the loop."""
    returns = [line for line in parsed.lines() if isinstance(line.statement, ast.Return)]
    for loop in [line for line in parsed.lines() if isinstance(line.statement, ast.For)]:
        after = [line for line in returns if line.owner is loop.owner and line.index > loop.index]
        for line in after[:1]:
            body = [*loop.statement.body, line.statement]  # type: ignore[attr-defined]  # a For, as tested above
            yield loop.change("a", "returned inside the loop", but(loop.statement, body=body))
