"""Kind (e): nothing is done, the work is left out, or it is done on the given object instead of a copy."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from quizlib.mutants.mutant import MODELS
from quizlib.mutants.parsed import Parsed, trains
from quizlib.mutants.places import Change, Line, Place
from quizlib.mutants.syntax import first_name, last_name, names_in, parameters, shown, targets_of

COPIES = frozenset({"deepcopy", "clone_model", "clone", "copy"})
"""Functions and methods that copy."""

PRUNES = {"global_unstructured", "l1_unstructured", "prune_low_magnitude", "remove", "strip_pruning"}
QUANTIZES = {"convert", "fuse_modules", "fuse_modules_qat", "prepare", "prepare_qat", "quantize_", "quantize_dynamic"}
LOADS = {"load_state_dict", "set_weights"}

WORK = frozenset(PRUNES | QUANTIZES | LOADS)
"""Calls that do what an exercise asks for."""


def handed_back(parsed: Parsed) -> Iterator[Change]:
    """Yield each parameter returned before anything is done, and in place of each answer."""
    function = parsed.function
    if function is None:
        return
    given = [parameter.arg for parameter in parameters(function)]
    for name in given:
        label = f"line {function.lineno}: {name} handed back, nothing done"
        yield Change("e", label, function, "body", [ast.Return(ast.Name(name))], is_undone=True)
    for place in parsed.answers():
        yield from (place.change("e", ast.Name(name)) for name in given)


def handed_in(parsed: Parsed) -> Iterator[Change]:
    """Yield each model of the setup bound to the response, in place of the work and after it."""
    if parsed.solution.response not in MODELS:
        return
    for model in _models(parsed):
        bound = ast.parse(f"{parsed.solution.name} = {model}").body
        yield Change("e", f"{model} handed in, nothing done", parsed.tree, "body", bound, is_undone=True)
        yield Change("e", f"{model} handed in, the work done", parsed.tree, "body", [*parsed.tree.body, *bound])


def _models(parsed: Parsed) -> list[str]:
    """Return the models that the setup takes from the zoo and the solution uses, in order."""
    used = names_in(parsed.tree)
    made = [statement for statement in parsed.setup.body if isinstance(statement, ast.Assign)]
    return [
        name
        for statement in made
        if isinstance(statement.value, ast.Call) and first_name(statement.value.func) == "zoo"
        if last_name(statement.value) != "load_digits"
        for name in targets_of(statement)
        if name in used
    ]


def not_copied(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield the object itself for a copy of it."""
    match place.node:
        case ast.Call(func=ast.Attribute(attr=name) as function, args=args) if name in COPIES:
            if first_name(function) in parsed.modules and args:
                yield args[0]
            elif not args:
                yield function.value


def work_left_out(place: Place, parsed: Parsed) -> Iterator[ast.expr]:
    """Yield what a pruning or a quantization is given, for what it makes of it."""
    match place.node:
        case ast.Call(args=[given, *_]) as node if last_name(node) in WORK and isinstance(given, ast.Name | ast.Call):
            if not isinstance(place.line.statement, ast.Expr):
                yield given


def undone_statements(parsed: Parsed) -> Iterator[Change]:
    """Yield the solution without each statement that prunes, quantizes or trains, and without the training."""
    for line in parsed.lines():
        if _is_work(line):
            change = line.change("e", f"without `{shown(line.statement)}`")
            yield replace(change, is_undone=trains(line.statement))


def unsettled(parsed: Parsed) -> Iterator[Change]:
    """Yield a block without any of the settings that it makes by assigning to attributes, where there are several."""
    blocks: dict[int, list[Line]] = defaultdict(list)
    for line in parsed.lines():
        if isinstance(line.statement, ast.Assign) and all(_is_setting(target) for target in line.statement.targets):
            blocks[id(getattr(line.owner, line.field))].append(line)
    for settings in (found for found in blocks.values() if len(found) > 1):
        block: list[ast.stmt] = getattr(settings[0].owner, settings[0].field)
        rest = [statement for statement in block if all(statement is not line.statement for line in settings)]
        label = f"line {settings[0].number}: without any of {len(settings)} settings"
        yield Change("e", label, settings[0].owner, settings[0].field, rest or [ast.Pass()])


def _is_setting(target: ast.expr) -> bool:
    return isinstance(target, ast.Attribute) and first_name(target) != "self"


def _is_work(line: Line) -> bool:
    match line.statement:
        case ast.Expr(value=ast.Call() as call):
            return last_name(call) in WORK | {"fit"}
        case ast.For() as loop:
            return trains(loop) and not line.loops
    return False
