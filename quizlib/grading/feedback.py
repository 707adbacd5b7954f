"""Feedback pages in which nothing that a learner wrote is alive."""

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter, where HTML inside a text cell is shown as text instead of running.

    Outputs need nothing more: `KeepPlainOutputs` left text and PNG, and cards escape what they show.
    """

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:  # noqa: ANN401  jinja's context
        """Render Markdown with every raw HTML tag escaped."""
        attachments = context.get("cell", {}).get("attachments", {})
        renderer = IPythonRenderer(escape=True, attachments=attachments, exclude_anchor_links=self.exclude_anchor_links)
        return str(MarkdownWithMath(renderer=renderer).render(source))

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401  nbconvert's
        """Convert a notebook; its widgets, which would load scripts, are left out."""
        nb.metadata.pop("widgets", None)
        return super().from_notebook_node(nb, resources, **kw)
