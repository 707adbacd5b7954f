import re

import nbformat
import pytest

from quizlib.grading.feedback import FeedbackExporter


def page(*cells):
    html, _ = FeedbackExporter().from_notebook_node(nbformat.v4.new_notebook(cells=list(cells)))
    return html


@pytest.mark.parametrize("source", ["<script>alert(1)</script>", "<iframe src='https://example.org'></iframe>"])
def test_html_that_runs_is_shown_as_text(source):
    assert source.split(">")[0].replace("<", "&lt;") in page(nbformat.v4.new_markdown_cell(source))


def test_html_that_only_looks_is_kept_without_what_it_does():
    made = page(nbformat.v4.new_markdown_cell("<sub onclick='x'>a</sub>"))
    assert "<sub>a</sub>" in made


@pytest.mark.parametrize(
    "source",
    [
        "```mermaid\n</pre><script>alert(1)</script>\n```",
        "# <img src=x onerror=alert(1)>",
        '<a href="x" onclick="alert(1)">a</a>',
        '![a](x.png "t" onerror=alert(1))',
        "```<script>\nx\n```",
        "$<script>alert(1)</script>$",
        '<p style="background: url(https://example.org)">a</p>',
        "<svg onload=alert(1)>",
        "<math><mi xlink:href='javascript:alert(1)'>",
    ],
)
def test_no_way_through_markdown_leads_to_a_script(source):
    made = page(nbformat.v4.new_markdown_cell("BEFORE\n\n" + source))
    cell = made[made.index("BEFORE") :].split("</body>")[0]
    live = re.findall(r"<[a-z][^>]*>", cell)
    assert not [tag for tag in live if re.search(r"^<(script|svg|math)|\son[a-z]+=|javascript:|style=", tag)]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html;base64,PHNjcmlwdD4=", "JavaScript:a"])
def test_a_link_that_runs_is_disarmed(address):
    made = page(nbformat.v4.new_markdown_cell(f"[a](<{address}>)"))
    assert "href=" not in made[made.index("<body") :]


@pytest.mark.parametrize("address", ["files/javascript:alert(1)", "/files/files/javascript:alert(1)"])
def test_a_link_that_runs_once_nbconvert_has_stripped_its_first_folder_is_disarmed(address):
    made = page(nbformat.v4.new_markdown_cell(f"[a]({address})"))
    assert "href=" not in made[made.index("<body") :]


@pytest.mark.parametrize("address", ["http://elsewhere.test/a.png", "//elsewhere.test/a.png", "a.png"])
def test_no_picture_is_loaded(address):
    made = page(nbformat.v4.new_markdown_cell(f"![a]({address})"))
    assert "src=" not in made[made.index("<body") :]


def test_a_list_of_tasks_and_a_table_keep_their_looks():
    made = page(nbformat.v4.new_markdown_cell("- [x] done\n\n|a|\n|:-:|\n|1|"))
    assert 'type="checkbox"' in made
    assert 'style="text-align:center"' in made


def test_a_link_that_leads_somewhere_is_kept():
    assert 'href="https://example.org"' in page(nbformat.v4.new_markdown_cell("[a](https://example.org)"))


def test_markdown_is_still_rendered():
    made = page(nbformat.v4.new_markdown_cell("**bold** and $x < y$"))
    assert "<strong>bold</strong>" in made
    assert "$x &lt; y$" in made


def test_widgets_are_left_out():
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"a": "</script>X-MARK"}}}
    html, _ = FeedbackExporter().from_notebook_node(notebook)
    assert "X-MARK" not in html
