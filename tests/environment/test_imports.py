import os
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from quizlib.environment import imports as imported
from quizlib.environment.imports import imports, outcome

LIBRARIES = [("", Requirement("numpy>=2")), ("course", Requirement("torchao>=0.17,<0.19"))]


@pytest.fixture
def torchao(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first file of a torchao that stands before the real one; it and numpy are all that is needed."""
    monkeypatch.setattr(imported, "requirements", lambda: LIBRARIES)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]))
    (tmp_path / "torchao.py").write_text("")
    return tmp_path / "torchao.py"


def found() -> list[tuple[str, str, str, str]]:
    return [(one.check, one.found, one.state, one.mend) for one in imports(lambda text: None)]


def test_libraries_that_import_are_one_line(torchao: Path) -> None:
    assert found() == [("imports", "all 2 libraries can be imported", "ok", "")]


def test_a_library_that_raises_is_told_by_the_first_line_of_its_error_and_installed_again(torchao: Path) -> None:
    torchao.write_text("print('noise')\nraise RuntimeError('built for torch 2.9\\nand more')")
    mend = "pip install --force-reinstall --no-deps 'torchao<0.19,>=0.17'"
    assert found() == [("import torchao", "RuntimeError: built for torch 2.9", "wrong", mend)]


def test_a_library_that_misses_another_is_mended_by_the_extra(torchao: Path) -> None:
    torchao.write_text("import no_such_module")
    mend = "pip install 'model-optimization-course[course]'"
    assert found() == [("import torchao", "ModuleNotFoundError: No module named 'no_such_module'", "wrong", mend)]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("raise SystemExit", "SystemExit"),
        ("import os\nos._exit(3)", "Python ended with status 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "Python ended by SIGSEGV"),
    ],
)
def test_a_library_that_ends_python_is_told(torchao: Path, code: str, error: str) -> None:
    torchao.write_text(code)
    assert [one.found for one in imports(lambda text: None)] == [error]


def test_an_import_that_never_ends_is_given_up(torchao: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported, "AT_MOST_SECONDS", 0.5)
    torchao.write_text("while True: pass")
    assert outcome("torchao")["error"] == "not done after 0.5 s"


def test_a_library_that_is_not_installed_is_told_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported, "requirements", lambda: [("course", Requirement("no-such-library"))])
    assert found() == [("imports", "all 0 libraries can be imported", "ok", "")]


def test_a_file_in_the_current_folder_hides_nothing_from_an_import(
    torchao: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here/numpy.py").write_text("raise RuntimeError('hidden')")
    monkeypatch.chdir(tmp_path / "here")
    assert outcome("numpy")["error"] == ""


def test_progress_is_told(torchao: Path) -> None:
    told: list[str] = []
    list(imports(told.append))
    assert told == ["importing libraries, 1 of 2", "importing libraries, 2 of 2"]


def test_torchs_engines_are_named_and_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported, "requirements", lambda: [("course", Requirement("torch>=2.11"))])
    monkeypatch.setattr(imported, "outcome", lambda module: {"error": "", "engines": ["onednn", "x86"]})
    assert found()[1] == ("engines of torch", "onednn, x86", "ok", "")
    monkeypatch.setattr(imported, "outcome", lambda module: {"error": "", "engines": []})
    assert [one.state for one in imports(lambda text: None)] == ["ok", "wrong"]
