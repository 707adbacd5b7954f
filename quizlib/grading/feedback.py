"""Feedback pages in which nothing that a learner wrote is alive."""

from __future__ import annotations

from typing import Any

import bleach
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

TAGS = frozenset(
    "a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre s small span"
    " strong sub summary sup table tbody td tfoot th thead tr ul".split()
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
        return bleach.clean(rendered, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS)

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401  nbconvert's
        """Convert a notebook; its widgets, which would load scripts, are left out."""
        nb.metadata.pop("widgets", None)
        return super().from_notebook_node(nb, resources, **kw)
