"""Text cells that a learner wrote, made safe for whoever displays them: as they are, or as plain text.

What grading writes is shown by programs that run whatever HTML a text cell holds: formgrader is one, in a page that
can set grades. So a cell stays as it is only if nbconvert's rendering of it holds nothing but what `clean_html` keeps.
"""

from __future__ import annotations

import re
from copy import deepcopy
from html import escape

import nbformat
from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from quizlib.grading.admission.clean_html import cleaned
from quizlib.grading.admission.pictures import NOT_SHOWN, is_picture
from quizlib.grading.cells import role

MAX_LETTERS = 50_000
MAX_LINES = 1_000
MAX_FORMULAS = 300
"""Beginnings of formulas of the kinds that nbconvert looks for an end of, to the end of the cell, again and again."""

MAX_RENDERED = 200_000
MAX_TAGS = 6_000
MAX_DEPTH = 50
MAX_SEARCHED = 50_000_000
"""What a text cell may be, and become, to be rendered: reading, cleaning and showing it takes under a second then."""

MAX_RENDERED_TEXT = 300_000
MAX_SHOWN_TEXT = 1_000_000
"""Letters of all text cells of a notebook together: what is rendered, and what is shown at all."""

PAGE = frozenset(["notebook", "notebook-container", "statusmessage", "toc", "top", "MathJax"])
"""Ids that scripts and links of a page of formgrader or of feedback look for."""

_INLINE_PICTURE = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/]{100,}={0,2})")
_FORMULA = re.compile(r"\\\\[(\[]|\\begin\{")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset(["br", "hr", "img", "input"])

# MathJax, KaTeX and their extensions make links, load files, set styles, classes and ids, and act on clicks by these.
_COMMANDS = re.compile(
    r"\\(?:href|url|require|style|class|cssId|html[A-Za-z]*|data|unicode|includegraphics|bbox|mmlToken|action|toggle"
    r"|(?:math|text)tip|tooltip)(?![A-Za-z])"
)


class TextCells:
    """The text cells of one submission.

    Args:
        released: The notebook as it was given out; its own texts stay as they are.
    """

    def __init__(self, released: NotebookNode) -> None:
        texts = [cell for cell in released.cells if cell.cell_type != "code"]
        self._own = {(cell.cell_type, cell.source): cell.get("attachments") for cell in texts}
        names = {str(name) for cell in released.cells if (name := role(cell).get("grade_id"))}
        self._ids = PAGE | {name + end for name in names for end in ("", "-comment", "_extra_credit")}
        self._rendered, self._shown = MAX_RENDERED_TEXT, MAX_SHOWN_TEXT
        self._plain, self._missing = 0, 0

    @property
    def notes(self) -> list[str]:
        """A sentence on the cells that are not shown as they were written, and one on pictures that are not."""
        plain = f"Text cells with more than text, links and pictures, shown as plain text: {self._plain}."
        missing = f"Pictures that are not in the notebook, or neither PNG nor JPEG, and not shown: {self._missing}."
        return [note for note, count in ((plain, self._plain), (missing, self._missing)) if count]

    def shown(self, cell: NotebookNode) -> NotebookNode:
        """Return a Markdown or raw cell as one that anything may display."""
        known = (cell.cell_type, cell.source)
        if known in self._own:
            return _with(cell, deepcopy(self._own[known] or {}))
        asked = self._pictures(cell.source) if cell.cell_type == "markdown" else None
        if asked is None:
            return self._as_plain_text(cell)
        given = {name: kept for name, bundle in cell.get("attachments", {}).items() if (kept := _pictures_of(bundle))}
        missing = {name: dict(NOT_SHOWN) for name in asked if name not in given}
        self._missing += len(missing)
        return _with(cell, {**given, **missing})

    def _pictures(self, source: str) -> list[str] | None:
        """Return the names of the attachments that Markdown shows, or None where it cannot stay as it is."""
        text = _INLINE_PICTURE.sub(_short, source)
        self._rendered -= len(text)
        is_small = len(text) <= MAX_LETTERS and text.count("\n") < MAX_LINES and self._rendered >= 0
        if not is_small or len(_FORMULA.findall(text)) > MAX_FORMULAS:
            return None
        asked = _Asked()
        try:
            html = MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=asked)).render(text)
            return list(asked) if _is_clean(html, self._ids) else None
        except Exception:  # what a library makes of a hostile text; it is shown as plain text then
            return None

    def _as_plain_text(self, cell: NotebookNode) -> NotebookNode:
        self._plain += cell.cell_type == "markdown"
        shown = plain_text(cell.source, self._shown)
        self._shown -= len(shown)
        kept = {name: cell[name] for name in ("id", "metadata") if name in cell}
        kept.get("metadata", {}).pop("raw_mimetype", None)
        made: NotebookNode = nbformat.v4.new_markdown_cell(shown, **kept)
        return made


class _Asked(dict[str, dict[str, str]]):
    """Attachments of a cell, of which each is there; afterwards it holds those that were asked for."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> dict[str, str]:
        self[name] = NOT_SHOWN
        return NOT_SHOWN


def _with(cell: NotebookNode, attachments: dict[str, dict[str, str]]) -> NotebookNode:
    cell.pop("attachments", None)
    if attachments:
        cell.attachments = nbformat.from_dict(attachments)
    return cell


def _pictures_of(bundle: dict[str, str]) -> dict[str, str]:
    return {kind: data for kind, data in bundle.items() if is_picture(kind, data)}


def _short(found: re.Match[str]) -> str:
    """Return a small picture in place of one that is written out in a text: to Markdown one is as the other."""
    is_shown = is_picture(found[1], found[2])
    return f"data:image/png;base64,{NOT_SHOWN['image/png']}" if is_shown else found[0]


def _is_clean(html: str, reserved: frozenset[str]) -> bool:
    """Say whether cleaning would change nothing of what nbconvert made of a cell, as the page around it reads it."""
    if len(html) > MAX_RENDERED or html.count("<") > MAX_TAGS or _searched(html) > MAX_SEARCHED:
        return False
    if not _is_balanced(html):
        return False
    tree = _in_a_page(html)
    if str(tree) != str(_in_a_page(cleaned(html))):
        return False
    ids = {element["id"] for element in tree.find_all(id=True)}
    is_harmless = all(box.get("type") == "checkbox" and box.has_attr("disabled") for box in tree.find_all("input"))
    for code in tree(["pre", "code"]):  # which MathJax does not read
        code.decompose()
    return is_harmless and not ids & reserved and not _COMMANDS.search(tree.get_text())


def _in_a_page(html: str) -> BeautifulSoup:
    """Read HTML as nbconvert reads the page that it is put into: an end tag too many ends what is around it."""
    return BeautifulSoup(f"<main><div><div>{html}</div><hr/></div></main>", "html.parser")


def _is_balanced(html: str) -> bool:
    """Say whether each end tag ends the element begun last, none is left open, and none is nested too deep."""
    begun: list[str] = []
    for closing, name in _TAG.findall(html.lower()):
        if closing and (not begun or begun.pop() != name):
            return False
        if not closing and name not in _VOID:
            begun.append(name)
        if len(begun) > MAX_DEPTH:
            return False
    return not begun


def _searched(html: str) -> int:
    """Return how many letters nbconvert's templates look through for the ends of links that are still in Markdown."""
    return sum(line.count("[") * len(line) for line in html.split("\n"))


def plain_text(source: str, room: int = MAX_SHOWN_TEXT) -> str:
    r"""Return Markdown that shows a text and nothing else, cut where it is very long.

    >>> plain_text("<b>a</b>")
    '```\n<b>a</b>\n```'
    """
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    shown = "\n".join(text[: max(0, min(room, MAX_LETTERS - 500))].split("\n")[: MAX_LINES - 10])
    while 2 * len(_fence(shown)) + len(shown) > MAX_LETTERS - 300 or _searched(escape(shown)) > MAX_SEARCHED:
        shown = shown[: len(shown) // 2]
    fence = _fence(shown)
    lines = text.count("\n") + 1
    cut = f"This cell has {len(text):,} characters in {lines:,} lines, too many to show; it begins like this.\n\n"
    return f"{'' if shown == text else cut}{fence}\n{shown}\n{fence}"


def _fence(text: str) -> str:
    """Return a fence that is longer than all that might end it."""
    return "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
