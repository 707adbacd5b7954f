import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from quizlib.coursedir.state import State, correct_keys, read_state, write_release
from quizlib.errors import GradingError


def test_a_course_without_a_release_has_no_state(tmp_path: Path) -> None:
    assert read_state(tmp_path) is None


def test_releases_are_kept_oldest_first_and_each_once(tmp_path: Path) -> None:
    for release in ("one", "two", "one", "three", "two"):
        write_release(tmp_path, release)
    state = read_state(tmp_path)
    assert state == State("two", ("one", "two", "three"), state.since)
    assert json.loads((tmp_path / "course.json").read_text()) == {
        "format": 1,
        "current": "two",
        "releases": ["one", "two", "three"],
        "since": state.since,
        "corrected": {},
    }
    assert set(state.since) == {"one", "two", "three"}


def test_a_release_was_out_from_when_it_was_first_given_out(tmp_path: Path) -> None:
    write_release(tmp_path, "one")
    first = read_state(tmp_path)
    write_release(tmp_path, "two")
    write_release(tmp_path, "one")
    again = read_state(tmp_path)
    assert again.since["one"] == first.since["one"]
    since = datetime.fromisoformat(again.since["one"])
    assert again.was_out("one", since)
    assert not again.was_out("one", since - timedelta(seconds=1))
    assert again.was_out("one", None)


def test_a_corrected_key_is_that_of_the_release_that_corrected_it(tmp_path: Path) -> None:
    for release in ("one", "two"):
        write_release(tmp_path, release)
    correct_keys(tmp_path, ["a-question"])
    write_release(tmp_path, "three")
    state = read_state(tmp_path)
    judging = [state.judging(claimed, "a-question") for claimed in ("one", "two", "three")]
    assert judging == ["two", "two", "three"]
    assert state.judging("one", "another") == "one"


def test_the_current_release_is_one_of_all(tmp_path: Path) -> None:
    (tmp_path / "course.json").write_text('{"format": 1, "current": "b", "releases": ["a"]}')
    assert read_state(tmp_path) == State("b", ("a", "b"))


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        "[]",
        "3",
        "{}",
        '{"format": 1, "current": "a"}',
        '{"format": 1, "current": null, "releases": []}',
        '{"format": 1, "current": "a", "releases": "a"}',
    ],
)
def test_a_damaged_state_is_one_sentence(tmp_path: Path, damage: str) -> None:
    (tmp_path / "course.json").write_text(damage)
    with pytest.raises(GradingError, match=r"course\.json is not what `quizlib course` writes; restore it"):
        read_state(tmp_path)


def test_a_state_of_another_version_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "course.json").write_text('{"format": 9, "current": "a", "releases": []}')
    with pytest.raises(GradingError, match=r"has the format 9 of another version of quizlib; expected 1"):
        write_release(tmp_path, "b")
