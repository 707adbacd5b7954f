"""What the cells of a notebook are to grading."""

from __future__ import annotations

import io
import re
import tokenize

from nbformat import NotebookNode

_CHECK = re.compile(r"""^check\(\s*(["'])(?P<item>[a-z0-9]+(?:-[a-z0-9]+)*)\1""", re.MULTILINE)
_BEGIN = re.compile(r"""\bbegin\(\s*(["'])(?P<lesson>[0-9]{2}[a-z]?-[a-z0-9-]{1,60})\1(?P<rest>[^)]{0,300})\)""")
_RELEASE = re.compile(r"""\brelease\s*=\s*(["'])(?P<release>[A-Za-z0-9._-]{1,80})\1""")


def checked_item(source: str) -> str | None:
    """Return the id of the item that a cell checks, if it does.

    >>> checked_item('check("why-quantize", why_quantize)')
    'why-quantize'
    """
    found = _CHECK.search(source)
    return found["item"] if found else None


def begun(source: str) -> tuple[str, str | None] | None:
    """Return lesson and release that an import cell names, if it is one.

    >>> begun('quizlib.begin("01-overview", flavour="class", release="r1")')
    ('01-overview', 'r1')
    """
    found = _BEGIN.search(source)
    if not found:
        return None
    release = _RELEASE.search(found["rest"])
    return found["lesson"], release["release"] if release else None


def role(cell: NotebookNode) -> dict[str, object]:
    """Return nbgrader's metadata of a cell, empty for an ordinary one."""
    found = cell.metadata.get("nbgrader")
    return found if isinstance(found, dict) else {}


def is_graded(cell: NotebookNode) -> bool:
    """Say whether a cell has points."""
    return bool(role(cell).get("grade") or role(cell).get("task"))


def graded_item(cell: NotebookNode) -> str | None:
    """Return the item of a graded check cell; None for ordinary cells, nbgrader's own test cells and manual ones."""
    is_check = cell.cell_type == "code" and role(cell).get("grade") and not role(cell).get("solution")
    return checked_item(cell.source) if is_check else None


def check_cells(notebook: NotebookNode) -> dict[int, str]:
    """Return the item of every graded check cell, by the cell's position."""
    items = {index: graded_item(cell) for index, cell in enumerate(notebook.cells)}
    return {index: item for index, item in items.items() if item is not None}


def is_learners_code(cell: NotebookNode) -> bool:
    """Say whether a cell is code that a learner may have written; the release's own is the same for everybody."""
    is_fixed = any(role(cell).get(name) for name in ("grade", "locked", "task")) and not role(cell).get("solution")
    return cell.cell_type == "code" and not is_fixed


def normal_form(source: str) -> str:
    r"""Return code without the white space that means nothing: at the ends of lines, and before and after it.

    Where it means something, in a text over several lines, or where the cell is not plain Python, all of it stays.

    >>> normal_form("x = 1  \n\n"), normal_form("x = '''a \nb'''")
    ('x = 1', "x = '''a \nb'''")
    """
    stripped = "\n".join(line.rstrip() for line in source.split("\n")).strip("\n")
    if stripped == source:
        return source
    found = _tokens(source)
    return stripped if found is not None and found == _tokens(stripped) else source


def _tokens(source: str) -> list[tuple[int, str]] | None:
    """Return what code consists of besides its lines and its white space, or None if it is not plain Python."""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    blank = (tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
    # Of an indent the string is white space, and of a comment its end may be.
    return [(token.type, token.string.rstrip()) for token in found if token.type not in blank]
