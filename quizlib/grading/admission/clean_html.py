"""What may be alive in the HTML of a text: text, links, pictures that the page holds; nothing that runs or loads.

It is what nbconvert makes of plain Markdown, and little more.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import bleach

from quizlib.grading.admission.pictures import is_picture

HEADINGS = tuple(f"h{level}" for level in range(1, 7))

_MORE_TAGS = (
    "br dd del details div dl dt hr i img input kbd p pre s small span sub summary sup table tbody td tfoot th thead tr"
)

TAGS = frozenset([*bleach.ALLOWED_TAGS, *_MORE_TAGS.split(), *HEADINGS])

PROTOCOLS = frozenset(["http", "https", "mailto", "data", "attachment"])

_PICTURE = re.compile(r"data:(?P<kind>image/[a-z]+);base64,(?P<data>[A-Za-z0-9+/=\s]+)")

# A class may be what a script of the page looks for, or tell MathJax to read code; these are nbconvert's own.
_CLASSES = {
    "a": r"anchor-link",
    "code": r"language-[^\s\"'<>&]{1,40}",
    "div": r"highlight",
    "input": r"task-list-item-checkbox",
    "li": r"task-list-item",
    "span": r"[a-z][a-z0-9]{0,2}",
}


def cleaned(html: str) -> str:
    """Return HTML in which nothing but what is allowed is alive; the rest is shown as text, or left out.

    >>> cleaned('<b onclick="a()">a</b><script>b()</script>')
    '<b>a</b>&lt;script&gt;b()&lt;/script&gt;'
    """
    found = bleach.clean(
        html, tags=TAGS, attributes=_is_allowed, protocols=PROTOCOLS, css_sanitizer=_AsItIs(), strip_comments=True
    )
    return str(found)


class _AsItIs:
    """Bleach's sanitizer of styles, for the one kind of style that is allowed, which is looked at as an attribute."""

    def sanitize_css(self, style: str) -> str:
        return style


def _is_allowed(tag: str, name: str, value: str) -> bool:
    """Say whether an attribute may stay."""
    if name == "title":
        return True
    if name == "class":
        return re.fullmatch(_CLASSES.get(tag, "(?!)"), value) is not None
    look = _ATTRIBUTES.get((tag, name))
    return look is not None and look(value)


def _is_link(address: str) -> bool:
    """Say whether an address may be followed by a click; of some, nbconvert's templates strip the first folder."""
    return not address.strip().lower().startswith(("data:", "attachment:", "files/", "/files/"))


def _is_shown(address: str) -> bool:
    """Say whether a picture is in the page itself, or in the notebook: it is loaded without a click."""
    found = _PICTURE.fullmatch(address)
    return address.startswith("attachment:") or (found is not None and is_picture(found["kind"], found["data"]))


def _is_any(value: str) -> bool:
    return True


def _like(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


_ATTRIBUTES: dict[tuple[str, str], Callable[[str], bool]] = {
    ("a", "href"): _is_link,
    ("img", "src"): _is_shown,
    ("img", "alt"): _is_any,
    ("img", "width"): _like(r"\d{1,4}(px|%)?"),
    ("img", "height"): _like(r"\d{1,4}(px|%)?"),
    ("input", "type"): _like("checkbox"),
    ("input", "disabled"): _is_any,
    ("input", "checked"): _is_any,
    ("ol", "start"): _like(r"\d{1,9}"),
    ("td", "style"): _like(r"text-align: ?(left|center|right);?"),
    ("th", "style"): _like(r"text-align: ?(left|center|right);?"),
    **dict.fromkeys(((heading, "id") for heading in HEADINGS), _is_any),
}
"""What looks at the value of each attribute that may stay. The id of a heading is what nbconvert makes of its text."""
