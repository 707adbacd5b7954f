import nbformat

from quizlib.grading.results.feedback_notice import notice_page

HOSTILE = "<script>alert(1)</script>"


def cell(source, **role):
    output = nbformat.v4.new_output("display_data", data={"text/html": f"<p>{source}</p>"})
    named = {"grade": True, "solution": False, "grade_id": HOSTILE, "points": 2, **role}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": named}, outputs=[output])


def test_only_a_card_is_html_that_stays():
    cells = [cell('check("a", a)'), cell("own_test()", comment=HOSTILE), nbformat.v4.new_markdown_cell(HOSTILE)]
    page = notice_page(nbformat.v4.new_notebook(cells=cells), {"notebook": HOSTILE, "max_score": 4}, HOSTILE)
    assert HOSTILE not in page
    assert '<p>check("a", a)</p>' in page
    assert "<p>own_test()</p>" not in page


def test_a_cell_without_a_score_counts_for_nothing():
    page = notice_page(nbformat.v4.new_notebook(cells=[cell("x", grade_id="essay")]), {}, "it is long.")
    assert "<h2>essay: 0 of 2</h2>" in page
    assert "Score: 0 of 0 points." in page
