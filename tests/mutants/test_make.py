import ast
import subprocess
import sys

import pytest

from quizlib.errors import SpecError
from quizlib.mutants import KINDS, Solution, mutants_of

SOURCE = '''
def answer(x: np.ndarray, bits: int = 8) -> tuple[np.ndarray, float]:
    """Return 3 codes.

    >>> answer(1)
    """
    ### BEGIN SOLUTION
    largest = np.abs(x).max()  # of all
    scale = (
        largest / (2 ** (bits - 1) - 1)
    )
    codes = np.rint(x / scale).astype(np.int8)
    return codes, float(scale)
    ### END SOLUTION
'''

SOLUTION = Solution(
    source=SOURCE, name="answer", response="function", setup="import numpy as np", arguments=("np.array([1.0])", "4")
)


@pytest.fixture(scope="module")
def made():
    return mutants_of(SOLUTION)


def test_there_are_mutants_of_every_kind_in_order(made):
    kinds = [mutant.kind for mutant in made]

    assert set(kinds) == set(KINDS)
    assert kinds == sorted(kinds)


def test_mutants_differ_from_the_solution_and_from_one_another(made):
    dumps = [ast.dump(ast.parse(mutant.source)) for mutant in made]
    solution = ast.parse(SOURCE)
    solution.body[0].body.pop(0)  # its docstring

    assert len(set(dumps)) == len(dumps)
    assert ast.dump(ast.parse(ast.unparse(solution))) not in dumps


def test_no_two_mutants_share_a_label_or_a_diff(made):
    assert len({mutant.label for mutant in made}) == len(made)
    assert len({mutant.diff for mutant in made}) == len(made)


def test_annotations_docstrings_and_comments_are_not_changed(made):
    assert all(
        "def answer(x: np.ndarray, bits: int=8) -> tuple[np.ndarray, float]:" in mutant.source
        for mutant in made
        if "bits: int=8" in mutant.source
    )
    assert not [mutant for mutant in made if "Return" in mutant.diff or "of all" in mutant.diff]


def test_diff_shows_neither_formatting_nor_line_numbers(made):
    (diff,) = [mutant.diff for mutant in made if mutant.label == "line 3: `bits` instead of `bits - 1`"]

    assert diff == "@@\n-    scale = largest / (2 ** (bits - 1) - 1)\n+    scale = largest / (2 ** bits - 1)"


def test_equal_lines_are_told_apart_by_those_around_them():
    source = "def answer(x):\n    x = f(x)\n    y = g(x)\n    x = f(x)\n    return y.a"
    found = [
        mutant
        for mutant in mutants_of(Solution(source=source, name="answer", response="function"))
        if "without `x = f(x)`" in mutant.label
    ]

    assert [mutant.diff for mutant in found] == [
        "@@\n def answer(x):\n-    x = f(x)\n     y = g(x)",
        "@@\n     y = g(x)\n-    x = f(x)\n     return y.a",
    ]


def test_long_line_of_a_diff_is_cut_and_keeps_a_digest():
    long = Solution(
        source="def answer(x):\n    return f(x)",
        name="answer",
        response="function",
        arguments=(repr(list(range(999))),),
    )
    (diff,) = [mutant.diff for mutant in mutants_of(long) if mutant.kind == "b"]

    assert len(diff) < 400
    assert diff.startswith("@@\n+    x = [0, 1, 2")
    assert diff[-11:-10] == " "


def test_mutant_that_does_not_compile_or_warns_is_not_made():
    source = "def answer(x):\n    for y in x:\n        if y is not None:\n            continue\n    return y.a"
    found = mutants_of(Solution(source=source, name="answer", response="function"))

    assert found
    for mutant in found:
        compile(mutant.source, "<mutant>", "exec")  # a warning is an error here


def test_solution_that_is_no_python_is_refused():
    with pytest.raises(SpecError, match="the solution of answer cannot be parsed"):
        mutants_of(Solution(source="def answer(:", name="answer", response="function"))


def test_mutants_are_the_same_in_every_process():
    program = f"""
from quizlib.mutants import Solution, mutants_of
for mutant in mutants_of({SOLUTION!r}): print(mutant)
"""
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        )
        for seed in "12"
    ]

    assert runs[0].stdout == runs[1].stdout != ""
