"""Feedback pages in which nothing that a learner wrote is alive."""

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from quizlib.grading.clean_html import cleaned


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter, where a text cell keeps text, links and pictures, and other HTML is shown as text.

    Outputs need nothing more: `KeepPlainOutputs` left text and PNG, and cards escape what they show.
    """

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:  # noqa: ANN401  jinja's context
        """Render Markdown as nbconvert does, and keep of it what is allowed."""
        return cleaned(super().markdown2html(context, source))

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401  nbconvert's
        """Convert a notebook; its widgets, which would load scripts, are left out."""
        nb.metadata.pop("widgets", None)
        return super().from_notebook_node(nb, resources, **kw)
