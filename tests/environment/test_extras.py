import ast
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import quizlib
from quizlib.environment import extras
from quizlib.environment.extras import is_there, missing_extra, module_of, requirements

ROOT = Path(quizlib.__file__).parents[1]


def test_every_requirement_is_put_with_its_extra() -> None:
    found = {one.name: extra for extra, one in requirements()}
    assert (found["numpy"], found["torch"], found["nbgrader"], found["pytest"]) == ("", "course", "grading", "test")


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "is_there", lambda module: False)


@pytest.mark.parametrize(
    ("module", "needed", "extra"),
    [
        ("nbgrader.api", "", "grading"),
        ("yaml", "course", "grading"),
        ("torch", "grading", "grading"),
        ("numpy", "", ""),
        ("no_such_module", "grading", None),
    ],
)
def test_a_missing_module_is_put_with_the_extra_that_brings_it(
    nothing_installed: None, module: str, needed: str, extra: str | None
) -> None:
    assert missing_extra(module, needed) == extra


def test_a_missing_part_of_an_installed_library_belongs_to_no_extra() -> None:
    assert missing_extra("numpy.no_such_part") is None


def test_a_module_that_a_finder_refuses_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refuse:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            raise ModuleNotFoundError(name=name)

    assert is_there("wave")
    monkeypatch.setattr(sys, "meta_path", [Refuse()])
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    assert not is_there("wave")


def imported_by(path: Path) -> set[str]:
    """Return the top-level modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_every_library_that_the_package_imports_is_one_that_it_requires() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + [line for extra in project["optional-dependencies"].values() for line in extra]
    required = {module_of(Requirement(line).name) for line in lines}
    imported = {module for path in (ROOT / "quizlib").rglob("*.py") for module in imported_by(path)}
    # cycler comes with matplotlib, whose cycles of colours are made of it
    assert imported - sys.stdlib_module_names - required - {"quizlib", "cycler"} == set()
