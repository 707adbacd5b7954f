"""What the course needs of a machine, and what it finds there."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

DISTRIBUTION = "model-optimization-course"
INSTALL = f"pip install '{DISTRIBUTION}[{{extra}}]'"

MODULES = {
    "ai-edge-litert": "ai_edge_litert",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
    "tensorflow-model-optimization": "tensorflow_model_optimization",
    "tf-keras": "tf_keras",
}
"""Import names that are not the distribution's own."""

EXTRAS = ("", "course", "grading", "test")
"""Extras from the least to the most; the empty one is the package itself."""

LEARNERS = EXTRAS[:2]
"""Extras that a learner needs."""

State = Literal["ok", "wrong", "optional"]


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, what was found, whether that is well, and the command that mends it."""

    check: str
    found: str
    state: State
    mend: str = ""


def examine(folder: Path) -> list[Finding]:
    """Return the findings on this Python, its libraries, `folder` (where notebooks are started) and the system."""
    return [
        python_version(platform.python_version()),
        *libraries(),
        *torch_build(),
        *shadows(folder),
        *notebook_data(folder),
        temporary_folder(),
        *programs(),
    ]


def python_version(version: str) -> Finding:
    """Say whether a version of Python is one the course runs on.

    >>> python_version("3.9.1").state
    'wrong'
    """
    try:
        wanted = importlib.metadata.metadata(DISTRIBUTION)["Requires-Python"]
    except importlib.metadata.PackageNotFoundError:
        return Finding("Python", f"{version}; {DISTRIBUTION} is not installed", "wrong", f"pip install {DISTRIBUTION}")
    if SpecifierSet(wanted).contains(version, prereleases=True):
        return Finding("Python", version, "ok")
    return Finding("Python", f"{version}; expected {wanted}", "wrong", "python3.11 -m venv .venv")


def requirements() -> list[tuple[str, Requirement]]:
    """Return what the package requires, each once, with the first extra in `EXTRAS` that has it."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    named = [(_extra(one), one) for one in map(Requirement, lines) if one.name != DISTRIBUTION]
    first: dict[str, tuple[str, Requirement]] = {}
    for extra, one in sorted((pair for pair in named if pair[0] in EXTRAS), key=lambda pair: EXTRAS.index(pair[0])):
        first.setdefault(one.name, (extra, one))
    return list(first.values())


def _extra(wanted: Requirement) -> str:
    found = re.search(r"extra == ['\"](\w+)['\"]", str(wanted.marker))
    return found[1] if found else ""


def libraries() -> Iterator[Finding]:
    """Yield a finding on each library that learners need, and one on those for grading and for the tests."""
    for extra, purpose in zip(EXTRAS, ("", "", "for grading", "for the tests"), strict=True):
        findings = [library(one, extra) for named, one in requirements() if named == extra]
        if extra in LEARNERS:
            yield from findings
        elif findings:
            yield _together(purpose, extra, findings)


def _together(purpose: str, extra: str, findings: Sequence[Finding]) -> Finding:
    """Return one finding on libraries that only some tasks need."""
    bad = [finding.check for finding in findings if finding.state != "ok"]
    if not bad:
        return Finding(purpose, "all there", "ok")
    return Finding(purpose, f"missing or out of range: {', '.join(bad)}", "optional", INSTALL.format(extra=extra))


def library(wanted: Requirement, extra: str) -> Finding:
    """Say whether a library is installed in a version of the range."""
    mend = INSTALL.format(extra=extra) if extra else f"pip install --upgrade {DISTRIBUTION}"
    try:
        version = importlib.metadata.version(wanted.name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(wanted.name, f"not installed; expected {wanted.specifier or 'any version'}", "wrong", mend)
    if wanted.specifier.contains(version, prereleases=True):
        return Finding(wanted.name, version, "ok")
    return Finding(wanted.name, f"{version}; expected {wanted.specifier}", "wrong", mend)


def torch_build() -> Iterator[Finding]:
    """Yield which build of torch is installed; the one for CUDA takes gigabytes that the course has no use for."""
    spec = importlib.util.find_spec("torch")
    version_file = Path(spec.origin).with_name("version.py") if spec and spec.origin else None
    if version_file is None or not version_file.is_file():
        return
    cuda = cuda_of(version_file.read_text(encoding="utf-8"))
    if cuda is None:
        yield Finding("build of torch", "CPU", "ok")
    else:
        hint = "choose CPU at https://pytorch.org/get-started/locally and run its command"
        yield Finding("build of torch", f"CUDA {cuda}; works, but the CPU build is gigabytes smaller", "optional", hint)


def cuda_of(source: str) -> str | None:
    """Return the CUDA version that torch's `version.py` names, None for a CPU build.

    >>> cuda_of("cuda: Optional[str] = '12.8'"), cuda_of("cuda: Optional[str] = None")
    ('12.8', None)
    """
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "cuda":
            return str(node.value.value) if isinstance(node.value, ast.Constant) and node.value.value else None
    return None


def shadows(folder: Path) -> Iterator[Finding]:
    """Yield the files and folders that Python would import from `folder` instead of a library of the same name."""
    needed = [one.name for extra, one in requirements() if extra in LEARNERS]
    names = sorted({MODULES.get(name.lower(), name.replace("-", "_")) for name in needed} | {"quizlib"})
    found = [path for name in names for path in (folder / f"{name}.py", folder / name) if _is_shadow(path)]
    for path in found:
        what = f"the {'folder' if path.is_dir() else 'file'} {path.name} hides the library of that name"
        yield Finding("names", what, "wrong", f"mv {path.name} my_{path.name}")
    if not found:
        yield Finding("names", "no file here hides a library", "ok")


def _is_shadow(path: Path) -> bool:
    """Say whether Python would import `path` instead of the library.

    A folder without `__init__.py` is imported only where the library is missing; the library's own folder, as in
    a checkout, hides nothing.
    """
    if not path.is_dir():
        return path.is_file()
    if Path(__file__).is_relative_to(path.resolve()):
        return False
    return (path / "__init__.py").is_file() or not _is_installed(path.name)


def _is_installed(module: str) -> bool:
    """Say whether a module of that name is installed as a distribution's."""
    return module in importlib.metadata.packages_distributions()


_BEGIN = re.compile(r"""begin\(\s*['"](?P<lesson>[0-9]{2}-[a-z0-9-]+)['"]""")


def notebook_data(folder: Path) -> Iterator[Finding]:
    """Yield for each notebook of the course in `folder` whether its items lie beside it, or in the package."""
    for path in sorted(folder.glob("*.ipynb")):
        lesson = lesson_of(path)
        if lesson is not None:
            yield _data(path, lesson)


def lesson_of(notebook: Path) -> str | None:
    """Return the lesson that a notebook says it is, None where it is not one of the course."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    found = _BEGIN.search("\n".join(sources))
    return found["lesson"] if found else None


def _data(notebook: Path, lesson: str) -> Finding:
    from quizlib.learner.find import course_folder

    if (notebook.parent / "items" / "lesson.json").is_file():
        return Finding(notebook.name, "its items lie beside it", "ok")
    if (course_folder() / lesson / "items" / "lesson.json").is_file():
        return Finding(notebook.name, "items come from the package", "ok")
    return Finding(
        notebook.name, f"no items of {lesson}, neither beside it nor in the package", "wrong", "quizlib learn"
    )


def temporary_folder() -> Finding:
    """Say whether temporary files can be written, which converters of models need."""
    folder = tempfile.gettempdir()
    try:
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"x")
    except OSError as error:
        mend = "free some space there, or set TMPDIR to a folder that can be written"
        return Finding("temporary files", f"{folder}: {error.strerror}", "wrong", mend)
    return Finding("temporary files", folder, "ok")


CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


def programs() -> Iterator[Finding]:
    """Yield programs that only some tasks need."""
    is_linux = sys.platform == "linux"
    sandbox = "sudo apt-get install bubblewrap" if is_linux else "grade in a Linux container"
    browser = "sudo apt-get install chromium" if is_linux else "install Chromium or Chrome"
    yield _program("bubblewrap", ("bwrap",), "secure grading, which is to come, needs it", sandbox)
    yield _program("Chromium", CHROMIUM, "the browser tests need it", browser)


def _program(name: str, commands: Sequence[str], purpose: str, mend: str) -> Finding:
    path = next(filter(None, map(shutil.which, commands)), None)
    if path is None:
        return Finding(name, f"not found; only {purpose}", "optional", mend)
    return Finding(name, path, "ok")
