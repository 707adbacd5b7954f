import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quizlib.cli import app

SAMPLE = Path(__file__).parents[1] / "release" / "course"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["course", *map(str, arguments)], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_course_says_what_it_made_and_what_comes_next(tmp_path: Path) -> None:
    root = tmp_path / "my class"
    status, output = run(root, "--solutions", SAMPLE)
    assert status == 0
    lines = output.strip().split("\n")
    assert re.fullmatch(rf"{root} holds release [0-9a-f]{{10}} of the course my-class\.", lines[0])
    assert lines[1:] == [
        "  released   90-sample",
        f"Next: hand out the folder {root}/release/90-sample",
        f"  and put what comes back into {root}/submitted/STUDENT/90-sample",
        f"Or, where learners share a server with you: cd '{root}' && nbgrader release_assignment 90-sample",
        "  and later, there: nbgrader collect 90-sample",
        f"Then: quizlib grade 90-sample --course '{root}'",
    ]
    assert (root / "release/90-sample/90-sample.ipynb").is_file()
    assert run(root, "--solutions", SAMPLE)[1].split("\n")[1] == "  unchanged  90-sample"


def test_a_course_id_is_written_into_the_settings_once(tmp_path: Path) -> None:
    status, output = run(tmp_path / "class", "--solutions", SAMPLE, "--course-id", "serving-2026")
    assert (status, output.split("\n")[0].endswith("of the course serving-2026.")) == (0, True)
    settings = (tmp_path / "class" / "nbgrader_config.py").read_text()
    assert 'c.CourseDirectory.course_id = "serving-2026"' in settings
    status, output = run(tmp_path / "class", "--solutions", SAMPLE, "--course-id", "other")
    assert (status, "has the course id 'serving-2026' already" in output) == (1, True)
    assert (tmp_path / "class" / "nbgrader_config.py").read_text() == settings


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
