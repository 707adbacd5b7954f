"""Imports point one way; a lower layer never learns of a higher one."""

import ast
import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import quizlib

PACKAGE = Path(quizlib.__file__).parent

# What each part imports of the library besides itself: all of it, and no more than it uses.
IMPORTS = {
    "__init__": {"learner"},  # `check`, `hint` and `begin`, when they are first asked for
    "errors": set(),
    "atomic": set(),
    "engine": set(),  # reads the library's files, and imports none
    "threads": set(),
    "mutants": {"errors"},
    "measures": {"errors"},
    "zoo": {"errors", "measures"},
    "evidence": {"errors", "atomic", "zoo"},  # zoo: to build the model of a probe, inside a function
    "items": {"errors", "evidence"},
    "judging": {"errors", "evidence", "items", "measures", "zoo"},
    "display": {"judging"},
    "learner": {"errors", "evidence", "items", "judging", "display", "zoo"},
    "environment": {"errors", "atomic", "learner", "zoo"},
    "coursedir": {"errors", "atomic"},
    "authoring": {"errors", "evidence", "items", "judging", "zoo"},
    "release": {"errors", "atomic", "evidence", "items", "learner", "authoring", "coursedir"},
    "verify": {"errors", "atomic", "engine", "threads", "evidence", "items", "judging", "zoo", "authoring", "release"}
    | {"mutants"},
    "grading": {"errors", "atomic", "evidence", "items", "judging", "display", "zoo", "authoring", "coursedir"}
    | {"engine", "threads"}
    | {"release"},  # to configure nbgrader's release, and to make the course of a sample class
    "cli": {"errors", "environment", "coursedir", "zoo", "authoring", "release", "verify", "grading"},
}

# What each room of `grading` imports of the others; what all of them use lies beside them, and imports none.
ROOMS = {
    "admission": set(),
    "processes": set(),
    "judge": {"processes"},
    "execution": {"admission", "judge"},
    "results": {"admission", "execution", "judge"},
    "batch": {"admission", "execution", "judge", "processes", "results"},
}
BESIDE_ROOMS = {"config": {"admission"}}

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


@pytest.mark.parametrize("part", sorted(IMPORTS))
def test_part_imports_what_lies_below_it_and_its_list_permits_nothing_else(part):
    names = {name for path in modules_of(part) for name in imported_by(path) if name.startswith("quizlib.")}

    # `quizlib` itself, its version, anybody may ask for.
    assert {name.split(".")[1] for name in names} - {part, "__version__"} == IMPORTS[part]


def test_every_part_is_listed():
    parts = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}

    assert parts - {"course"} == set(IMPORTS)  # where `course` is, it is the learner's copy of the lessons


def test_parts_import_in_no_circle():
    graphlib.TopologicalSorter(IMPORTS).prepare()


def rooms_behind(paths):
    """Return the rooms of `grading` that files import from."""
    names = [name.split(".") for path in paths for name in imported_by(path) if name.startswith("quizlib.grading.")]
    return {name[2] for name in names if name[2] in ROOMS}


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_of_grading_imports_from_those_before_it_and_its_list_permits_no_other(room):
    assert rooms_behind(modules_of(f"grading/{room}")) - {room} == ROOMS[room]


def test_rooms_of_grading_import_in_no_circle_and_what_lies_beside_them_imports_none():
    graphlib.TopologicalSorter(ROOMS).prepare()
    grading = PACKAGE / "grading"
    assert {path.parent.name for path in grading.glob("*/__init__.py")} == set(ROOMS)
    for path in grading.glob("*.py"):
        assert rooms_behind([path]) == BESIDE_ROOMS.get(path.stem, set()), path.name


def imports_between_modules():
    """Return the modules that each module imports, at its top and inside its functions."""
    modules = {name_of(path): path for path in PACKAGE.rglob("*.py")}
    return {name: {module_in(modules, full) for full in imported_by(path)} for name, path in modules.items()}


def name_of(path):
    name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    return name.removesuffix(".__init__")


def module_in(modules, full):
    """Return the module that a full name is in: itself, or what it is an attribute of."""
    return full if full in modules or "." not in full else module_in(modules, full.rpartition(".")[0])


def reached_from(module, graph):
    """Return all modules that importing a module can come to."""
    reached, todo = set(), [module]
    while todo:
        new = graph.get(todo.pop(), set()) - reached
        reached |= new
        todo += new
    return reached


def test_modules_import_in_no_circle():
    graph = imports_between_modules()
    assert len(graph) > 100

    assert {module for module in graph if module in reached_from(module, graph)} == set()


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


def test_importing_grading_loads_nothing_of_the_learners_and_leaves_the_excepthook_alone():
    modules = [name_of(path) for path in modules_of("grading")]
    assert len(modules) > 20
    loaded = loaded_by(
        "\n".join(f"import {name}" for name in modules) + "\nassert sys.excepthook is sys.__excepthook__"
    )

    assert not {name for name in loaded if name.startswith("quizlib.learner")}
    assert set(modules) <= loaded


def test_the_course_directory_is_found_without_nbgrader_or_traitlets():
    loaded = loaded_by("import quizlib.coursedir.course, quizlib.coursedir.keys, quizlib.coursedir.secret")

    assert not loaded & {"nbgrader", "traitlets", "sqlalchemy", "numpy"}
