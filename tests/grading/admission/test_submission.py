import json
import os

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizlib.errors import NotANotebookError
from quizlib.grading.admission import submission
from quizlib.grading.admission.submission import read_submitted
from tests.grading.conftest import LESSON


def write(path, document):
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def notebook_with(*cells, **fields):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **fields}


def code(source, **fields):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **fields}


BEGIN = f'quizlib.begin("{LESSON}", flavour="class", release="r1")'


def test_lesson_and_release_are_read_from_the_import_cell(tmp_path):
    found = read_submitted(write(tmp_path / "a.ipynb", notebook_with(code("x = 1"), code(BEGIN))))
    assert (found.lesson, found.release) == (LESSON, "r1")


def test_outputs_and_other_metadata_are_dropped(tmp_path):
    noisy = code("x", outputs=[{"output_type": "error"}], metadata={"nbgrader": {"grade_id": "g", "points": 9}})
    [cell] = read_submitted(write(tmp_path / "a.ipynb", notebook_with(noisy))).cells
    assert (cell.source, cell.grade_id) == ("x", "g")
    assert not hasattr(cell, "outputs")


def test_lines_of_a_source_are_joined(tmp_path):
    [cell] = read_submitted(write(tmp_path / "a.ipynb", notebook_with(code(["a\n", "b", 3])))).cells
    assert cell.source == "a\nb"


def test_half_a_surrogate_pair_cannot_spoil_a_file(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\\ud800"}]}')
    assert read_submitted(tmp_path / "a.ipynb").cells[0].source == "?"


def test_a_pasted_picture_is_kept_and_a_pasted_page_is_not(tmp_path):
    attachments = {"p.png": {"image/png": "iVBORw0=", "text/html": "<script>"}, "q": {"text/html": "<b>"}}
    text = {"cell_type": "markdown", "source": "", "metadata": {}, "attachments": attachments}
    [cell] = read_submitted(write(tmp_path / "a.ipynb", notebook_with(text))).cells
    assert cell.attachments == {"p.png": {"image/png": "iVBORw0="}}


@pytest.mark.parametrize("name", ["mine\n", "\n", "", "x" * 65, 7, ["mine"]])
def test_an_id_that_is_none_is_dropped(tmp_path, name):
    [cell] = read_submitted(write(tmp_path / "a.ipynb", notebook_with(code("x", id=name)))).cells
    assert cell.id is None


def test_a_picture_under_a_name_that_no_file_can_hold_gets_another_one(tmp_path):
    text = {"cell_type": "markdown", "source": "", "attachments": {"\ud800.png": {"image/png": "iVBORw0="}}}
    [cell] = read_submitted(write(tmp_path / "a.ipynb", notebook_with(text))).cells
    assert cell.attachments == {"?.png": {"image/png": "iVBORw0="}}


def test_a_notebook_of_format_3_is_read(tmp_path):
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "code", "input": ["x = 1"], "language": "python", "outputs": [], "metadata": {}},
                    {"cell_type": "heading", "level": 1, "source": ["Title"], "metadata": {}},
                ],
            }
        ],
    }
    cells = read_submitted(write(tmp_path / "a.ipynb", old)).cells
    assert [(cell.kind, cell.source) for cell in cells] == [("code", "x = 1"), ("markdown", "# Title")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Dear teacher", "does not hold JSON"),
        (b"", "does not hold JSON"),
        (b"\xff\xfe\x00", "does not hold JSON"),
        (b"[" * 100_000, "does not hold JSON"),
        (b"[1, 2]", "not a notebook"),
        (b'{"cells": 3}', "not a notebook"),
        (b'{"nbformat": 3, "worksheets": [3]}', "old format"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(tmp_path, content, reason):
    (tmp_path / "a.ipynb").write_bytes(content)
    with pytest.raises(NotANotebookError, match=reason):
        read_submitted(tmp_path / "a.ipynb")


def test_a_link_to_a_classmates_notebook_is_refused(tmp_path):
    write(tmp_path / "theirs.ipynb", notebook_with(code("x")))
    (tmp_path / "mine.ipynb").symlink_to(tmp_path / "theirs.ipynb")
    with pytest.raises(NotANotebookError, match="cannot be taken"):
        read_submitted(tmp_path / "mine.ipynb")


def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "a.ipynb")
    with pytest.raises(NotANotebookError, match="not a regular file"):
        read_submitted(tmp_path / "a.ipynb")


def test_a_file_over_the_cap_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "MAX_BYTES", 100)
    with pytest.raises(NotANotebookError, match="over 100 bytes"):
        read_submitted(write(tmp_path / "a.ipynb", notebook_with(code("x" * 100))))


def test_too_many_cells_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "MAX_CELLS", 2)
    with pytest.raises(NotANotebookError, match="has 3 cells"):
        read_submitted(write(tmp_path / "a.ipynb", notebook_with(*[code("x")] * 3)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "id", "attachments"]),
            inner | st.sampled_from(["code", "markdown", "raw"]),
        )
    ),
    max_leaves=25,
)


@given(json_values)
def test_no_json_breaks_the_reader(tmp_path_factory, document):
    path = write(tmp_path_factory.mktemp("any") / "a.ipynb", document)
    try:
        cells = read_submitted(path).cells
    except NotANotebookError:
        return
    assert all(isinstance(cell.source, str) for cell in cells)


def test_a_released_notebook_is_read_as_it_is(tmp_path, released):
    nbformat.write(released, tmp_path / "a.ipynb")
    found = read_submitted(tmp_path / "a.ipynb")
    assert [cell.source for cell in found.cells] == [cell.source for cell in released.cells]
    assert found.lesson == LESSON


def old_code(source, outputs=()):
    return {"cell_type": "code", "language": "python", "input": source, "outputs": list(outputs), "metadata": {}}


def old_notebook(*cells):
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": list(cells)}]}


def test_too_many_cells_of_an_old_format_are_refused_before_they_are_brought_into_a_new_one(tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "MAX_CELLS", 2)
    monkeypatch.setattr(nbformat, "reads", lambda *given, **named: pytest.fail("it was brought into a new one"))
    with pytest.raises(NotANotebookError, match="the notebook has 3 cells; at most 2 are taken"):
        read_submitted(write(tmp_path / "a.ipynb", old_notebook(*map(old_code, "abc"))))


def test_outputs_of_an_old_format_are_dropped_before_the_cells_are_brought_into_a_new_one(tmp_path, monkeypatch):
    given, reads = [], nbformat.reads
    monkeypatch.setattr(nbformat, "reads", lambda text, **named: given.append(text) or reads(text, **named))
    output = {"output_type": "stream", "stream": "stdout", "text": "MARK"}
    [cell] = read_submitted(write(tmp_path / "a.ipynb", old_notebook(old_code("x", [output] * 3)))).cells
    assert cell.source == "x"
    assert "MARK" not in given[0]
