import nbformat
import pytest

from quizlib.grading.cells import begun, check_cells, checked_item, graded_item


@pytest.mark.parametrize(
    "source",
    ['check("why-quantize", why_quantize)', "check('why-quantize', x)", '# first\ncheck( "why-quantize" , x)'],
)
def test_a_check_cell_names_its_item(source):
    assert checked_item(source) == "why-quantize"


@pytest.mark.parametrize("source", ["recheck('a', b)", "x = check('a', b)", "check(item, b)", "check('A B', b)", ""])
def test_other_cells_check_nothing(source):
    assert checked_item(source) is None


def test_an_import_cell_names_lesson_and_release():
    source = "import quizlib\nquizlib.begin(\n    '01-overview', flavour='class', release='r.1-2'\n)"
    assert begun(source) == ("01-overview", "r.1-2")


def test_an_import_cell_without_release_names_the_lesson_alone():
    assert begun('quizlib.begin("01-overview")') == ("01-overview", None)
    assert begun('quizlib.begin("02b-memory")') == ("02b-memory", None)


@pytest.mark.parametrize("source", ["begin(lesson)", "begin('overview')", "beginning('01-overview')", "x = 1"])
def test_other_cells_begin_nothing(source):
    assert begun(source) is None


def test_only_graded_locked_code_cells_are_check_cells(released):
    assert list(check_cells(released).values()) == ["smallest-dtype", "float-bytes", "quantize-codes", "size-table"]


def test_a_test_cell_of_nbgraders_own_is_no_check_cell():
    meta = {"nbgrader": {"grade": True, "solution": False, "grade_id": "own", "points": 1}}
    assert graded_item(nbformat.v4.new_code_cell("assert x == 1", metadata=meta)) is None


def test_a_learners_own_check_is_no_check_cell():
    assert graded_item(nbformat.v4.new_code_cell('check("quantize-codes", f)')) is None
