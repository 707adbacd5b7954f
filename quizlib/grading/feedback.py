"""Feedback pages in which nothing that a learner wrote is alive."""

from __future__ import annotations

from typing import Any

import bleach
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

TAGS = frozenset(
    [*bleach.ALLOWED_TAGS, "br", "dd", "del", "details", "div", "dl", "dt", "hr", "i", "img", "kbd", "p", "pre", "s"]
    + ["small", "span", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"]
    + [f"h{level}" for level in range(1, 7)]
)
ATTRIBUTES: dict[str, Any] = {
    "*": ["class", "id", "title"],
    "a": lambda tag, name, value: name == "href" and not value.strip().lower().startswith("data:"),
    "img": ["src", "alt", "width", "height"],
    "ol": ["start"],
}
PROTOCOLS = frozenset(["http", "https", "mailto", "data", "attachment"])
"""What text cells may become: text, links and pictures, and nothing that runs."""


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter, where a text cell keeps text, links and pictures, and other HTML is shown as text.

    Outputs need nothing more: `KeepPlainOutputs` left text and PNG, and cards escape what they show.
    """

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:  # noqa: ANN401  jinja's context
        """Render Markdown as nbconvert does, and keep of it what is allowed."""
        rendered = super().markdown2html(context, source)
        return str(bleach.clean(rendered, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS))

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401  nbconvert's
        """Convert a notebook; its widgets, which would load scripts, are left out."""
        nb.metadata.pop("widgets", None)
        return super().from_notebook_node(nb, resources, **kw)
