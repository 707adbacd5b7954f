import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quizlib.cli import app

SAMPLE = Path(__file__).parents[1] / "release" / "course"


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "solutions"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["release", *map(str, arguments)], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_release_writes_and_then_has_nothing_to_write(solutions: Path) -> None:
    status, output = run("--solutions", solutions)
    assert (status, output.count("new      ")) == (0, 8)
    assert run("--solutions", solutions) == (0, "1 lesson, 10 points: derived.\n")


def test_check_passes_on_what_release_wrote(solutions: Path) -> None:
    run("--solutions", solutions)
    assert run("--check", "--solutions", solutions) == (0, "1 lesson, 10 points: all is well.\n")


def test_check_fails_with_a_sentence_for_each_problem_and_writes_nothing(solutions: Path) -> None:
    status, output = run("--check", "--solutions", solutions)
    lines = output.strip().split("\n")
    assert (status, len(lines)) == (1, 8)
    assert all(line.endswith("is missing; run `quizlib release`.") for line in lines)
    assert not (solutions.parent / "notebooks").exists()


def test_one_lesson_can_be_named(solutions: Path) -> None:
    assert run("90-sample", "--solutions", solutions)[0] == 0
    status, output = run("91-none", "--solutions", solutions)
    assert (status, output) == (1, "quizlib: there is no lesson '91-none'; there are: 90-sample.\n")


def test_a_folder_without_lessons_is_one_sentence(tmp_path: Path) -> None:
    status, output = run("--solutions", tmp_path)
    assert status == 1
    assert "holds no lesson; expected files such as 01_overview.py." in output


def test_a_broken_lesson_is_one_sentence(solutions: Path) -> None:
    path = solutions / "lessons/90_sample.py"
    path.write_text(path.read_text().replace("{{points}} points", "11 points"))
    status, output = run("--solutions", solutions)
    assert status == 1
    assert output.startswith("quizlib: 90_sample.py: the opening cell types '11 points'; write {{points}}")


def test_help_has_an_example() -> None:
    assert "quizlib release --check" in run("--help")[1]


def test_publishing_asks_for_a_full_run_of_verify_and_records_nothing_before(solutions: Path) -> None:
    status, output = run("--publish", "--solutions", solutions)
    assert status == 1
    assert "run `quizlib verify 90-sample --full`, then publish." in output
    assert not (solutions / "revisions.json").exists()
