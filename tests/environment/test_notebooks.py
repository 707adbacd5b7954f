import json
from pathlib import Path

import pytest

from quizlib.environment import notebooks as looked_at
from quizlib.environment.notebooks import lesson_of, notebook_data, shadows

BEGIN = 'import quizlib\n\nquizlib.begin("{lesson}", flavour="self-study", release="r1")'


def notebook(folder: Path, lesson: str) -> Path:
    path = folder / f"{lesson}.ipynb"
    cell = {"cell_type": "code", "source": [BEGIN.format(lesson=lesson)]}
    path.write_text(json.dumps({"cells": [cell]}))
    return path


@pytest.mark.parametrize("name", ["torch.py", "tf_keras.py", "tensorflow_model_optimization/__init__.py", "sklearn.py"])
def test_a_file_named_like_a_library_hides_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")
    assert [finding.state for finding in shadows(tmp_path)] == ["wrong"]


def test_a_folder_without_code_hides_only_a_library_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tensorflow_model_optimization").mkdir()
    (tmp_path / "json").mkdir()
    assert [finding.state for finding in shadows(tmp_path)] == ["ok"]
    monkeypatch.setattr(looked_at, "_is_installed", lambda module: module == "json")
    assert [finding.state for finding in shadows(tmp_path)] == ["wrong"]


def test_the_librarys_own_folder_in_a_checkout_hides_nothing() -> None:
    assert [finding.state for finding in shadows(Path(looked_at.__file__).parents[2])] == ["ok"]


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


@pytest.mark.parametrize("name", ["random.py", "json.py", "types.py", "code.py", "email/__init__.py"])
def test_a_file_named_like_a_module_of_python_hides_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")
    (found,) = shadows(tmp_path)
    top = name.partition("/")[0]
    assert found.found.endswith(f"{top} hides Python's own module of that name")
    assert found.mend == f"mv {top} my_{top}"


@pytest.mark.parametrize("name", ["test.py", "time.py", "my_torch.py", "torch.txt", "torch", "random.ipynb"])
def test_a_file_that_nothing_imports_instead_hides_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    assert [finding.state for finding in shadows(tmp_path)] == ["ok"]


@pytest.mark.parametrize("lesson", ["90-sample", "90b-sample"])
def test_a_notebook_tells_its_lesson(tmp_path: Path, lesson: str) -> None:
    assert lesson_of(notebook(tmp_path, lesson)) == lesson


def test_folders_of_lessons_are_looked_into(tmp_path: Path) -> None:
    for folder in ("01-over view", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "torch.py").write_text("")
    notebook(tmp_path / "01-over view", "01-overview")
    (found,) = shadows(tmp_path)
    assert found.found == "the file 01-over view/torch.py hides the library of that name"
    assert found.mend == "mv '01-over view/torch.py' '01-over view/my_torch.py'"
    assert [one.check for one in notebook_data(tmp_path)] == ["01-overview.ipynb"]
