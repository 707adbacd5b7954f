from pathlib import Path

import pytest
from typer.testing import CliRunner

from quizlib import environment
from quizlib.cli import app
from quizlib.environment import Finding


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["doctor", *map(str, arguments)], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_a_sound_environment_exits_with_zero(tmp_path: Path) -> None:
    status, output = run(tmp_path)
    assert (status, output.strip().split("\n")[-1]) == (0, "Everything that is needed is there.")


def test_what_is_wrong_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("")
    status, output = run(tmp_path)
    assert status == 1
    assert "the file torch.py hides the library of that name" in output
    assert "mv torch.py my_torch.py" in output
    assert output.strip().endswith("Wrong: names.\nRun: mv torch.py my_torch.py")


def test_what_is_optional_does_not_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding("bubblewrap", "not found; only secure grading needs it", "optional", "sudo apt-get install")
    monkeypatch.setattr(environment, "examine", lambda folder: [finding])
    status, output = run(tmp_path)
    assert status == 0
    assert "optional" in output


def test_help_has_an_example() -> None:
    assert "Example: quizlib doctor" in run("--help")[1]
