"""What cannot be judged through a fault of ours: no score in the gradebook, told, and tried again by the next run."""

import pytest

from quizlib.grading.batch.grade import choose, grade, is_settled
from quizlib.grading.batch.report import as_json, status
from quizlib.grading.results.gradebook import auto_scores
from tests.grading.conftest import LESSON, hand_in, scores

pytestmark = pytest.mark.grading


def run(course):
    [result] = grade(course, LESSON, choose(course, LESSON, []), isolation="none")
    return result


def test_an_item_that_ends_the_judge_has_no_score_and_the_next_run_judges_it(course, solved, monkeypatch):
    monkeypatch.setattr("quizlib.grading.batch.pool.WORKER", "tests.grading.fragile_worker")
    hand_in(course, "ada", solved)
    result = run(course)
    assert scores(result.record) == {"smallest-dtype": 1, "float-bytes": 2, "quantize-codes": 5, "size-table": 0}
    assert status(result) == "infrastructure"
    assert result.problem.startswith("size-table: This could not be judged, through no fault of yours")
    held = {name: score for (_, name), score in auto_scores(course, LESSON, "ada").items()}
    assert held == {"smallest-dtype": 1, "float-bytes": 2, "quantize-codes": 5, "size-table": None}
    assert result.marks.waiting == 1
    assert not is_settled(course, LESSON, "ada")
    told = {item["id"]: item["score"] for item in as_json(LESSON, [result])["submissions"][0]["items"]}
    assert told["size-table"] is None
    page = (course.feedback("ada", LESSON) / f"{LESSON}.html").read_text()
    assert "through no fault of yours" in page

    monkeypatch.undo()
    mended = run(course)
    assert (status(mended), mended.problem, mended.record.score) == ("graded", "", 10)
    assert auto_scores(course, LESSON, "ada")[LESSON, "size-table"] == 2
    assert mended.marks.waiting == 0
    assert is_settled(course, LESSON, "ada")
