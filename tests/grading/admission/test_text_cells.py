import base64
import time
from copy import deepcopy

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.strings import strip_files_prefix

from quizlib.grading.admission.text_cells import MAX_LETTERS, MAX_SHOWN_TEXT, TextCells, plain_text
from quizlib.grading.results.feedback import FeedbackExporter
from tests.grading.hostile_texts import GIF, HEAVY, HONEST, HOSTILE, PNG, WEBP

SECONDS = 2.0
"""Time of the processor that any cell may take; on an idle machine each takes less than one."""


@pytest.fixture
def texts(released):
    return TextCells(released)


def markdown(source, **fields):
    return nbformat.v4.new_markdown_cell(source, id="a", **fields)


def attached(**pictures):
    return {name.replace("_", "."): bundle for name, bundle in pictures.items()}


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_that_does_something_is_shown_as_plain_text(texts, name):
    cell = texts.shown(markdown(HOSTILE[name]))
    assert cell.source == plain_text(HOSTILE[name])
    assert texts.notes == ["Text cells with more than text, links and pictures, shown as plain text: 1."]


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_answer_stays_as_it_was(texts, name):
    pictures = attached(image_png={"image/png": PNG}) if "attachment:" in HONEST[name] else {}
    fields = {"attachments": pictures} if pictures else {}
    cell = texts.shown(markdown(HONEST[name], **fields))
    assert cell == markdown(HONEST[name], **fields)
    assert texts.notes == []


@pytest.mark.parametrize("name", HOSTILE)
def test_plain_text_shows_all_of_it_and_nothing_else(name):
    source = HOSTILE[name].replace("\x00", "").replace("\x08", "")
    notebook = nbformat.v4.new_notebook(cells=[markdown(plain_text(source))])
    soup = read(HTMLExporter(template_name="classic").from_notebook_node(notebook)[0])
    [shown] = soup.select(".text_cell_render")
    assert {element.name for element in shown.find_all()} == {"pre", "code"}
    assert shown.get_text().strip() == strip_files_prefix(source.strip())  # as nbconvert does to all texts


def read(html):
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize("source", ["```\na\n```", "`" * 40, "~~~~\nb\n~~~~", "a\n```` c", "\r```\r", ">```\n> ```"])
def test_no_fence_in_a_text_ends_the_fence_around_it(source):
    soup = read(HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[markdown(plain_text(source))]))[0])
    [shown] = soup.select(".jp-MarkdownOutput")
    assert [element.name for element in shown.find_all()] == ["pre", "code"]


@pytest.mark.parametrize("mimetype", [None, "text/html", "text/markdown", "text/latex", "TEXT/HTML"])
def test_a_raw_cell_becomes_a_text_in_a_fence(texts, mimetype):
    metadata = {"raw_mimetype": mimetype} if mimetype else {}
    cell = texts.shown(nbformat.v4.new_raw_cell("<script>a</script>", id="a", metadata=metadata))
    assert (cell.cell_type, cell.source, cell.metadata) == ("markdown", "```\n<script>a</script>\n```", {})
    assert texts.notes == []


def test_text_of_the_release_stays_whatever_it_holds(released):
    own = markdown("<div class='note'>ours</div> ![a](figure.png)")
    raw = nbformat.v4.new_raw_cell("ours", metadata={"raw_mimetype": "text/latex"})
    texts = TextCells(nbformat.v4.new_notebook(cells=[*released.cells, own, raw]))
    for cell in (own, raw):
        assert texts.shown(deepcopy(cell)) == cell


def test_pictures_of_the_release_are_its_own_and_not_what_was_handed_in(released):
    own = markdown("![a](attachment:a.png)", attachments=attached(a_png={"image/png": PNG}))
    texts = TextCells(nbformat.v4.new_notebook(cells=[own]))
    assert texts.shown(markdown(own.source, attachments=attached(a_png={"image/png": "x"}))) == own


@pytest.mark.parametrize(
    "bundle",
    [{"image/gif": GIF}, {"image/webp": WEBP}, {"image/png": GIF}, {"image/svg+xml": "<svg>"}, {}, None],
)
def test_a_picture_that_cannot_be_shown_leads_to_a_notice_and_the_text_stays(texts, bundle):
    given = {} if bundle is None else {"attachments": attached(a_png=bundle)}
    cell = texts.shown(markdown("My **essay** ![a](attachment:a.png)", **given))
    assert cell.source == "My **essay** ![a](attachment:a.png)"
    assert texts.notes == ["Pictures that are not in the notebook, or neither PNG nor JPEG, and not shown: 1."]
    made, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert '<img alt="a" src="data:image/png;base64,' in made


def test_nothing_but_pictures_is_left_of_what_was_attached(texts):
    pictures = attached(a_png={"image/png": PNG, "text/html": "<script>"}, b_svg={"image/svg+xml": "<svg>"})
    cell = texts.shown(markdown("a", attachments=pictures))
    assert cell.attachments == {"a.png": {"image/png": PNG}}


def test_a_picture_written_out_in_the_text_may_be_as_large_as_one_that_is_attached(texts):
    large = base64.b64encode(base64.b64decode(PNG) + bytes(2_000_000)).decode()
    source = f"![a](data:image/png;base64,{large})"
    assert texts.shown(markdown(source)).source == source


@pytest.mark.parametrize("name", HEAVY)
def test_deciding_about_a_cell_takes_no_time_whatever_it_holds(texts, name):
    started = time.process_time()
    cell = texts.shown(markdown(HEAVY[name]))
    assert time.process_time() - started < SECONDS
    assert len(cell.source) <= MAX_LETTERS


@pytest.mark.parametrize("name", HEAVY)
def test_showing_a_cell_takes_no_time_whatever_it_held(texts, name):
    notebook = nbformat.v4.new_notebook(cells=[texts.shown(markdown(HEAVY[name]))])
    started = time.process_time()
    FeedbackExporter().from_notebook_node(notebook)
    assert time.process_time() - started < 2 * SECONDS


def test_a_long_text_is_cut_with_a_sentence(texts):
    cell = texts.shown(markdown("a line\n" * 50_000))
    assert cell.source.startswith("This cell has 350,000 characters in 50,001 lines, too many to show; it begins like")
    assert cell.source.count("a line") > 900


def test_many_cells_together_are_capped_as_well(texts):
    started = time.process_time()
    shown = [texts.shown(markdown("**a*b" * 9_000 + str(number))).source for number in range(100)]
    assert time.process_time() - started < 10 * SECONDS
    assert sum(map(len, shown)) < MAX_SHOWN_TEXT + 100 * MAX_LETTERS // 100


def test_a_cell_keeps_its_id_and_what_it_is_to_nbgrader(texts):
    role = {"nbgrader": {"grade": True, "solution": True, "grade_id": "essay", "points": 2, "locked": False}}
    cell = texts.shown(markdown("<script>", metadata=role))
    assert (cell.id, cell.metadata, cell.source) == ("a", role, "```\n<script>\n```")
