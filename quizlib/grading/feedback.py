"""Feedback pages in which nothing that a learner wrote is alive."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import bleach
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from quizlib.coursedir.course import Course
from quizlib.grading.fresh_feedback import stamp_of

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
        stamp = self._stamp(resources)  # before the marks are read: a page may be newer than it says, never older
        page, left = super().from_notebook_node(nb, resources, **kw)
        return page.rstrip("\n") + "\n" + stamp, left

    def _stamp(self, resources: Any) -> str:  # noqa: ANN401  nbconvert's
        """Return the line by which it is known whether the page shows the marks as they are."""
        named, parent = (resources or {}).get("nbgrader"), cast("Any", self.parent)
        if not named:
            return ""
        return stamp_of(Course(Path(parent.coursedir.root)), named["assignment"], named["student"])
