"""Feedback pages in which nothing that a learner wrote is alive, and which are made within a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import Float

from quizlib.coursedir.course import Course
from quizlib.errors import OutOfTimeError
from quizlib.grading.admission.clean_html import cleaned
from quizlib.grading.results.clock import Clock
from quizlib.grading.results.feedback_notice import notice_page
from quizlib.grading.results.fresh_feedback import stamp_of


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter, where a text cell keeps text, links and pictures, and other HTML is shown as text.

    Outputs need nothing more: `KeepPlainOutputs` left text and PNG, and cards escape what they show.
    A notebook that takes too long to show, or that a library fails to show, gets a plain page with its score.
    """

    seconds = Float(60.0, help="Seconds after which the page of a notebook is given up").tag(config=True)

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:  # noqa: ANN401  jinja's context
        """Render Markdown as nbconvert does, and keep of it what is allowed."""
        return cleaned(super().markdown2html(context, source))

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401  nbconvert's
        """Convert a notebook; its widgets, which would load scripts, are left out.

        Raises:
            Exception: of a step before, which reads the grades.
        """
        nb.metadata.pop("widgets", None)
        stamp = self._stamp(resources)  # before the marks are read: a page may be newer than it says, never older
        page, left = self._page(nb, resources, **kw)
        return page.rstrip("\n") + "\n" + stamp, left

    def _page(self, nb: NotebookNode, resources: Any, **kw: Any) -> tuple[str, Any]:  # noqa: ANN401  nbconvert's
        """Return the page, or one with the score alone where a library takes too long over it or gives up."""
        self._graded: tuple[NotebookNode, Any] | None = None
        with Clock(self.seconds) as self._clock:
            try:
                return super().from_notebook_node(nb, resources, **kw)
            except Exception as error:  # whatever a library makes of what was handed in
                self._clock.stop()
                if self._graded is None:
                    raise
                graded, resources = self._graded
                self.log.warning("A page of feedback could not be made: %s: %s", type(error).__name__, error)
                is_slow = isinstance(error, OutOfTimeError)
        reason = "that would take too long." if is_slow else "a part of it cannot be read."
        return notice_page(graded, resources.get("nbgrader", {}), reason), resources

    def _preprocess(self, nb: NotebookNode, resources: Any) -> Any:  # noqa: ANN401  nbconvert's
        """Take nbgrader's steps, which read the grades; from here on the clock runs."""
        self._graded = super()._preprocess(nb, resources)  # type: ignore[no-untyped-call]  # nbconvert's own
        self._clock.start()
        return self._graded

    def _stamp(self, resources: Any) -> str:  # noqa: ANN401  nbconvert's
        """Return the line by which it is known whether the page shows the marks as they are."""
        named, parent = (resources or {}).get("nbgrader"), cast("Any", self.parent)
        if not named or parent is None:
            return ""
        return stamp_of(Course(Path(parent.coursedir.root)), named["assignment"], named["student"])
