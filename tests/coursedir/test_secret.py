import stat
from pathlib import Path

import pytest

from quizlib.coursedir.secret import make_secret, read_secret
from quizlib.errors import GradingError


def test_a_secret_is_drawn_once_and_for_its_owner_only(tmp_path: Path) -> None:
    make_secret(tmp_path)
    drawn = read_secret(tmp_path)
    make_secret(tmp_path)
    assert (len(drawn), read_secret(tmp_path)) == (32, drawn)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_two_courses_have_two_secrets(tmp_path: Path) -> None:
    drawn = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        make_secret(tmp_path / name)
        drawn.add(read_secret(tmp_path / name))
    assert len(drawn) == 2


def test_a_secret_that_is_not_hex_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not hex")
    with pytest.raises(GradingError, match="cannot be read as hex"):
        read_secret(tmp_path)


def test_a_missing_secret_is_told_and_not_drawn_again(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="restore it"):
        read_secret(tmp_path)
    assert not (tmp_path / "secret").exists()
