import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quizlib.cli import app
from quizlib.release import learners_copy


@pytest.fixture(autouse=True)
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One lesson, as a release has it."""
    items = tmp_path / "lessons/90-sample/items"
    items.mkdir(parents=True)
    (items / "lesson.json").write_text('{"release": "r1"}')
    (items.parent / "90-sample.ipynb").write_text("{}")
    monkeypatch.setattr(learners_copy, "course_folder", lambda: tmp_path / "lessons")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that were started."""
    commands: list[list[str]] = []

    def start(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", start)
    return commands


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["learn", *map(str, arguments)], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_learn_copies_and_says_how_to_go_on(tmp_path: Path, started: list[list[str]]) -> None:
    mine = tmp_path / "mine"
    assert run(mine, "--no-launch") == (0, f"{mine}\n  new        90-sample\nNext: cd {mine} && jupyter lab\n")
    assert (mine / "90-sample/90-sample.ipynb").is_file()
    assert started == []


def test_a_folder_with_a_space_in_its_name_is_quoted(tmp_path: Path) -> None:
    assert run(tmp_path / "my lessons", "--no-launch")[1].endswith(
        f"Next: cd '{tmp_path / 'my lessons'}' && jupyter lab\n"
    )


def test_a_newer_release_beside_an_edited_notebook_is_said(tmp_path: Path) -> None:
    run(tmp_path / "mine", "--no-launch")
    (tmp_path / "mine/90-sample/90-sample.ipynb").write_text("edited")
    (tmp_path / "lessons/90-sample/items/lesson.json").write_text('{"release": "r2"}')
    output = run(tmp_path / "mine", "--no-launch")[1]
    assert "90-sample stays as you left it; the newer release is in 90-sample-r2" in output


def test_learn_opens_jupyterlab_in_the_folder_with_this_python(tmp_path: Path, started: list[list[str]]) -> None:
    status, _ = run(tmp_path / "mine", "--no-browser", "--port", 9999, "--", "--allow-root")
    options = [f"--ServerApp.root_dir={tmp_path / 'mine'}", "--ServerApp.port=9999", "--no-browser", "--allow-root"]
    assert started == [[sys.executable, "-m", "jupyterlab", *options]]
    assert status == 3


def test_the_folder_has_a_default_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("--no-launch")
    assert (tmp_path / "model-optimization/90-sample").is_dir()


def test_a_missing_jupyterlab_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    status, output = run(tmp_path / "mine")
    assert status == 1
    assert "quizlib: JupyterLab is not installed: pip install 'model-optimization-course[course]'" in output


def test_a_file_in_the_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    assert run(tmp_path / "mine") == (
        1,
        f"quizlib: {tmp_path / 'mine'} is a file; give the name of a folder for the lessons.\n",
    )
