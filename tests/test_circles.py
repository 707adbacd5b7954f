"""No module needs another that needs it in turn, not even by an import inside a function."""

import ast
import graphlib
from pathlib import Path

import pytest

import quizlib

PACKAGE = Path(quizlib.__file__).parent


def name_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def graph_of(paths):
    """Return, for each module, the modules of `paths` that it imports anywhere."""
    sources = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    return {name: set(imported(tree, set(sources))) - {name} for name, tree in sources.items()}


def imported(tree, known):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & known
        elif isinstance(node, ast.ImportFrom):
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from named & known or {node.module} & known


def test_modules_of_the_library_import_each_other_in_no_circle():
    graph = graph_of(PACKAGE.rglob("*.py"))
    assert len(graph) > 100

    graphlib.TopologicalSorter(graph).prepare()  # raises a CycleError that names the circle


def test_a_circle_by_an_import_inside_a_function_is_found():
    one, other = ast.parse("import b"), ast.parse("def later():\n    from a import name")
    graph = {"a": set(imported(one, {"a", "b"})), "b": set(imported(other, {"a", "b"}))}

    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter(graph).prepare()
