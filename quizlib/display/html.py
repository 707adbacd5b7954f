"""The two kinds of text on a card: the course's own, in Markdown, and everything else, escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from quizlib.display import style
from quizlib.display.words import printable

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


def plain(text: str) -> str:
    """Return a text that may hold a learner's words: escaped, and kept from being read as mathematics.

    >>> plain("<b>")
    '<span class="mathjax_ignore tex2jax_ignore">&lt;b&gt;</span>'
    """
    # A page with MathJax would read what stands between two dollar signs, and obey its \href.
    return f'<span class="mathjax_ignore tex2jax_ignore">{unbroken(text)}</span>'


def code(text: str) -> str:
    """Return a text in the type of code, escaped; MathJax leaves code alone."""
    return f'<code class="mathjax_ignore tex2jax_ignore" style="{style.CODE}">{unbroken(text)}</code>'


LONGEST_WORD = 32
"""Letters of a word that is kept in one line; a longer one may break, so that it runs out of no narrow window."""


def unbroken(text: str) -> str:
    """Return a text, escaped, whose words with a hyphen are kept in one line, as the sign of -0.5 has to be.

    A hyphen that does not break is another letter, and would be copied into code.

    >>> unbroken("[1.0, -0.5] <")
    '[1.0, <span style="white-space: nowrap">-0.5]</span> &lt;'
    """
    return "".join(map(_kept_whole, re.split(r"(\s+)", printable(text))))


def _kept_whole(word: str) -> str:
    is_whole = "-" in word and 1 < len(word) <= LONGEST_WORD
    return f'<span style="{style.WHOLE}">{escape(word)}</span>' if is_whole else escape(word)


def written(text: str) -> str:
    """Return a text of the course, Markdown of one paragraph, as HTML; HTML inside it is escaped.

    An asterisk inside a word is a power or a product, and never emphasis, as CommonMark has it for `_`.

    >>> written("**then** round"), written("-2**31 … 2**31 - 1")
    ('<strong>then</strong> round', '-2**31 … 2**31 - 1')
    """
    return str(_markdown().renderInline(printable(text)))


def _inline_code(renderer: object, tokens: Sequence[Token], index: int, *_: object) -> str:
    """Return code between backticks; in one line where it is short, else without a break at its hyphens."""
    text = tokens[index].content
    whole = f"; {style.WHOLE}" if len(text) <= LONGEST_WORD else ""
    return f'<code style="{style.INLINE_CODE}{whole}">{unbroken(text)}</code>'


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # No raw HTML, and no images, since a card loads nothing from elsewhere.
    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    markdown.inline.ruler.at("emphasis", _emphasis)
    markdown.add_render_rule("code_inline", _inline_code)
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
