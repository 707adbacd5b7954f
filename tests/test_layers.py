"""Imports point one way; a lower layer never learns of a higher one."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import quizlib

PACKAGE = Path(quizlib.__file__).parent

# What each part may import of the library besides itself and `errors`, which all may.
MAY_IMPORT = {
    "errors": set(),
    "measures": set(),
    "zoo": {"measures"},
    "evidence": {"zoo"},  # to build the model of a probe, inside a function
    "items": {"evidence"},
    "mutants": set(),
    "judging": {"evidence", "items", "measures", "zoo"},
    "display": {"evidence", "items", "judging"},
    "learner": {"evidence", "items", "judging", "display", "zoo"},
    "authoring": {"evidence", "items", "judging", "measures", "zoo"},
}
MAY_IMPORT["release"] = {*MAY_IMPORT, "environment"}
MAY_IMPORT["verify"] = {*MAY_IMPORT, "environment"}
MAY_IMPORT["grading"] = {*MAY_IMPORT, "environment"}

# What a grading kernel may need to take evidence; everything else is loaded by the learner's own code, or not at all.
KERNEL_LIBRARIES = {"numpy", "safetensors"}
LEARNERS_LIBRARIES = {"torch", "tensorflow"}


def modules_of(part):
    path = PACKAGE / part
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def imported_by(path):
    """Return the full names that a file imports, at its top and inside its functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def imported_at_the_top_of(path):
    """Return the top-level packages that importing a file loads by itself."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    tops = {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}
    tops |= {node.module for node in body if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in tops}


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_part_imports_only_what_lies_below_it(part):
    allowed = MAY_IMPORT[part] | {part, "errors"}
    found = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in modules_of(part)
        for name in imported_by(path)
        if name.startswith("quizlib.") and name.split(".")[1] not in allowed
    }

    assert found == set()


def test_every_part_is_judged_here_or_on_top():
    on_top = {"__init__", "cli", "environment", "course"}
    parts = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}

    assert parts - on_top == set(MAY_IMPORT)


def test_evidence_needs_numpy_and_safetensors_only():
    outside = {
        (path.name, name)
        for path in modules_of("evidence")
        for name in {full.partition(".")[0] for full in imported_by(path)}
        if name not in {"quizlib", *sys.stdlib_module_names, *KERNEL_LIBRARIES}
    }

    assert outside == {("build.py", "torch"), ("build.py", "tensorflow"), ("torch_objects.py", "torch")}
    assert not imported_at_the_top_of(PACKAGE / "evidence" / "build.py") & LEARNERS_LIBRARIES


def loaded_by(source):
    """Return the names of all modules that a fresh interpreter has after `source`."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{source}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_import_of_quizlib_loads_no_library_but_its_own_first_file():
    loaded = loaded_by("import quizlib")

    assert {name for name in loaded if name.startswith("quizlib")} == {"quizlib"}
    assert not loaded & {"numpy", "torch", "tensorflow", "tf_keras", "pydantic", "nbgrader", "rich", "typer", "IPython"}


def test_taking_evidence_loads_neither_judge_nor_items_nor_any_framework():
    loaded = loaded_by("from quizlib.evidence import collect, files, probe")

    assert not {name for name in loaded if name.startswith(("quizlib.items", "quizlib.judging", "quizlib.measures"))}
    assert not loaded & {"torch", "tensorflow", "tf_keras", "pydantic", "nbgrader", "sklearn"}


def test_judging_an_answer_loads_no_framework():
    loaded = loaded_by("import quizlib.judging.judge")

    assert not loaded & {"torch", "tensorflow", "tf_keras", "nbgrader", "sklearn"}


def test_eager_mode_of_torch_is_imported_in_one_place_only():
    root = PACKAGE.parent
    sources = [path for part in ("quizlib", "solutions", "tests", "benchmarks") for path in (root / part).rglob("*.py")]
    assert len(sources) > 100
    imports = re.compile(r"^\s*(from torch\.ao\b|import torch\.ao\b)", re.MULTILINE)
    users = {path for path in sources if imports.search(path.read_text(encoding="utf-8"))}
    assert users == set()  # quizlib.zoo.eager looks it up by name when it is used
