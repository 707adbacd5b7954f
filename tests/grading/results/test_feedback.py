import re
import signal
from copy import deepcopy

import nbformat
import pytest
from nbconvert.preprocessors import Preprocessor

from quizlib.grading.batch.grade import grade
from quizlib.grading.results import clock, feedback
from quizlib.grading.results.feedback import FeedbackExporter
from tests.grading.conftest import LESSON, hand_in


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


def graded_notebook():
    """Return a notebook of one check cell, as grading and nbgrader leave it before its page is made."""
    role = {"grade": True, "solution": False, "grade_id": "size-table", "points": 2, "score": 1.5, "comment": "<i>Good"}
    card = nbformat.v4.new_output("display_data", data={"text/html": "<div>THE CARD</div>"})
    check = nbformat.v4.new_code_cell('check("size-table", x)', metadata={"nbgrader": role}, outputs=[card])
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("a"), check])


GRADED = {"nbgrader": {"notebook": "01-<b>", "score": 1.5, "max_score": 4, "late_penalty": 0.5}}


def endless(html):
    try:
        while True:
            pass
    except Exception:  # as a library does that takes the first ring for an error of its own
        while True:
            pass


def test_a_page_that_takes_too_long_is_given_up_and_the_score_is_told_all_the_same(monkeypatch):
    monkeypatch.setattr(clock, "AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(feedback, "cleaned", endless)
    made, _ = FeedbackExporter(seconds=0.2).from_notebook_node(graded_notebook(), deepcopy(GRADED))
    for told in ("01-&lt;b&gt;", "Score: 1.5 of 4 points, less 0.5 for a late", "would take too long", "THE CARD"):
        assert told in made
    assert "<h2>size-table: 1.5 of 2</h2>" in made
    assert "Comment: &lt;i&gt;Good" in made


def test_a_page_that_a_library_fails_to_make_tells_the_score_all_the_same(monkeypatch):
    monkeypatch.setattr(feedback, "cleaned", lambda html: 1 / 0)
    made, _ = FeedbackExporter().from_notebook_node(graded_notebook(), deepcopy(GRADED))
    assert "Score: 1.5 of 4 points" in made
    assert "a part of it cannot be read" in made


def test_a_failure_to_read_the_grades_is_no_page():
    class Failing(Preprocessor):
        def preprocess(self, nb, resources):
            raise OSError("the gradebook is locked")

    exporter = FeedbackExporter()
    exporter.register_preprocessor(Failing, enabled=True)
    with pytest.raises(OSError, match="the gradebook is locked"):
        exporter.from_notebook_node(graded_notebook(), deepcopy(GRADED))


def test_no_clock_is_left_running():
    before = signal.getsignal(signal.SIGALRM)
    FeedbackExporter().from_notebook_node(graded_notebook(), deepcopy(GRADED))
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == before


@pytest.mark.grading
def test_a_submission_whose_page_takes_too_long_is_graded_and_gets_a_plain_page(course, solved):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.FeedbackExporter.seconds = 0.001\n")
    hand_in(course, "ada", solved)
    [result] = grade(course, LESSON, ["ada"], isolation="none")
    assert (result.problem, result.record.score) == ("", 10.0)
    page = (course.feedback("ada", LESSON) / f"{LESSON}.html").read_text()
    assert "Score: 10 of 10 points." in page
    assert "that would take too long" in page
    assert page.count('role="heading"') == 4
