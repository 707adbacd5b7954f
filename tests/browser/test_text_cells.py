"""What a browser makes of text cells that grading keeps as they are: random ones, put together from hostile parts."""

import random

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from quizlib.grading.admission.clean_html import TAGS
from quizlib.grading.admission.text_cells import TextCells
from tests.grading.hostile_texts import HONEST, HOSTILE, PNG

WORDS = """
< > " ' = & | # * _ ` $ \\ [ ] ( ) { } ! - </ /> <!-- --> --!> <![CDATA[ ]]> <? ?> <! '> ** ``` ~~~ $$ [a]( ![ ](
<b> </b> <p> </p> <div> </div> <sub> </sub> <table> </table> <td> <br> <hr> <details> <summary> </details> <input> <svg>
<script> <math> <style> <textarea> <title> <noscript> <xmp> <template> <select> title=' class='score' id='a' style='a'
&lt; &#60; &quot; &#x3c; javascript:alert(1) onclick=alert(1) files/ attachment:a http://elsewhere.test
<https://example.org> a b 1.
"""
PARTS = [*WORDS.split(), *" \n\t\f", "\n\n", "    ", "- [x] ", "> ", "|-|\n", "<a href='", "<img src='", "<b title='"]
SAMPLES = 6_000

READ = """htmls => htmls.map(html => {
  const around = `<!DOCTYPE html><body><main><div>${html}</div><i></i></main>`;
  const page = new DOMParser().parseFromString(around, 'text/html');
  const main = page.body.firstElementChild, [first, last] = main.children, found = [];
  const shape = [page.body.children.length, main.children.length, first.tagName, last?.tagName].join(' ');
  for (const element of first.querySelectorAll('*'))
    found.push([element.tagName.toLowerCase(), element.namespaceURI.slice(-5),
      [...element.attributes].map(attribute => [attribute.name, attribute.value, element[attribute.name] + ''])]);
  return [shape, found]; })"""
"""Returns the shape of the page around each text, and each of its elements with its attributes."""

ATTRIBUTES = {"title", "class", "id", "href", "src", "alt", "width", "height", "type", "disabled", "checked", "start"}


def kept_texts():
    """Yield the HTML of random texts that are kept as they are, as it is written and as nbconvert puts it in a page."""
    draw = random.Random(20)
    for _ in range(SAMPLES):
        source = "".join(draw.choices(PARTS, k=draw.randint(1, 10)))
        if draw.random() < 0.3:
            source = draw.choice([*HONEST.values()]) + source + draw.choice([*HOSTILE.values(), *HONEST.values()])
        texts = TextCells(nbformat.v4.new_notebook())
        cell = texts.shown(nbformat.v4.new_markdown_cell(source))
        if cell.source == source:
            pictures = {name: {"image/png": PNG} for name in cell.get("attachments", {})}
            html = MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=pictures)).render(source)
            yield from (html, str(BeautifulSoup(html, "html.parser")))


@pytest.fixture
def page(chromium):
    """Return a page with an address, to which addresses in a text are relative."""
    context = chromium.new_context()
    opened = context.new_page()
    opened.route("**/*", lambda route: route.fulfill(body=""))
    opened.goto("http://here.test/")
    yield opened
    context.close()


def test_a_browser_finds_nothing_that_acts_in_a_text_that_is_kept(page):
    kept = list(kept_texts())
    assert len(kept) > SAMPLES / 10
    for html, (shape, elements) in zip(kept, page.evaluate(READ, kept), strict=True):
        assert shape == "1 2 DIV I", html
        for tag, namespace, attributes in elements:
            assert tag in TAGS, html
            assert namespace == "xhtml", html
            for name, value, _ in attributes:
                assert name in ATTRIBUTES or (name, value[:11]) == ("style", "text-align:"), html
                assert name != "src" or value.startswith(("data:image/", "attachment:")), html
            addresses = [read for name, _, read in attributes if name == "href"]
            assert all(read.startswith(("http:", "https:", "mailto:")) for read in addresses), html
