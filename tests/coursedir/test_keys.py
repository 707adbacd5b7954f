from pathlib import Path

import pytest

from quizlib.coursedir.keys import KeptLesson, KeptRelease
from quizlib.errors import GradingError


def test_lessons_come_back_as_they_were_kept(tmp_path: Path) -> None:
    kept, lessons = KeptRelease(tmp_path), {"90-sample": KeptLesson("a1", "r1"), "91-own": KeptLesson("b2", "r2")}
    kept.write_lessons(lessons)
    assert kept.lessons() == lessons


def test_a_release_that_is_not_kept_has_no_lessons(tmp_path: Path) -> None:
    assert KeptRelease(tmp_path / "none").lessons() == {}


@pytest.mark.parametrize("damage", ["{", "[]", '{"90-sample": {"id": "a1"}}', '{"90-sample": 3}'])
def test_a_damaged_list_of_lessons_is_one_sentence(tmp_path: Path, damage: str) -> None:
    (tmp_path / "lessons.json").write_text(damage)
    with pytest.raises(GradingError, match=r"lessons\.json is not what `quizlib course` writes"):
        KeptRelease(tmp_path).lessons()


def test_the_parts_of_a_release_lie_apart(tmp_path: Path) -> None:
    kept = KeptRelease(tmp_path)
    assert kept.sheets("90-sample") == tmp_path / "sheets" / "90-sample"
    assert kept.notebook("90-sample") == tmp_path / "source" / "90-sample.ipynb"
    assert kept.solutions == tmp_path / "solutions"
