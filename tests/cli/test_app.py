"""How a command ends without a library: the library is hidden from a new process, as if it were not installed."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from quizlib.cli import app
from quizlib.cli.app import sentences

GRADING = {"bleach", "jinja2", "jupytext", "nbclient", "nbconvert", "nbformat", "nbgrader", "sqlalchemy", "yaml"}
COURSE = {"ipykernel", "jupyterlab", "matplotlib", "pandas", "sklearn", "tensorflow", "tf_keras", "torch", "torchao"}

PRELUDE = """
import sys

class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hide())
from quizlib.cli import app
app({arguments!r})
"""


def run(*arguments: str, hidden: set[str]) -> subprocess.CompletedProcess[str]:
    code = PRELUDE.format(hidden=sorted(hidden), arguments=list(arguments))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def sentence(module: str, extra: str) -> str:
    return (
        f"quizlib: {module} is not installed, which this command needs; "
        f"run: pip install 'model-optimization-course[{extra}]'\n"
    )


@pytest.mark.parametrize(
    "arguments", [["verify"], ["grade", "01-overview"], ["demo"], ["course", "{folder}"], ["release", "--check"]]
)
@pytest.mark.parametrize("hidden", [GRADING, GRADING | COURSE])
def test_without_the_extra_for_grading_a_command_says_how_to_install_it(
    arguments: list[str], hidden: set[str], tmp_path: Path
) -> None:
    ended = run(*(argument.format(folder=tmp_path) for argument in arguments), hidden=hidden)
    missing = ended.stderr.removeprefix("quizlib: ").partition(" ")[0]
    assert (ended.returncode, ended.stdout) == (1, "")
    assert missing.partition(".")[0] in hidden
    assert ended.stderr == sentence(missing, "grading")


def test_without_the_extra_of_the_course_a_learner_has_help_and_lessons(tmp_path: Path) -> None:
    assert run("--help", hidden=GRADING | COURSE).returncode == 0
    ended = run("learn", str(tmp_path / "mine"), hidden=GRADING | COURSE)
    assert ended.returncode == 1
    assert ended.stderr == "quizlib: JupyterLab is not installed: pip install 'model-optimization-course[course]'\n"
    assert (tmp_path / "mine/01-overview/01-overview.ipynb").is_file()


def test_doctor_needs_no_extra(tmp_path: Path) -> None:
    ended = run("doctor", str(tmp_path / "none"), hidden=GRADING | COURSE)
    assert ended.stderr.startswith(f"quizlib: {tmp_path / 'none'} cannot be looked into")


def test_a_module_that_no_extra_has_stays_an_error() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        sentences(lambda: __import__("no_such_module"), "grading")()


def test_a_part_that_an_installed_library_lacks_stays_an_error() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"numpy\.no_such_part"):
        sentences(lambda: __import__("numpy.no_such_part"), "grading")()


def commands() -> dict[str, str | None]:
    """Return the heading of each command in `quizlib --help`."""
    group = typer.main.get_command(app)
    return {name: command.rich_help_panel for name, command in group.commands.items()}  # type: ignore[attr-defined]


def test_help_tells_whom_each_command_is_for() -> None:
    output = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    for name, heading in commands().items():
        assert f"│ {name} " in output.partition(f"─ {heading} ─")[2].partition("╰")[0]


def test_help_begins_with_what_learners_need() -> None:
    assert list(dict.fromkeys(commands().values())) == ["For learners", "For instructors", "For authors"]


def test_the_version_is_that_of_the_distribution() -> None:
    result = CliRunner().invoke(app, ["--version"])
    version = importlib.metadata.version("model-optimization-course")
    assert (result.exit_code, result.output) == (0, f"model-optimization-course {version}\n")
