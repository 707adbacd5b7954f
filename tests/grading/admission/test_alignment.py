from dataclasses import replace

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from quizlib.grading.admission import alignment
from quizlib.grading.admission.alignment import MAX_NORMAL, align
from quizlib.grading.admission.submission import SubmittedCell, read_submitted
from quizlib.grading.cells import check_cells


@pytest.fixture
def cells(tmp_path, solved):
    nbformat.write(solved, tmp_path / "a.ipynb")
    return list(read_submitted(tmp_path / "a.ipynb").cells)


def align_checked(cells, released):
    """Align, and require what nbgrader requires."""
    notebook, notes = align(cells, released)
    MetadataValidator().validate_nb(notebook)
    nbformat.validate(notebook)
    return notebook, notes


def position(cells, name):
    return next(i for i, cell in enumerate(cells) if cell.id == name)


def items(notebook):
    return list(check_cells(notebook).values())


ALL = ["smallest-dtype", "float-bytes", "quantize-codes", "size-table"]


def test_an_honest_submission_needs_no_repair(cells, released):
    notebook, notes = align_checked(cells, released)
    assert notes == []
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in cells]


def test_answers_are_the_students_and_all_metadata_the_releases(cells, released):
    notebook, _ = align_checked(cells, released)
    for aligned, original in zip(notebook.cells, released.cells, strict=True):
        assert aligned.metadata.get("nbgrader") == original.metadata.get("nbgrader")
    assert "nearest_codes" in notebook.cells[position(cells, "quantize-codes-answer")].source


def test_an_edited_check_cell_gets_the_releases_text(cells, released):
    at = position(cells, "size-table")
    cells[at] = replace(cells[at], source="2.0")
    notebook, _ = align_checked(cells, released)
    assert notebook.cells[at].source == released.cells[at].source


@pytest.mark.parametrize("lost", [{"grade_id": None}, {"id": None}, {"grade_id": None, "id": None}])
def test_check_cells_are_known_without_metadata_or_ids(cells, released, lost):
    stripped = [replace(cell, **lost) for cell in cells]
    notebook, notes = align_checked(stripped, released)
    assert items(notebook) == ALL
    assert notes == []


def test_deleted_check_cells_are_put_back_in_their_places(cells, released):
    left = [cell for cell in cells if cell.id not in ("smallest-dtype", "size-table")]
    notebook, notes = align_checked(left, released)
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in cells]
    assert len(notes) == 2


def test_all_check_cells_are_put_back_into_an_empty_notebook(released):
    notebook, notes = align_checked([], released)
    assert items(notebook) == ALL
    assert len(notes) == 4


def test_of_copied_check_cells_the_last_counts_and_the_others_are_ordinary(cells, released):
    at = position(cells, "quantize-codes")
    copy = replace(cells[at], id="copy")
    notebook, notes = align_checked([*cells, copy], released)
    assert items(notebook).count("quantize-codes") == 1
    assert notebook.cells[-1].metadata.nbgrader.grade_id == "quantize-codes"
    assert "nbgrader" not in notebook.cells[at].metadata
    assert notes == ["The cell quantize-codes is there more than once; the last one counts."]


def test_a_learners_own_check_does_not_take_the_place_of_the_graded_one(cells, released):
    own = SubmittedCell("code", 'check("quantize-codes", other)', id="own")
    notebook, _ = align_checked([*cells, own], released)
    assert "nbgrader" not in notebook.cells[-1].metadata


def test_an_answer_in_a_cell_of_another_type_is_code_again(cells, released):
    at = position(cells, "size-table-answer")
    cells[at] = replace(cells[at], kind="markdown")
    notebook, _ = align_checked(cells, released)
    assert notebook.cells[at].cell_type == "code"
    assert notebook.cells[at].source == cells[at].source


def test_cells_that_share_an_id_are_told_apart(cells, released):
    extra = [SubmittedCell("code", "1", id="same"), SubmittedCell("code", "2", id="same")]
    notebook, _ = align_checked([*extra, *cells, SubmittedCell("code", "3", id="size-table")], released)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


def test_unknown_grade_ids_make_ordinary_cells(cells, released):
    notebook, _ = align_checked([SubmittedCell("code", "1", grade_id="mine"), *cells], released)
    assert "nbgrader" not in notebook.cells[0].metadata


def test_tags_are_kept_on_ordinary_cells_and_lost_on_graded_ones(cells, released):
    tagged = [replace(cell, tags=("skip-execution",)) for cell in cells]
    notebook, _ = align_checked(tagged, released)
    graded = check_cells(notebook)
    assert all("tags" not in notebook.cells[index].metadata for index in graded)
    assert notebook.cells[1].metadata.tags == ["skip-execution"]


def test_aligning_twice_changes_nothing(cells, released, tmp_path):
    once, _ = align_checked(cells[3:], released)
    nbformat.write(once, tmp_path / "once.ipynb")
    twice, notes = align_checked(read_submitted(tmp_path / "once.ipynb").cells, released)
    assert twice == once
    assert notes == []


def test_text_cells_of_the_learner_are_shown_as_plain_text_where_they_do_something(cells, released):
    own = [
        SubmittedCell("raw", "<script>", id="raw"),
        SubmittedCell("markdown", "<script>", id="text"),
        SubmittedCell("markdown", "**bold**", id="honest"),
    ]
    notebook, notes = align_checked([*cells, *own], released)
    assert [cell.source for cell in notebook.cells[-3:]] == ["```\n<script>\n```", "```\n<script>\n```", "**bold**"]
    assert {cell.cell_type for cell in notebook.cells} == {"code", "markdown"}
    assert notes == ["Text cells with more than text, links and pictures, shown as plain text: 1."]


def test_an_answer_in_markdown_that_a_person_grades_is_no_way_in(cells, released):
    role = {"grade": True, "solution": True, "locked": False, "task": False, "grade_id": "essay", "points": 2}
    role |= {"schema_version": 3, "cell_type": "markdown"}
    essay = nbformat.v4.new_markdown_cell("Your answer", id="essay", metadata={"nbgrader": role})
    released.cells.append(essay)
    notebook, _ = align_checked([*cells, SubmittedCell("markdown", "<img src=//a.b/c>", id="essay")], released)
    assert notebook.cells[-1].source == "```\n<img src=//a.b/c>\n```"
    assert notebook.cells[-1].metadata == essay.metadata


def test_a_tag_with_blanks_which_a_page_would_read_as_several_classes_is_dropped(cells, released):
    tags = ("a nbgrader_cell score", "hide-input", '"><script>')
    notebook, _ = align_checked([SubmittedCell("code", "1", id="own", tags=tags), *cells], released)
    assert notebook.cells[0].metadata.tags == ["hide-input"]


def test_a_tag_that_is_there_twice_is_kept_once(cells, released):
    notebook, _ = align_checked([SubmittedCell("code", "1", id="own", tags=("mine", "a", "mine")), *cells], released)
    assert notebook.cells[0].metadata.tags == ["mine", "a"]


def test_code_without_end_is_kept_as_it_is_and_what_comes_before_and_after_it_is_not(cells, released):
    words = "# mine \n" + "a " * MAX_NORMAL
    own = [SubmittedCell("code", source, id=f"own-{at}") for at, source in enumerate(["x = 1 ", words, "x = 1 "])]
    notebook, _ = align_checked([*own, *cells], released)
    assert [cell.source for cell in notebook.cells[:3]] == ["x = 1", words, "x = 1"]


def test_of_many_cells_so_much_code_is_brought_into_its_normal_form_as_the_cap_says(cells, released, monkeypatch):
    monkeypatch.setattr(alignment, "MAX_NORMAL", 10)
    own = [SubmittedCell("code", "x = 1 ", id=f"own-{at}") for at in range(3)]
    notebook, _ = align_checked([*own, *cells], released)
    assert [cell.source for cell in notebook.cells[:3]] == ["x = 1", "x = 1 ", "x = 1 "]
