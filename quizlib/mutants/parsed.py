"""A solution as its makers see it: its tree, the function that answers, and what its names stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from quizlib.errors import SpecError
from quizlib.mutants.mutant import Solution
from quizlib.mutants.places import Line, Place, lines, places
from quizlib.mutants.syntax import Function, bound_in, imported_by, names_in, parameters, targets_of

TRAINS = frozenset({"backward", "fit"})
"""Calls that tell a training."""

OPTIMIZES = frozenset({"Adam", "CosineAnnealingLR", "SGD"})
"""Calls that say how it goes, which may as well be otherwise."""

TRAINING = OPTIMIZES | {"compile", "fit", "split"}
"""Calls whose numbers say how it goes."""


@dataclass(frozen=True, eq=False)
class Parsed:
    """A solution's tree without docstrings, comments and formatting; lines are counted in its unparsed form."""

    solution: Solution
    tree: ast.Module
    setup: ast.Module

    @classmethod
    def of(cls, solution: Solution) -> Parsed:
        """Return the solution as a tree.

        Raises:
            SpecError: the solution or its setup is no Python.
        """
        try:
            tree, setup = ast.parse(solution.source), ast.parse(solution.setup)
        except SyntaxError as error:
            raise SpecError(f"the solution of {solution.name} cannot be parsed: {error}.") from error
        tree.body = [statement for statement in tree.body if not _is_left_open(statement)]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(node):
                node.body = node.body[1:] or [ast.Pass()]
        return cls(solution, ast.parse(ast.unparse(tree)), setup)

    @cached_property
    def text(self) -> str:
        """The solution as mutants are compared with it."""
        return ast.unparse(self.tree)

    @cached_property
    def given(self) -> frozenset[str]:
        """Names that the setup binds."""
        return frozenset(bound_in(self.setup.body))

    @cached_property
    def modules(self) -> frozenset[str]:
        """Names that an import of the setup or of the solution binds."""
        nodes = [node for tree in (self.setup, self.tree) for node in ast.walk(tree)]
        imports = [imported_by(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        return frozenset().union(*imports)

    @cached_property
    def function(self) -> Function | None:
        """The function that answers: the one of the exercise's name, or that which a wrapper of the setup takes."""
        if self.solution.response != "function":
            return None
        functions = {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}
        passed = [name for name in self._wrapped() if name in functions]
        return functions.get(self.solution.name) or (functions[passed[0]] if passed else None)

    def _wrapped(self) -> list[str]:
        """Return the names that are passed to what makes the response out of a function."""
        calls = [statement.value for statement in self._answering() if isinstance(statement.value, ast.Call)]
        return [argument.id for call in calls for argument in call.args if isinstance(argument, ast.Name)]

    def _answering(self) -> list[ast.Assign]:
        """Return the assignments of the module that bind the response."""
        found = [statement for statement in self.tree.body if isinstance(statement, ast.Assign)]
        return [statement for statement in found if self.solution.name in targets_of(statement)]

    @cached_property
    def signature(self) -> list[str]:
        """Names of the parameters of the response, in order; a wrapper of the setup may have some of its own."""
        for statement in self._answering():
            wrapper = statement.value.func if isinstance(statement.value, ast.Call) else None
            inner = self._made_by(wrapper.id) if isinstance(wrapper, ast.Name) else None
            if inner is not None:
                return [parameter.arg for parameter in parameters(inner)]
        return [parameter.arg for parameter in parameters(self.function)] if self.function else []

    def _made_by(self, wrapper: str) -> Function | None:
        """Return the function that a function of the setup defines and returns."""
        made = [node for node in self.setup.body if isinstance(node, ast.FunctionDef) and node.name == wrapper]
        body = made[0].body if made else []
        returned = {names for node in body if isinstance(node, ast.Return) for names in names_in(node)}
        return next((node for node in body if isinstance(node, ast.FunctionDef) and node.name in returned), None)

    def first_case(self) -> dict[str, str]:
        """Return the arguments of the first public case by the names of their parameters, as source."""
        positional = dict(zip(self.signature, self.solution.arguments, strict=False))
        return {**positional, **self.solution.keywords}

    def lines(self) -> Iterator[Line]:
        """Return the statements."""
        return lines(self.tree, self.given)

    def places(self) -> Iterator[Place]:
        """Return the expressions that may be changed."""
        return (place for line in self.lines() for place in places(line))

    def answers(self) -> Iterator[Place]:
        """Return the expressions that are the answer: what the function returns, or what the response is bound to."""
        for line in self.lines():
            statement = line.statement
            returned = isinstance(statement, ast.Return) and line.scope is self.function
            given = line.scope is self.tree and self.function is None and self.solution.name in targets_of(statement)
            if (returned or given) and getattr(statement, "value", None) is not None:
                yield Place(line, statement, "value", None, (statement,))

    @cached_property
    def texts(self) -> list[str]:
        """The different texts of the solution, in order; those of its f-strings and of its exceptions are none."""
        nodes = [place.node for place in self.places()]
        found = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        return list(dict.fromkeys(found))

    @cached_property
    def is_training(self) -> bool:
        """Whether the solution trains a model."""
        return trains(self.tree)


def has_training(solution: Solution) -> bool:
    """Say whether a solution trains a model.

    >>> has_training(Solution(source="model.fit(x, y)", name="model", response="keras_model"))
    True
    """
    return Parsed.of(solution).is_training


def trains(node: ast.AST) -> bool:
    """Say whether a training is in `node`."""
    return any(isinstance(part, ast.Attribute) and part.attr in TRAINS for part in ast.walk(node))


def _is_left_open(statement: ast.stmt) -> bool:
    """Recognise `name = ...`, which the answer cell of a value begins with."""
    return isinstance(statement, ast.Assign) and (
        isinstance(statement.value, ast.Constant) and statement.value.value is Ellipsis
    )
