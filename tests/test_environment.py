import importlib.metadata
import json
import tempfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from quizlib import environment
from quizlib.environment import (
    cuda_of,
    lesson_of,
    libraries,
    library,
    notebook_data,
    programs,
    python_version,
    shadows,
    temporary_folder,
    torch_build,
)

BEGIN = 'import quizlib\n\nquizlib.begin("{lesson}", flavour="self-study", release="r1")'


def notebook(folder: Path, lesson: str) -> Path:
    path = folder / f"{lesson}.ipynb"
    cell = {"cell_type": "code", "source": [BEGIN.format(lesson=lesson)]}
    path.write_text(json.dumps({"cells": [cell]}))
    return path


@pytest.mark.parametrize(
    ("version", "state"), [("3.10.14", "wrong"), ("3.11.0", "ok"), ("3.13.2", "ok"), ("3.14.0", "wrong")]
)
def test_python_is_judged_by_the_range_of_the_package(version: str, state: str) -> None:
    assert python_version(version).state == state


def test_a_library_is_missing_outside_the_range_or_well() -> None:
    numpy = importlib.metadata.version("numpy")
    assert library(Requirement("numpy>=1"), "") == environment.Finding("numpy", numpy, "ok")
    old = library(Requirement("numpy<1"), "course")
    assert (old.state, old.found) == ("wrong", f"{numpy}; expected <1")
    assert old.mend == "pip install 'model-optimization-course[course]'"
    assert library(Requirement("no-such-library>=2"), "").found == "not installed; expected >=2"


def test_libraries_that_only_graders_need_are_one_optional_line(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [("", Requirement("numpy")), ("grading", Requirement("no-such-library>=2"))]
    monkeypatch.setattr(environment, "requirements", lambda: wanted)
    found = list(libraries())
    assert [(finding.check, finding.state) for finding in found] == [("numpy", "ok"), ("for grading", "optional")]
    assert found[1].mend == "pip install 'model-optimization-course[grading]'"


def test_every_requirement_is_put_with_its_extra() -> None:
    extras = {one.name: extra for extra, one in environment.requirements()}
    assert (extras["numpy"], extras["torch"], extras["nbgrader"], extras["pytest"]) == ("", "course", "grading", "test")


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


@pytest.mark.parametrize("name", ["torch.py", "tf_keras.py", "tensorflow_model_optimization/__init__.py", "sklearn.py"])
def test_a_file_named_like_a_library_hides_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")
    assert [finding.state for finding in shadows(tmp_path)] == ["wrong"]


def test_a_folder_without_code_hides_only_a_library_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tensorflow_model_optimization").mkdir()
    assert [finding.state for finding in shadows(tmp_path)] == ["ok"]
    monkeypatch.setattr(environment, "_is_installed", lambda module: False)
    assert [finding.state for finding in shadows(tmp_path)] == ["wrong"]


def test_the_librarys_own_folder_in_a_checkout_hides_nothing() -> None:
    assert [finding.state for finding in shadows(Path(environment.__file__).parents[1])] == ["ok"]


def test_items_are_looked_for_beside_the_notebook_and_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizlib.learner.find.course_folder", lambda: tmp_path / "package")
    notebook(tmp_path, "90-sample")
    assert [(one.state, one.mend) for one in notebook_data(tmp_path)] == [("wrong", "quizlib learn")]
    (tmp_path / "package/90-sample/items").mkdir(parents=True)
    (tmp_path / "package/90-sample/items/lesson.json").write_text("{}")
    assert [one.found for one in notebook_data(tmp_path)] == ["items come from the package"]
    (tmp_path / "items").mkdir()
    (tmp_path / "items/lesson.json").write_text("{}")
    assert [one.found for one in notebook_data(tmp_path)] == ["its items lie beside it"]


@pytest.mark.parametrize("content", ["", "{", '{"cells": 3}', '{"cells": [{"cell_type": "code", "source": ["1"]}]}'])
def test_a_notebook_that_is_not_of_the_course_is_passed_over(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.ipynb").write_text(content)
    assert lesson_of(tmp_path / "x.ipynb") is None
    assert list(notebook_data(tmp_path)) == []


def test_a_temporary_folder_that_cannot_be_written_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert temporary_folder().state == "ok"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert temporary_folder().state == "wrong"


def test_missing_programs_are_optional_and_say_what_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda command: None)
    assert [(one.check, one.state) for one in programs()] == [("bubblewrap", "optional"), ("Chromium", "optional")]
    assert "secure grading" in next(programs()).found
