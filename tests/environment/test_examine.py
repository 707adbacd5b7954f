from pathlib import Path

import pytest

from quizlib.environment import examine as examined
from quizlib.environment.examine import examine
from quizlib.errors import ArgumentError


@pytest.fixture(autouse=True)
def _without_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examined, "imports", lambda announce: [])


def test_python_its_libraries_the_kernel_the_folder_and_the_system_are_looked_at(tmp_path: Path) -> None:
    checks = {finding.check for finding in examine(tmp_path, lambda text: None)}
    assert checks >= {"Python", "numpy", "torch", "build of torch", "kernel", "names", "temporary files", "bubblewrap"}


@pytest.mark.parametrize(("name", "problem"), [("none", "No such file or directory"), ("file", "Not a directory")])
def test_a_folder_that_cannot_be_looked_into_is_an_error(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArgumentError, match=rf"{name} cannot be looked into \({problem}\); give the folder"):
        examine(tmp_path / name, lambda text: None)
