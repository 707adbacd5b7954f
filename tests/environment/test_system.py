import tempfile
from pathlib import Path

import pytest

from quizlib.environment.system import programs, python_version, temporary_folder


@pytest.mark.parametrize(
    ("version", "state"), [("3.10.14", "wrong"), ("3.11.0", "ok"), ("3.13.2", "ok"), ("3.14.0", "wrong")]
)
def test_python_is_judged_by_the_range_of_the_package(version: str, state: str) -> None:
    assert python_version(version).state == state


def test_a_temporary_folder_that_cannot_be_written_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert temporary_folder().state == "ok"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert temporary_folder().state == "wrong"


def test_missing_programs_are_optional_and_say_what_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda command: None)
    assert [(one.check, one.state) for one in programs()] == [("bubblewrap", "optional"), ("Chromium", "optional")]
    assert "secure grading" in next(programs()).found
