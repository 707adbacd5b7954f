"""Kind (b): a parameter that is not looked at, but taken for what it is in the first public case, or by default."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizlib.mutants.mutant import Solution
from quizlib.mutants.parsed import Parsed
from quizlib.mutants.places import Change
from quizlib.mutants.syntax import Function, parameters


def frozen(parsed: Parsed) -> Iterator[Change]:
    """Yield, for each parameter, the function that sets it to a fixed value before it does anything else."""
    function = parsed.function
    if function is None:
        return
    first, defaults = parsed.first_case(), _defaults(function)
    for parameter in (found.arg for found in parameters(function)):
        for words, value in (
            ("as in the first public case", first.get(parameter)),
            ("at its default", defaults.get(parameter)),
        ):
            if value is not None:
                yield _set(function, parameter, value, f"{parameter} fixed {words}")


def _set(function: Function, parameter: str, value: str, words: str) -> Change:
    statement = ast.Assign([ast.Name(parameter)], ast.parse(value, mode="eval").body, lineno=function.lineno)
    return Change("b", f"line {function.lineno}: {words}", function, "body", [statement, *function.body])


def _defaults(function: Function) -> dict[str, str]:
    """Return the defaults of the parameters that have one, as source."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = [
        *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return {parameter.arg: ast.unparse(default) for parameter, default in pairs if default is not None}


def parameters_of(solution: Solution) -> dict[str, str | None]:
    r"""Return the parameters of the function that answers, in order, with the source of their defaults.

    Where a wrapper of the setup makes the response, they are the wrapper's.

    >>> parameters_of(Solution(source="def scale(x, bits=8):\n    return x", name="scale", response="function"))
    {'x': None, 'bits': '8'}
    """
    parsed = Parsed.of(solution)
    defaults = _defaults(parsed.function) if parsed.function else {}
    return {parameter: defaults.get(parameter) for parameter in parsed.signature}
