import io

from rich.console import Console

from quizlib.grading.batch.grade import Graded
from quizlib.grading.batch.report import as_json, printable, reason, status, table
from tests.grading.conftest import LESSON, nothing_handed_in


def shown(made):
    console = Console(file=io.StringIO(), width=100, force_terminal=True)
    console.print(made)
    return console.file.getvalue()


def printed(results):
    return shown(table(LESSON, results))


def test_a_fault_of_ours_has_no_score_and_no_items():
    [row] = as_json(LESSON, [Graded("ada", None, is_new=True, problem="the judge died")])["submissions"]
    assert (row["status"], row["score"], row["max_score"], row["items"]) == ("infrastructure", None, None, [])
    assert "not graded" in printed([Graded("ada", None, is_new=True, problem="x")])


def test_a_problem_with_the_feedback_is_ours_though_a_record_is_there(course):
    record = nothing_handed_in(course, "ada", LESSON, "none")
    assert status(Graded("ada", record, is_new=True, problem="no feedback")) == "infrastructure"
    assert status(Graded("ada", record, is_new=True)) == "missing"


def test_what_was_left_alone_is_marked(course):
    record = nothing_handed_in(course, "ada", LESSON, "none")
    assert "missing (unchanged)" in printed([Graded("ada", record, is_new=False)])


def test_a_grade_by_another_engine_is_told_as_that(course):
    other = nothing_handed_in(course, "ada", LESSON, "none").model_copy(update={"engine": "0" * 64})
    left, new = Graded("ada", other, is_new=False), nothing_handed_in(course, "bob", LESSON, "none")
    assert "missing (judged by another engine)" in printed([left])
    rows = as_json(LESSON, [left, Graded("bob", new, is_new=True), Graded("eve", None, is_new=True)])["submissions"]
    assert [row["engine"] for row in rows] == ["another", "this", None]


def test_a_student_id_cannot_write_to_the_terminal():
    said = printed([Graded("\x1b]0;evil\x07[red]\u202eada", None, is_new=True)])
    assert "\x1b]0" not in said
    assert "\u202e" not in said
    assert "?]0;evil?[red]?ada" in said


def test_letters_of_other_alphabets_are_printed_as_they_are():
    assert printable("Zoë Łukasz 李") == "Zoë Łukasz 李"


def test_bytes_and_halves_of_characters_can_be_printed_on_any_terminal():
    assert printable("caf\udce9 \ud800").encode("utf-8") == rb"caf\xe9 ?"


def noted(record, *notes):
    [book] = record.notebooks
    return record.model_copy(update={"notebooks": (book.model_copy(update={"notes": notes}),)})


def test_the_reason_tells_what_has_no_points_unjudged_and_what_was_said_on_reading(course):
    record = noted(nothing_handed_in(course, "ada", LESSON, "none"), "Nothing was run: x.", "a.csv left out: a link.")
    told = "4 of 4 items missing: no notebook was handed in. a.csv left out: a link."
    assert reason(Graded("ada", record, is_new=True)) == told
    [row] = as_json(LESSON, [Graded("ada", record, is_new=True)])["submissions"]
    assert row["reason"] == told
    assert "reason" in printed([Graded("ada", record, is_new=True)])


def test_a_reason_is_a_few_sentences_and_says_how_many_more_there_are(course):
    record = noted(nothing_handed_in(course, "ada", LESSON, "none"), *(f"Note {number}." for number in range(6)))
    told = reason(Graded("ada", record, is_new=True))
    assert told.endswith("no notebook was handed in. Note 0. Note 1. and 4 more notes, in the feedback")


def test_nothing_is_said_and_no_column_made_where_points_say_it_all(course):
    record = nothing_handed_in(course, "ada", LESSON, "none")
    [book] = record.notebooks
    items = tuple(item.model_copy(update={"status": "wrong"}) for item in book.items)
    judged = record.model_copy(update={"notebooks": (book.model_copy(update={"items": items}),)})
    graded = Graded("ada", judged, is_new=True)
    assert reason(graded) == ""
    assert "reason" not in printed([graded])


def test_a_refused_submission_is_not_called_a_fault_of_ours():
    graded = Graded("a*", None, is_new=True, problem="rename the folder", is_refused=True)
    assert status(graded) == "refused"
    assert "not graded" in printed([graded])
    assert "rename the folder" in printed([graded])
