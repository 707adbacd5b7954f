import base64

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import strip_ansi

from quizlib.grading.execution.outputs import (
    MAX_TEXT,
    KeepPlainOutputs,
    Meter,
    error_output,
    is_told_to_end,
    plain_output,
)

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGM8wcDEwAAAA/oAzIAKlEUAAAAASUVORK5CYII="


def shown(**data):
    return nbformat.from_dict({"output_type": "display_data", "data": data, "metadata": {}})


@pytest.mark.parametrize(
    "mime",
    [
        "text/html",
        "image/svg+xml",
        "application/javascript",
        "text/markdown",
        "text/latex",
        "application/vnd.jupyter.widget-view+json",
        "application/pdf",
        "image/jpeg",
    ],
)
def test_only_text_and_png_are_kept(mime):
    kept = plain_output(shown(**{mime: "<script>alert(1)</script>", "text/plain": "a", "image/png": PNG}))
    assert set(kept.data) == {"text/plain", "image/png"}


def test_an_output_of_html_alone_is_dropped():
    assert plain_output(shown(**{"text/html": "<b>"})) is None


@pytest.mark.parametrize("data", ['" onerror="alert(1)', base64.b64encode(b"GIF89a").decode(), "", {"a": 1}, ["x"]])
def test_a_picture_that_is_no_png_is_dropped(data):
    assert plain_output(shown(**{"image/png": data})) is None


def test_text_is_cut_at_its_cap():
    kept = plain_output(nbformat.v4.new_output("stream", name="stdout", text="x" * (MAX_TEXT + 1)))
    assert kept.text.endswith("cut here")
    assert len(kept.text) < MAX_TEXT + 50


def test_metadata_of_an_output_is_dropped():
    output = nbformat.v4.new_output("display_data", data={"text/plain": "a"}, metadata={"x": "<script>"})
    assert plain_output(output).metadata == {}


@pytest.mark.parametrize("output", [{"output_type": "stream", "name": "evil", "text": ""}, {"output_type": "new"}, {}])
def test_an_unknown_output_is_dropped(output):
    assert plain_output(nbformat.from_dict(output)) is None


def test_a_test_cell_that_nbgrader_cannot_score_costs_itself_only():
    meta = {"nbgrader": {"grade": True, "solution": False, "grade_id": "own", "points": 1}}
    result = nbformat.v4.new_output("execute_result", data={"text/plain": "99"})
    cell = nbformat.v4.new_code_cell("own_test()", metadata=meta, outputs=[result])
    reduced(cell)
    assert [output.output_type for output in cell.outputs] == ["error"]


def test_the_meter_counts_messages_and_bytes():
    meter = Meter(messages=3, size=100)
    assert meter.admits({"text": "x" * 50})
    assert not meter.admits({"text": "x" * 100})
    assert not Meter(messages=0, size=100).admits({})


def test_the_meter_tells_a_cell_that_is_over_from_one_that_comes_after():
    meter = Meter(messages=3, size=100)
    assert not meter.admits({"text": "x" * 200})
    assert (meter.is_over, meter.told) == (True, "0.0001 MB")
    meter.begin_cell()
    assert (meter.admits({"text": "y"}), meter.is_over) == (False, False)
    assert [meter.admits({}) for _ in range(3)] == [False] * 3
    assert (meter.is_over, meter.told) == (True, "3 messages")


@pytest.mark.parametrize("payload", [None, 1, "ask_exit", [None], [[]], [{"source": 1}], {"source": "ask_exit"}, []])
def test_a_reply_of_any_other_form_tells_no_kernel_to_end(payload):
    assert not is_told_to_end({"payload": payload})


def test_an_error_output_is_valid():
    nbformat.v4.new_code_cell("x", outputs=[error_output("Gone", "the kernel died.")])
    assert error_output("Gone", "the kernel died.").traceback == ["Gone: the kernel died."]


def reduced(*cells):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = list(cells)
    KeepPlainOutputs().preprocess(notebook, {})


def test_all_text_of_a_notebook_is_capped_and_no_result_of_a_test_cell_is_lost():
    meta = {"nbgrader": {"grade": True, "solution": False, "grade_id": "own", "points": 1}}
    result = nbformat.v4.new_output("execute_result", data={"text/plain": "1"})
    text = nbformat.v4.new_output("display_data", data={"text/plain": "x" * MAX_TEXT, "image/png": PNG})
    cells = [nbformat.v4.new_code_cell("x", outputs=[text] * 6) for _ in range(3)]
    cells.append(nbformat.v4.new_code_cell("own_test()", metadata=meta, outputs=[result]))
    reduced(*cells)
    assert [len(cell.outputs) for cell in cells] == [6, 4, 1, 1]
    assert ["cut here" in str(cell.outputs[-1]) for cell in cells] == [False, True, True, False]
    assert cells[-1].outputs == [result]


@pytest.mark.parametrize(("told", "kept"), [(3, 3), ("<script>", None), (True, None), (-1, None), (1.5, None)])
def test_the_number_of_an_execution_is_a_number(told, kept):
    cell = nbformat.v4.new_code_cell("x")
    cell.execution_count = told  # as a kernel tells it
    reduced(cell)
    assert cell.execution_count is kept


def test_a_picture_too_large_to_show_is_dropped():
    assert plain_output(shown(**{"image/png": png_of(20_000, 20_000)})) is None
    assert plain_output(shown(**{"image/png": png_of(3_000, 2_000)})) is not None


def png_of(width, height):
    """Return the head of a PNG of a size."""
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return base64.b64encode(head).decode()


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\x1b[31;1m<b>\x1b[38;2;1;2;3m\x1b[0m", "$\\href{a}{b}$"]
)
def test_text_is_shown_as_text_by_the_pages_of_nbconvert(text):
    outputs = [
        nbformat.v4.new_output("stream", name="stdout", text=text),
        nbformat.v4.new_output("display_data", data={"text/plain": text}),
        nbformat.v4.new_output("error", ename=text, evalue=text, traceback=[text]),
    ]
    cell = nbformat.v4.new_code_cell("x", outputs=[plain_output(output) for output in outputs])
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    areas = BeautifulSoup(html, "html.parser").select(".output_area pre")
    assert len(areas) == 3
    assert all({tag.name for tag in area.find_all()} <= {"span"} for area in areas)
    assert all(strip_ansi(text) in area.get_text() for area in areas)
