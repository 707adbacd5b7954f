"""Private cases have one form in every draw, and other numbers: nobody gains or loses by the luck of a draw."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from quizlib.authoring.spec import ExerciseSpec
from quizlib.evidence.tree_writer import TreeWriter
from quizlib.evidence.values import CaseEvidence, Plain
from quizlib.items.exercise import Unchanged
from quizlib.items.released import ExerciseSheet

FEWEST, MOST = 5, 8
"""Draws that there must be for numbers to be looked at, which may agree by chance in two; and draws that are."""

SHOWN = 160
"""Characters of a form that a problem shows."""

FIXED = ("kind", "dtype", "library", "ref", "refs", "layout", "owner")
"""Entries of a JSON node that say what it is, and are no names of the course's."""


def draw_problems(spec: ExerciseSpec, sheets: Sequence[ExerciseSheet]) -> list[str]:
    """Return what private cases of an exercise have that draws must not: another form, or numbers that hardly vary.

    In every draw there are the same cases, of the same criteria, each with arguments and expected results of the same
    form: types, dtypes, shapes, lengths, names, texts, truth values and None, but for what the spec says `varies`.
    A case is the same in every draw, an edge by design, or there are at least half as many different ones as draws;
    an array of real numbers is the same in every draw, or different in any two;
    and a criterion that has private cases has one that is not the same in every draw.

    Args:
        spec: The exercise.
        sheets: Its sheets of a grading under different secrets; of two the forms are looked at, of five numbers too.
    """
    sheets = sheets[:MOST]
    private = [[case.id for case in sheet.probe.cases if case.id not in sheet.public] for sheet in sheets]
    pairs = zip(sheets, private, strict=True)
    behaviours = [[sheet.exercise.behaviours[name] for name in names] for sheet, names in pairs]
    if any(found != behaviours[0] for found in behaviours):
        return [f"its private cases vary from draw to draw, {_two([json.dumps(found) for found in behaviours])}."]
    drawn = {name: [_Drawn(sheet, name, spec.varies) for sheet in sheets] for name in private[0]}
    problems = [problem for name, draws in drawn.items() for problem in _form_problems(name, draws)]
    if problems or len(sheets) < FEWEST:
        return problems
    problems = [problem for name, draws in drawn.items() for problem in _number_problems(name, draws)]
    return problems + _idle_criteria(sheets[0], {name for name, draws in drawn.items() if _count(draws) > 1})


class _Drawn:
    """A private case as one secret draws it: the form of its arguments and of what is expected, and its numbers."""

    def __init__(self, sheet: ExerciseSheet, name: str, varies: Collection[str]) -> None:
        case = next(case for case in sheet.probe.cases if case.id == name)
        given: list[Plain] = [list(case.arguments), list(case.called_with), dict(case.keywords or {})]
        answer = sheet.answers.get(name)
        self.form = _form_of(given, varies)
        self.expected = "; ".join(_told(answer, varies))
        writer = TreeWriter(is_sharing=False)
        tree = json.dumps(writer.write(given))
        self.arrays = list(writer.arrays.values())
        self.values = (tree, tuple(array.tobytes() for array in self.arrays))


def _told(answer: CaseEvidence | None, varies: Collection[str]) -> Iterator[str]:
    """Yield the form of what a case should give, an exception by its type, and then of what a returned model should."""
    if answer is not None:
        yield f"raises {answer.failure.type_name}" if answer.failure else _form_of(answer.output, varies)
        yield from _told(answer.called, varies)


def _form_of(value: Plain, varies: Collection[str]) -> str:
    writer = TreeWriter(is_sharing=False)
    tree = _form(writer.write(value), "names" in varies)
    blobs = {part["ref"] for part in _dicts(tree) if part.get("kind") == "blob"}
    arrays = {ref: array for ref, array in writer.arrays.items() if ref not in blobs}  # the length of bytes is no form
    shapes = [array.ndim if "lengths" in varies else array.shape for array in arrays.values()]
    return json.dumps([tree, [array.dtype.name for array in arrays.values()], shapes])


def _form(node: Any, has_free_names: bool) -> Any:  # noqa: ANN401  a JSON node is any JSON value
    """Return a JSON node with the type of each number in its place, and of each name where names are free."""
    if isinstance(node, dict):
        return {key: inner if key in FIXED else _form(inner, has_free_names) for key, inner in node.items()}
    if isinstance(node, list):
        return [_form(inner, has_free_names) for inner in node]
    is_free = has_free_names and isinstance(node, str)
    is_number = isinstance(node, int | float) and not isinstance(node, bool)
    return type(node).__name__ if is_number or is_free else node


def _dicts(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  a JSON node is any JSON value
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _dicts(inner)


def _form_problems(name: str, draws: Sequence[_Drawn]) -> Iterator[str]:
    for what, forms in (("arguments", [d.form for d in draws]), ("expected result", [d.expected for d in draws])):
        if len(set(forms)) > 1:
            yield f"{name}: the form of its {what} varies from draw to draw, {_two(forms)}."
            return


def _number_problems(name: str, draws: Sequence[_Drawn]) -> Iterator[str]:
    if 1 < _count(draws) < len(draws) / 2:
        yield f"{name}: {len(draws)} draws give {_count(draws)} cases; let numbers vary more, or not at all."
    for place, arrays in enumerate(zip(*(d.arrays for d in draws), strict=True)):
        found = len({(array.shape, array.tobytes()) for array in arrays})
        if _is_free(arrays) and found not in (1, len(draws)):
            yield f"{name}: {len(draws)} draws give {found} arrays at place {place}; let it vary more, or not at all."


def _is_free(arrays: Sequence[np.ndarray]) -> bool:
    """Say whether arrays hold real numbers that a draw could choose, and not one number again and again."""
    numbers = np.concatenate([array.ravel() for array in arrays])
    return np.issubdtype(numbers.dtype, np.floating) and np.unique(numbers).size > 1


def _count(draws: Sequence[_Drawn]) -> int:
    return len({drawn.values for drawn in draws})


def _idle_criteria(sheet: ExerciseSheet, varying: set[str]) -> list[str]:
    """Return a problem for each criterion of whose private cases none varies."""
    problems = []
    for criterion in sheet.exercise.criteria:
        own = set(sheet.exercise.cases_of(criterion)) - sheet.public
        if own and not own & varying and not isinstance(criterion.requirement, Unchanged):
            problems.append(f"criterion {criterion.id}: its private cases are the same in every draw; let one vary.")
    return problems


def _two(forms: Sequence[str]) -> str:
    """Return the first of several forms beside one that differs from it, from shortly before they differ."""
    one = forms[0]
    other = next(form for form in forms if form != one)
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, same - SHOWN // 4)
    return f"such as …{one[start : start + SHOWN]} and …{other[start : start + SHOWN]}"
