from pathlib import Path

import pytest
from typer.testing import CliRunner

from quizlib.cli import app

SAMPLE = Path(__file__).parents[1] / "release" / "course"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["course", *map(str, arguments)], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_course_says_what_it_made_and_what_comes_next(tmp_path: Path) -> None:
    status, output = run(tmp_path / "class", "--solutions", SAMPLE)
    assert status == 0
    lines = output.strip().split("\n")
    assert lines[1] == "  released   90-sample"
    assert lines[2] == f"Next: cd {tmp_path / 'class'} && nbgrader release_assignment 90-sample"
    assert (tmp_path / "class/release/90-sample/90-sample.ipynb").is_file()
    assert run(tmp_path / "class", "--solutions", SAMPLE)[1].split("\n")[1] == "  unchanged  90-sample"


def test_a_file_in_the_place_of_the_course_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "class").write_text("")
    status, output = run(tmp_path / "class", "--solutions", SAMPLE)
    assert (status, output) == (
        1,
        f"quizlib: {tmp_path / 'class'} is a file; give the name of a directory for the course.\n",
    )


@pytest.mark.parametrize("words", ["quizlib course ~/teaching/serving", "DIR/items"])
def test_help_has_an_example_and_says_where_own_lessons_go(words: str) -> None:
    assert words in run("--help")[1]
