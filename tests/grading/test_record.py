import hashlib
import json
from pathlib import Path

import pytest

import quizlib.grading
from quizlib.engine import PARTS, engine_digest
from quizlib.grading.admission.fingerprint import VERSION_BEFORE_ENGINES, fingerprint, is_of
from quizlib.grading.engine import GRADING, this_engine
from quizlib.grading.record import read_record, write_record

from .conftest import LESSON, hand_in, nothing_handed_in


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


def test_the_fingerprint_changes_with_any_file_and_with_no_release(course, solved):
    path = hand_in(course, "ada", solved)
    seen = [fingerprint(course, "ada", LESSON)]
    assert fingerprint(course, "ada", LESSON) == seen[0]
    path.write_bytes(path.read_bytes() + b"\n")
    seen.append(fingerprint(course, "ada", LESSON))
    (path.parent / "data.csv").write_text("1")
    seen.append(fingerprint(course, "ada", LESSON))
    (course.root / "course.json").write_text('{"format": 1, "current": "new", "releases": ["new"]}')
    assert fingerprint(type(course)(course.root), "ada", LESSON) == seen[-1]
    assert len(set(seen)) == 3


def test_a_record_names_the_engine_that_judged(course):
    record = nothing_handed_in(course, "ada", LESSON, "none")
    assert record.engine == this_engine()
    assert record.is_by_this_engine
    assert not record.model_copy(update={"engine": "0" * 64}).is_by_this_engine


def test_the_engine_of_a_grade_is_more_than_that_of_a_verdict():
    root = Path(quizlib.grading.__file__).parents[1]
    assert all((root / part).exists() for part in (*PARTS, *GRADING))
    assert this_engine() != engine_digest()


def test_another_engine_leaves_the_fingerprint_as_it_is(course, solved, monkeypatch):
    hand_in(course, "ada", solved)
    before = fingerprint(course, "ada", LESSON)
    monkeypatch.setattr(quizlib, "__version__", "99")
    monkeypatch.setattr("quizlib.grading.record.this_engine", lambda: "0" * 64)
    assert fingerprint(course, "ada", LESSON) == before


def test_a_record_of_the_time_before_engines_counts_as_another_engines(course, solved):
    path = hand_in(course, "ada", solved)
    files = [[path.name, hashlib.sha256(path.read_bytes()).hexdigest()]]
    parts = [VERSION_BEFORE_ENGINES, course.current_release, course.releases, *files]
    record = nothing_handed_in(course, "ada", LESSON, "none").model_dump(exclude={"engine"})
    record["fingerprint"] = hashlib.sha256(json.dumps(parts, default=list).encode()).hexdigest()
    target = course.verdicts("ada", LESSON)
    target.parent.mkdir(parents=True)
    target.write_text(json.dumps(record))
    old = read_record(course, "ada", LESSON)
    assert is_of(old, course)
    assert not old.is_by_this_engine
    (path.parent / "data.csv").write_text("1")
    assert not is_of(old, course)
