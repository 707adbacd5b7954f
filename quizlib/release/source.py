"""Read the text of a lesson, and what its code cells call."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import jupytext
import yaml
from nbformat import NotebookNode

from quizlib.errors import SpecError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class SourceCell:
    """A cell of a lesson's source: its kind, the marker in its head (`"question: why"`), its text."""

    kind: str
    marker: str
    text: str

    @property
    def is_code(self) -> bool:
        """Whether it holds code of its own, and does not only mark a place."""
        return self.kind == "code" and not self.marker

    @property
    def has_solution(self) -> bool:
        """Whether a solution is marked in it."""
        return BEGIN in self.text or END in self.text

    @property
    def unindented_solutions(self) -> int:
        """Count of solutions that begin at the cell's top level."""
        return sum(line.startswith(BEGIN) for line in self.text.split("\n"))

    def item_of(self, marker: str) -> str | None:
        """Return the item that a marker such as `"question"` names, or None where the head has another."""
        name, _, item = self.marker.partition(":")
        return item.strip() if name == marker else None


MARKERS = ("question", "exercise")


FORMAT = {"extension": ".py", "format_name": "percent", "root_level_metadata_as_raw_cell": False}
"""How jupytext reads a lesson: py:percent, and what its head says is no cell."""


def read_cells(path: Path) -> list[SourceCell]:
    """Return the cells of a py:percent file.

    Raises:
        SpecError: the head is no YAML, a cell has a marker that is not known, or text below a marker that stands for
            its text.
    """
    parsed = _parsed(path).cells
    cells = [SourceCell(cell.cell_type, str(cell.metadata.get("title", "")), cell.source) for cell in parsed]
    for cell in cells:
        if cell.marker and cell.marker.partition(":")[0] not in MARKERS:
            raise SpecError(f"{path.name}: a cell is marked {cell.marker!r}; expected {' or '.join(MARKERS)}: <item>.")
        if cell.marker and cell.text.strip():
            raise SpecError(f"{path.name}: the cell {cell.marker!r} is filled by the build; move its text to another.")
    return [cell for cell in cells if cell.marker or cell.text.strip()]


def read_about(path: Path) -> str:
    """Return what the head of a lesson says that it is about.

    Raises:
        SpecError: it does not say.
    """
    head = _parsed(path).metadata.get("jupytext", {}).get("root_level_metadata", {})
    about = " ".join(str(head.get("about") or "").split())
    if not about:
        raise SpecError(f"{path.name} should begin with what it is about, in lines `# ---`, `# about: …`, `# ---`.")
    return about


def _parsed(path: Path) -> NotebookNode:
    try:
        notebook: NotebookNode = jupytext.reads(path.read_text(encoding="utf-8"), fmt=FORMAT)
    except yaml.YAMLError as error:
        raise SpecError(f"{path.name}: its head is no YAML; put what it is about in quotes: {error}.") from error
    return notebook


def check_call(source: str) -> ast.Call | None:
    """Return the call of `check` at the top level of a cell, if there is one."""
    return _call_of("check", source)


def begin_call(source: str) -> ast.Call | None:
    """Return the call of `begin` at the top level of a cell, if there is one."""
    return _call_of("begin", source)


def figures_shown(source: str) -> list[str]:
    """Return the ids under which a cell shows figures.

    >>> figures_shown('described(figure, "staircase")')
    ['staircase']

    Raises:
        SpecError: an id is computed, or left out.
    """
    if "described(" not in source:
        return []
    calls = [node for node in ast.walk(_tree(source)) if isinstance(node, ast.Call) and _called(node) == "described"]
    return [_figure_id(call) for call in calls]


def _figure_id(call: ast.Call) -> str:
    match call.args:
        case [_, ast.Constant(value=str(name))]:
            return name
    raise SpecError(f'a figure should be shown as described(figure, "its-id"): {ast.unparse(call)[:60]!r}')


def _call_of(function: str, source: str) -> ast.Call | None:
    if f"{function}(" not in source:
        return None
    calls = (node.value for node in _tree(source).body if isinstance(node, ast.Expr))
    return next((call for call in calls if isinstance(call, ast.Call) and _called(call) == function), None)


def _called(call: ast.Call) -> str:
    """Return the name of the called function without the module it is taken from."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _tree(source: str) -> ast.Module:
    """Parse a cell; lines that only IPython understands count as empty."""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n")]
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError as error:
        raise SpecError(f"a code cell is no Python ({error.msg}, its line {error.lineno}): {source[:60]!r}") from error


def complete_begin(source: str, lesson: str, flavour: str, release: str) -> str:
    """Return an import cell in which `begin` says the lesson, its flavour and its release.

    >>> complete_begin('quizlib.begin("01-overview")', "01-overview", "class", "3fa9c2")
    'quizlib.begin("01-overview", flavour="class", release="3fa9c2")'

    Raises:
        SpecError: the call names another lesson, or more than a lesson.
    """
    call = begin_call(source)
    if call is None or not _names_only(call, lesson):
        raise SpecError(f'the import cell should say quizlib.begin("{lesson}") and nothing more.')
    row, column = (call.end_lineno or 1) - 1, (call.end_col_offset or 1) - 1
    lines = source.split("\n")
    encoded = lines[row].encode()  # columns of a syntax tree count bytes
    lines[row] = f'{encoded[:column].decode()}, flavour="{flavour}", release="{release}"{encoded[column:].decode()}'
    return "\n".join(lines)


def _names_only(call: ast.Call, lesson: str) -> bool:
    match call.args:
        case [ast.Constant(value=str(named))]:
            return named == lesson and not call.keywords
    return False


def solution_regions(source: str) -> list[str]:
    """Return the texts between the solution markers of a cell or file."""
    regions: list[list[str]] = []
    inside = False
    for line in source.split("\n"):
        if BEGIN in line:
            inside = True
            regions.append([])
        elif END in line:
            inside = False
        elif inside:
            regions[-1].append(line)
    return ["\n".join(lines) for lines in regions]


def without_solutions(source: str) -> str:
    """Return a text without what stands between its solution markers."""
    kept, inside = [], False
    for line in source.split("\n"):
        inside = BEGIN in line or (inside and END not in line)
        if not inside and END not in line:
            kept.append(line)
    return "\n".join(kept)
