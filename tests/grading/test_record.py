import pytest

from quizlib.grading.record import fingerprint, message, nothing_handed_in, read_record, write_record
from quizlib.items.base import Misconception
from quizlib.judging.verdict import CriterionResult, Verdict

from .conftest import LESSON, hand_in


def test_a_record_is_read_back_as_it_was_written(course):
    record = nothing_handed_in(course, "ada", LESSON, "none")
    write_record(course, record)
    assert read_record(course, "ada", LESSON) == record
    assert [path.name for path in course.verdicts("ada", LESSON).parent.iterdir()] == [f"{LESSON}.json"]


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", '{"format": 2}'])
def test_a_record_that_cannot_be_read_counts_as_none(course, text):
    path = course.verdicts("ada", LESSON)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert read_record(course, "ada", LESSON) is None


def test_the_fingerprint_changes_with_any_file_and_with_the_release(course, solved):
    path = hand_in(course, "ada", solved)
    seen = [fingerprint(course, "ada", LESSON)]
    assert fingerprint(course, "ada", LESSON) == seen[0]
    path.write_bytes(path.read_bytes() + b"\n")
    seen.append(fingerprint(course, "ada", LESSON))
    (path.parent / "data.csv").write_text("1")
    seen.append(fingerprint(course, "ada", LESSON))
    (course.root / "course.json").write_text('{"format": 1, "current": "new", "releases": ["new"]}')
    seen.append(fingerprint(type(course)(course.root), "ada", LESSON))
    assert len(set(seen)) == 4


def test_a_message_tells_the_misconception_first_then_what_was_missed():
    missed = CriterionResult(id="a", text="Clamps", score=0, points=1, message="got 128")
    fields = {"item": "q", "score": 0, "max_score": 1, "status": "wrong", "summary": "0 of 1 criteria are met."}
    assert message(Verdict(**fields)) == "0 of 1 criteria are met."
    assert message(Verdict(**fields, criteria=(missed,))) == "0 of 1 criteria are met. Clamps: got 128"
    cause = Misconception(id="m", text="Wraps.", remedy="Clip.")
    assert message(Verdict(**fields, criteria=(missed,), misconception=cause)) == "Wraps."


def test_nothing_handed_in_is_missing_on_every_item(course):
    record = nothing_handed_in(course, "ada", LESSON, "none")
    assert record.status == "missing"
    assert [(item.status, item.score) for item in record.items] == [("missing", 0)] * 4
