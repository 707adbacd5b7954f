import json
from pathlib import Path

import pytest

from quizlib.coursedir.state import State, read_state, write_release
from quizlib.errors import GradingError


def test_a_course_without_a_release_has_no_state(tmp_path: Path) -> None:
    assert read_state(tmp_path) is None


def test_releases_are_kept_oldest_first_and_each_once(tmp_path: Path) -> None:
    for release in ("one", "two", "one", "three", "two"):
        write_release(tmp_path, release)
    assert read_state(tmp_path) == State("two", ("one", "two", "three"))
    assert json.loads((tmp_path / "course.json").read_text()) == {
        "format": 1,
        "current": "two",
        "releases": ["one", "two", "three"],
    }


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
