from pathlib import Path

import pytest
from typer.testing import CliRunner

from quizlib.cli import app
from quizlib.environment import examine
from quizlib.environment.finding import Finding


@pytest.fixture
def without_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is imported, which takes half a minute."""
    monkeypatch.setattr(examine, "imports", lambda announce: [])


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["doctor", *map(str, arguments)], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_a_sound_environment_exits_with_zero(tmp_path: Path) -> None:
    status, output = run(tmp_path)
    assert (status, output.strip().split("\n")[-1]) == (0, "Everything that is needed is there.")


@pytest.mark.usefixtures("without_imports")
def test_what_is_wrong_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("")
    status, output = run(tmp_path)
    assert status == 1
    assert "the file torch.py hides the library of that name" in output
    assert "mv torch.py my_torch.py" in output
    assert output.strip().endswith("Wrong: names.\nRun: mv torch.py my_torch.py")


def test_what_is_optional_does_not_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding("bubblewrap", "not found; only secure grading needs it", "optional", "sudo apt-get install")
    monkeypatch.setattr(examine, "examine", lambda folder, announce: [finding])
    status, output = run(tmp_path)
    assert status == 0
    assert "optional" in output


def test_a_library_that_cannot_be_imported_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Finding("import torchao", "RuntimeError: boom", "wrong", "pip install --force-reinstall torchao")
    monkeypatch.setattr(examine, "imports", lambda announce: [broken])
    status, output = run(tmp_path)
    assert status == 1
    assert output.strip().endswith("Wrong: import torchao.\nRun: pip install --force-reinstall torchao")


def test_a_folder_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    status, output = run(tmp_path / "none")
    assert (status, output.count("\n")) == (1, 1)
    assert output.startswith(f"quizlib: {tmp_path / 'none'} cannot be looked into (No such file or directory)")


def test_help_has_an_example() -> None:
    assert "Examples: quizlib doctor" in run("--help")[1]
