import importlib.metadata
import importlib.util
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from quizlib.environment import libraries as listed
from quizlib.environment.finding import Finding
from quizlib.environment.libraries import cuda_of, libraries, library, torch_build


def test_a_library_is_missing_outside_the_range_or_well() -> None:
    numpy = importlib.metadata.version("numpy")
    assert library(Requirement("numpy>=1"), "") == Finding("numpy", numpy, "ok")
    old = library(Requirement("numpy<1"), "course")
    assert (old.state, old.found) == ("wrong", f"{numpy}; expected <1")
    assert old.mend == "pip install 'model-optimization-course[course]'"
    assert library(Requirement("no-such-library>=2"), "").found == "not installed; expected >=2"


def test_libraries_that_only_graders_need_are_one_optional_line(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [("", Requirement("numpy")), ("grading", Requirement("no-such-library>=2"))]
    monkeypatch.setattr(listed, "requirements", lambda: wanted)
    found = list(libraries())
    assert [(finding.check, finding.state) for finding in found] == [("numpy", "ok"), ("for grading", "optional")]
    assert found[1].mend == "pip install 'model-optimization-course[grading]'"


def test_the_cuda_build_of_torch_is_told_from_the_cpu_build() -> None:
    assert cuda_of("__version__ = '2.13.0'\ncuda: Optional[str] = '12.8'\n") == "12.8"
    assert cuda_of("cuda: Optional[str] = None\n") is None


def test_the_cuda_build_is_a_hint_and_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch/__init__.py").write_text("")
    (tmp_path / "torch/version.py").write_text("cuda: Optional[str] = '12.8'")
    spec = importlib.util.spec_from_file_location("torch", tmp_path / "torch/__init__.py")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: spec)
    found = next(torch_build())
    assert (found.state, found.found.split(";")[0]) == ("optional", "CUDA 12.8")
