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


def test_lessons_and_due_dates_are_set_up_as_they_are_given_and_told(tmp_path: Path) -> None:
    root, given = tmp_path / "class", ("--lessons", "90-sample", "--due", "90-sample=2026-12-24T23:59 Europe/Berlin")
    status, output = run(root, "--solutions", SAMPLE, *given)
    assert (status, output.split("\n")[1:3]) == (
        0,
        ["  released   90-sample", "  due        90-sample  2026-12-24 22:59 UTC"],
    )
    assert (root / "lessons.json").is_file()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--lessons", "90-sample,09-x"), "there is no lesson '09-x' in this course; expected one of: 90-sample."),
        (("--lessons", " , "), "--lessons names no lesson; give ids such as 01-overview,05-pruning"),
        (("--due", "09-x=2026-12-24T23:59"), "there is no lesson '09-x' in this course; expected one of: 90-sample."),
        (
            ("--due", "90-sample=2026-12-24"),
            "--due is '90-sample=2026-12-24'; expected a lesson and a date with a time",
        ),
    ],
)
def test_a_lesson_or_a_date_that_is_none_is_one_sentence(tmp_path: Path, given: tuple[str, str], said: str) -> None:
    status, output = run(tmp_path / "class", "--solutions", SAMPLE, *given)
    assert status == 1
    assert output.startswith(f"quizlib: {said}")
    assert output.count("\n") == 1
