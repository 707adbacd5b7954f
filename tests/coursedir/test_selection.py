from pathlib import Path

import pytest

from quizlib.coursedir.selection import NAME, read_selection, write_selection
from quizlib.errors import GradingError


def test_what_is_chosen_is_read_back_in_order_and_nothing_chosen_means_all(tmp_path: Path) -> None:
    assert read_selection(tmp_path) is None
    write_selection(tmp_path, ["05-pruning", "01-overview"])
    assert read_selection(tmp_path) == ("01-overview", "05-pruning")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 1, "lessons": "01-overview"}'])
def test_a_damaged_file_is_one_sentence_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(GradingError, match=r"lessons\.json is not what .* delete it to have all lessons"):
        read_selection(tmp_path)


def test_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"format": 2, "lessons": []}')
    with pytest.raises(GradingError, match="has the format 2 of another version"):
        read_selection(tmp_path)
