"""The two kinds of text on a card: the course's own, in Markdown, and everything else, escaped."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from quizlib.display import style
from quizlib.display.words import printable

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline


def plain(text: str) -> str:
    """Return a text that may hold a learner's words: escaped, and kept from being read as mathematics.

    >>> plain("<b>")
    '<span class="mathjax_ignore tex2jax_ignore">&lt;b&gt;</span>'
    """
    # A page with MathJax would read what stands between two dollar signs, and obey its \href.
    return f'<span class="mathjax_ignore tex2jax_ignore">{escape(printable(text))}</span>'


def code(text: str) -> str:
    """Return a text in the type of code, escaped; MathJax leaves code alone."""
    return f'<code class="mathjax_ignore tex2jax_ignore" style="{style.CODE}">{escape(printable(text))}</code>'


def written(text: str) -> str:
    """Return a text of the course, Markdown of one paragraph, as HTML; HTML inside it is escaped.

    An asterisk inside a word is a power or a product, and never emphasis, as CommonMark has it for `_`.

    >>> written("use `clamp`, **then** round"), written("-2**31 … 2**31 - 1")
    ('use <code>clamp</code>, <strong>then</strong> round', '-2**31 … 2**31 - 1')
    """
    return str(_markdown().renderInline(printable(text)))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # No raw HTML, and no images, since a card loads nothing from elsewhere.
    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    markdown.inline.ruler.at("emphasis", _emphasis)
    return markdown


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Do as the library's own rule, but leave alone what neither begins nor ends a word."""
    from markdown_it.rules_inline import emphasis

    if not silent and state.src[state.pos] == "*":
        run = state.scanDelims(state.pos, False)
        if not run.can_open and not run.can_close:
            state.pending += "*" * run.length
            state.pos += run.length
            return True
    return emphasis.tokenize(state, silent)
