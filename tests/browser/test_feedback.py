"""A card on the page that nbgrader makes for feedback, which has no theme of JupyterLab."""

from pathlib import Path

import nbformat.v4
import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter

from quizlib.display.card import verdict_card
from tests.browser.notebooks import CARD, CONTRASTS, SCREENSHOTS
from tests.display.verdicts import full_verdict

FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
TEMPLATES = {
    "template_name": "feedback",
    "extra_template_basedirs": [str(FORMGRADER / "templates")],
    "extra_template_paths": [str(FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css")],
}


@pytest.fixture
def page(chromium):
    """Return a page that loads nothing from elsewhere, as on a machine without a network."""
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    opened = context.new_page()
    opened.route("**/*", lambda route: route.abort())
    yield opened
    context.close()


def test_card_can_be_read_on_a_page_of_feedback(page):
    page.set_content(feedback(verdict_card(full_verdict("<b>all</b>"))))
    page.screenshot(path=SCREENSHOTS / "feedback.png")

    contrasts = page.locator(CARD).evaluate(CONTRASTS)

    assert len(contrasts) > 20
    assert [(text, round(value, 1)) for text, value in contrasts if value < 4.5] == []


def feedback(card):
    """Return the page of feedback for a notebook of one checked cell, as nbgrader's own template makes it."""
    output = nbformat.v4.new_output("display_data", {"text/html": card})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("check()", outputs=[output])])
    exporter = HTMLExporter(**TEMPLATES)
    known = {"notebook": "01-overview", "score": 1.5, "max_score": 4, "late_penalty": 0}
    body, _ = exporter.from_notebook_node(notebook, {"nbgrader": known})
    return body
