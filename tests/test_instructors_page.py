"""The instructor's page: its commands typed as they are printed, and its penalty as it is written."""

import csv
import re
import shutil
from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from quizlib.cli import app

from .test_readme import (
    LESSON,
    ROOT,
    commands_in,
    shell,  # noqa: F401  a fixture
    solve,
)

PAGE = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")


def typed(shell):  # noqa: F811  the fixture
    """Type all commands of the page, with Ada's work in Downloads when it is copied, and return the course."""
    course = shell.home / "teaching" / "serving"
    (shell.home.parent / "exchange").mkdir(mode=0o777)
    for command in (command for block in commands_in(PAGE) for command in block):
        if command.startswith("cp "):
            shutil.copytree(course / "release" / LESSON, shell.home / "Downloads" / LESSON)
            solve(shell.home / "Downloads" / LESSON / f"{LESSON}.ipynb", course)
        shell.types(command)
    return course


@pytest.mark.grading
def test_the_commands_of_the_page_run_as_printed_and_its_penalty_is_taken(shell):  # noqa: F811
    assert any(command.startswith("nbgrader release_feedback") for block in commands_in(PAGE) for command in block)
    course = typed(shell)
    for name in ("grades.csv", "section-a.csv"):
        [row] = csv.DictReader((course / name).read_text(encoding="utf-8").splitlines())
        assert (row["student_id"], row["last_name"], float(row["score"])) == ("ada", "Lovelace", 10.0)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        assert gradebook.find_assignment(LESSON).duedate == datetime(2026, 12, 24, 22, 59)
        assert gradebook.find_submission(LESSON, "ada").timestamp == datetime(2026, 12, 24, 20, 15)
    assert (shell.home / "teaching" / "serving-backup.tgz").is_file()

    [penalty] = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(penalty)
    (course / "submitted" / "ada" / LESSON / "timestamp.txt").write_text("2026-12-26 08:00:00 UTC")
    for command in ("quizlib grade 01-overview", "nbgrader export --to grades.csv"):
        shell.types(command)
    [row] = csv.DictReader((course / "grades.csv").read_text(encoding="utf-8").splitlines())
    assert (float(row["raw_score"]), float(row["score"])) == (10.0, 8.0)


def test_every_option_that_the_page_names_is_there():
    helps = [
        CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "300"}).output
        for name in ("grade", "regrade", "course")
    ]
    known = " ".join(helps) + "--to --student --assignment"
    named = set(re.findall(r"--[a-z][a-zA-Z-]*", PAGE))
    assert {"--lessons", "--due", "--again"} <= named
    assert {option for option in named if option not in known} == set()
