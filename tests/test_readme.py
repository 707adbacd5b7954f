"""README's commands for instructors, typed as they are printed."""

import csv
import os
import re
import subprocess
import sysconfig
import tarfile
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "tests" / "release" / "course"
LESSON = "90-sample"
EXCHANGE = "/usr/local/share/nbgrader/exchange"


def instructors_blocks():
    """Return README's code blocks for instructors, each as its commands without the comments."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return commands_in(readme.partition("\n## For instructors\n")[2].partition("\n## ")[0])


def commands_in(text):
    """Return the code blocks of a page that are in no language, each as its commands without the comments."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [[re.sub(r"\s+# .*", "", line) for line in block.splitlines()] for language, block in blocks if not language]


class Shell:
    """Types commands into one shell after another, with a small course in place of ours, in a fresh home."""

    def __init__(self, home, exchange):
        self.home, self._exchange = home, exchange
        self.folder = home
        passed = {name: text for name, text in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        self._environment = {**passed, "HOME": str(home), "PATH": path}

    def types(self, command):
        """Run a line of README, see it end well, and stay in the folder it ends in."""
        typed = command.replace("01-overview", LESSON).replace(EXCHANGE, str(self._exchange))
        if typed.startswith("quizlib course"):
            typed += f" --solutions '{SAMPLE}'"
        done = subprocess.run(
            ["sh", "-c", f"{typed.removeprefix('sudo ')} && pwd > '{self.home}/.folder'"],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        self.folder = Path((self.home / ".folder").read_text().strip())


@pytest.fixture
def shell(tmp_path):
    """A fresh home; the settings of a machine, in it, only put the exchange where a test may."""
    home, exchange = tmp_path / "home", tmp_path / "exchange"
    (home / ".jupyter").mkdir(parents=True)
    (home / ".jupyter" / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\n", encoding="utf-8"
    )
    return Shell(home, exchange)


def solve(path, course):
    """Write the course's own solutions into the notebook that a learner has, and nothing else."""
    notebook = nbformat.read(path, as_version=4)
    solved = nbformat.read(course / "source" / LESSON / f"{LESSON}.ipynb", as_version=4)
    answers = {cell.id: cell.source for cell in solved.cells if cell.metadata.get("nbgrader", {}).get("solution")}
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    nbformat.write(notebook, path)


def hand_back(course, downloads):
    """Do what Ada does: unpack what was handed out, solve it, and send it back."""
    with tarfile.open(course / f"{LESSON}.tgz") as archive:
        archive.extractall(downloads, filter="data")
    solve(downloads / LESSON / f"{LESSON}.ipynb", course)


def mark_by_hand(course):
    """Do what an instructor does in formgrader: change the points of a cell, give extra credit, and say why."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        [handed_in] = gradebook.assignment_submissions(LESSON)
        student = handed_in.student.id
        gradebook.find_grade("quantize-codes", LESSON, LESSON, student).manual_score = 1.0
        gradebook.find_grade("size-table", LESSON, LESSON, student).extra_credit = 0.5
        comment = gradebook.find_comment("quantize-codes-answer", LESSON, LESSON, student)
        comment.manual_comment = "Half a point for the table."
        gradebook.db.commit()


@pytest.mark.grading
def test_commands_for_a_class_elsewhere_run_as_printed(shell):
    by_hand = instructors_blocks()[0]
    course = shell.home / "teaching" / "serving"
    for command in by_hand:
        if command.startswith("cp "):
            hand_back(course, shell.home / "Downloads")
        shell.types(command)
    with (course / "grades.csv").open(encoding="utf-8") as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == {"ada": 10.0}


@pytest.mark.grading
def test_commands_for_a_class_on_the_same_server_run_as_printed(shell):
    by_hand, administrator, (release, *collect_and_grade), (fetch, submit, fetch_feedback) = instructors_blocks()
    course, learner = shell.home / "teaching" / "serving", shell.home / "learner"
    learner.mkdir()
    for command in (*by_hand[:2], *administrator, release):
        shell.types(command)
    shell.folder = learner
    shell.types(fetch)
    solve(learner / LESSON / f"{LESSON}.ipynb", course)
    shell.types(submit)
    shell.folder = course
    for command in collect_and_grade:
        if command.startswith("nbgrader release_feedback"):
            mark_by_hand(course)
        shell.types(command)
    shell.folder = learner
    shell.types(fetch_feedback)
    [page] = learner.glob(f"{LESSON}/feedback/**/*.html")
    assert "Score: 6.5 / 10.0" in page.read_text(encoding="utf-8")
    assert "Half a point for the table." in page.read_text(encoding="utf-8")
