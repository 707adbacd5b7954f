from pathlib import Path

import pytest
from pydantic import ValidationError

from quizlib.grading.fate import Fate
from quizlib.grading.processes.messages import (
    TO_JUDGE,
    TO_WORKER,
    GradeSubmission,
    JudgeItems,
    PrepareProbes,
    PreviewGrade,
    WriteFeedback,
)

LEFT_NONE = Fate(status="died", sentence="the kernel died.")
TO_THE_JUDGE = (
    PrepareProbes(release="r1", lesson="90-sample", code="c0de", items=("a", "b"), folder=Path("/probes")),
    JudgeItems(release="r1", lesson="90-sample", code="c0de", items={"b": None, "a": LEFT_NONE}, folder=Path("/taken")),
)
TO_A_WORKER = tuple(
    kind(student="Zoë [1]", lesson="90-sample") for kind in (GradeSubmission, WriteFeedback, PreviewGrade)
)


@pytest.mark.parametrize(
    ("read", "request_"),
    [*((TO_JUDGE, request) for request in TO_THE_JUDGE), *((TO_WORKER, request) for request in TO_A_WORKER)],
)
def test_a_request_is_read_back_as_it_was_written(read, request_):
    assert read.validate_json(request_.model_dump_json()) == request_


def test_items_are_judged_in_the_order_in_which_they_were_asked_for():
    assert list(TO_JUDGE.validate_json(TO_THE_JUDGE[1].model_dump_json()).items) == ["b", "a"]


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (TO_JUDGE, '{"do": "sing"}', "does not match any of the expected tags: 'prepare', 'judge'"),
        (TO_JUDGE, '{"release": "r1"}', "Unable to extract tag using discriminator 'do'"),
        (TO_JUDGE, '{"do": "judge", "release": "r1", "lesson": "x", "items": {}}', "judge.folder\n  Field required"),
        (TO_WORKER, '{"do": "grade", "student": "ada", "lesson": "x", "force": 1}', "grade.force\n  Extra inputs"),
        (TO_WORKER, "grade ada", "Invalid JSON"),
    ],
)
def test_a_malformed_request_is_told_with_what_was_expected(read, text, expected):
    with pytest.raises(ValidationError, match=expected):
        read.validate_json(text)
