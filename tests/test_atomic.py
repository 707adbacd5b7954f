from pathlib import Path

import pytest

from quizlib.atomic import replace_bytes, replace_text


def test_text_is_written_as_it_stands(tmp_path: Path) -> None:
    replace_text(tmp_path / "a.txt", "one\r\nzwölf\n")
    assert (tmp_path / "a.txt").read_bytes() == "one\r\nzwölf\n".encode()


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a longer text that was there before")
    replace_bytes(tmp_path / "a.txt", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"new"


def test_who_has_the_old_file_open_goes_on_reading_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    with (tmp_path / "a.txt").open() as reader:
        replace_text(tmp_path / "a.txt", "new")
        assert reader.read() == "old"


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "a.txt.part").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_text(tmp_path / "a.txt", "new")
    assert (tmp_path / "a.txt").read_text() == "old"
