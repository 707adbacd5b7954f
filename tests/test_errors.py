"""One tree of errors; whoever raises one says so."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import quizlib
from quizlib import errors

PACKAGE = Path(quizlib.__file__).parent
CLASSES = [found for found in vars(errors).values() if inspect.isclass(found) and issubclass(found, errors.QuizError)]
PRIVATE = {"_TooManyError"}  # raised and caught within one module


def trees():
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(PACKAGE.rglob("*.py"))]


def test_every_error_of_the_library_stands_in_the_tree():
    defined = {
        (path.relative_to(PACKAGE).as_posix(), node.name)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Error", "Exception")) and node.name not in PRIVATE
    }
    assert defined == {("errors.py", found.__name__) for found in CLASSES}


def test_the_drawn_tree_is_the_tree():
    lines = re.findall(r"^    ([│├└─ ]*)(\w+Error)\b(.*)$", errors.__doc__, re.MULTILINE)
    drawn, above = {}, {}
    for branch, name, told in lines:
        depth = len(branch) // 4
        above[depth] = name
        drawn[name] = (above.get(depth - 1), told)
    assert set(drawn) == {found.__name__ for found in CLASSES}
    for found in CLASSES:
        parent, told = drawn[found.__name__]
        ours = [base.__name__ for base in found.__bases__ if issubclass(base, errors.QuizError)]
        other = [base.__name__ for base in found.__bases__ if not issubclass(base, errors.QuizError)]
        assert ours == ([parent] if parent else [])
        assert other == (["Exception"] if parent is None else re.findall(r"also an? (\w+)", told))


def raising_functions():
    """Yield each public function or method that raises an error itself, with its docstring."""
    for path, tree in trees():
        owners = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
        for node in (one for owner in owners for one in owner.body):
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if any("command(" in ast.unparse(decorator) for decorator in node.decorator_list):
                continue  # what a command raises leaves it as one sentence; its docstring is the help
            raised = [one for one in own_nodes(node) if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call)]
            names = sorted({getattr(one.exc.func, "id", getattr(one.exc.func, "attr", "")) for one in raised})
            if names:
                yield f"{path.relative_to(PACKAGE).as_posix()}:{node.name}", names, ast.get_docstring(node) or ""


def own_nodes(function):
    """Yield the nodes of a function without those of functions inside it."""
    todo = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            todo += ast.iter_child_nodes(node)


@pytest.mark.parametrize(
    ("where", "names", "docstring"), [pytest.param(*found, id=found[0]) for found in raising_functions()]
)
def test_a_public_function_says_what_it_raises(where, names, docstring):
    told = re.search(r"\braises?\b", docstring, re.IGNORECASE)
    made_elsewhere = [name for name in names if name.startswith("_") or name == "of"]  # by a helper that returns it
    missing = [name for name in names if name not in docstring and name not in made_elsewhere]
    assert told, f"{where} raises {', '.join(names)} and does not say so"
    assert not missing, f"{where} does not name {', '.join(missing)}"


def test_the_test_sees_functions():
    assert len(list(raising_functions())) > 60
