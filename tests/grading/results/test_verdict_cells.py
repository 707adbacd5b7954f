import nbformat
import pytest
from nbgrader.utils import determine_grade

from quizlib.grading.results.verdict_cells import score_in_points, show_verdict
from quizlib.judging.verdict import Verdict


def verdict(score, max_score):
    return Verdict(item="q", score=score, max_score=max_score, status="partial", summary="<b>")


@pytest.mark.parametrize(
    ("score", "max_score", "points", "given"),
    [
        (5, 6, 6, 5),
        (1.3333, 2, 2, 1.3333),
        (1, 3, 6, 2),
        (7, 6, 6, 6),
        (-1, 6, 6, 0),
        (0, 0, 3, 0),
    ],
)
def test_a_score_is_a_finite_number_within_the_points_of_its_cell(score, max_score, points, given):
    assert score_in_points(verdict(score, max_score), points) == given


@pytest.mark.parametrize("score", [0, 1 / 3, 2])
def test_nbgrader_reads_the_verdict_as_it_is_whatever_the_kernel_left(score):
    meta = {"nbgrader": {"grade": True, "solution": False, "grade_id": "q", "points": 2}}
    left = [nbformat.v4.new_output("stream", name="stderr", text="warning"), nbformat.v4.new_output("error")]
    cell = nbformat.v4.new_code_cell('check("q", q)', metadata=meta, outputs=left)
    show_verdict(cell, verdict(score, 2))
    assert determine_grade(cell) == (score, 2)


def test_the_card_of_a_grading_is_told_for_the_end():
    meta = {"nbgrader": {"grade": True, "solution": False, "grade_id": "q", "points": 2}}
    cell = nbformat.v4.new_code_cell('check("q", q)', metadata=meta)
    show_verdict(cell, verdict(1, 2).model_copy(update={"isolation": "none"}))
    for told in cell.outputs[0].data.values():
        assert "Partly right" in told
        assert not [word for word in ("Judged under", "hint", "again", "run") if word in told]


def test_a_text_that_a_kernel_gives_for_the_number_of_an_execution_goes_to_no_page():
    meta = {"nbgrader": {"grade": True, "solution": False, "grade_id": "q", "points": 2}}
    cell = nbformat.v4.new_code_cell('check("q", q)', metadata=meta)
    cell.execution_count = "<script>"
    show_verdict(cell, verdict(1, 2))
    assert cell.outputs[1].execution_count is None
    assert determine_grade(cell) == (1, 2)
