import json
from pathlib import Path

import pytest

from quizlib.release.audit import problems
from quizlib.release.derive import update

from .conftest import edit, releases
from .test_leaks import project

NOTEBOOK = "notebooks/90-sample/90-sample.ipynb"
LISTING = "notebooks/90-sample/items/lesson.json"


def test_a_derived_checkout_has_no_problem(derived: Path) -> None:
    assert problems(releases(derived), derived) == []


def test_a_stale_a_missing_and_a_superfluous_file_are_each_a_sentence(derived: Path) -> None:
    edit(derived / "solutions/lessons/90_sample.py", "A dtype fixes", "The dtype fixes")
    (derived / LISTING).unlink()
    (derived / "notebooks/old.txt").write_text("old")
    assert problems(releases(derived), derived) == [
        f"{NOTEBOOK} is not what the course derives now; run `quizlib release`.",
        f"{LISTING} is missing; run `quizlib release`.",
        "notebooks/old.txt is derived from nothing; run `quizlib release`, which deletes it.",
        "solutions/notebooks/90-sample/90-sample.ipynb is not what the course derives now; run `quizlib release`.",
    ]


def test_points_that_disagree_are_named_with_both_values(derived: Path) -> None:
    listing = json.loads((derived / LISTING).read_text())
    listing["items"][2]["points"] = 7
    (derived / LISTING).write_text(json.dumps(listing))
    edit(derived / NOTEBOOK, '"points": 1,', '"points": 3,')
    found = problems(releases(derived), derived)
    assert f"{NOTEBOOK} gives smallest-dtype 3 points; its spec says 1." in found
    assert f"{LISTING} gives quantize-codes 7 points; its spec says 5." in found


@pytest.mark.parametrize("damage", ["", "{", '{"cells": 3}'])
def test_a_damaged_notebook_is_stale_and_nothing_worse(derived: Path, damage: str) -> None:
    (derived / NOTEBOOK).write_text(damage)
    assert problems(releases(derived), derived) == [
        f"{NOTEBOOK} is not what the course derives now; run `quizlib release`."
    ]


def test_a_solution_pasted_into_the_text_of_an_item_is_found_in_both_flavours(derived: Path) -> None:
    line = 'sizes = {dtype: weights.astype(dtype).nbytes for dtype in ("float32", "int8")}'
    question = derived / "solutions/questions/90_sample.yaml"
    edit(question, "source: NumPy manual, data types\n- id: float", f"source: |-\n    manual\n    {line}\n- id: float")
    update(releases(derived), derived, all_lessons=True)
    found = problems(releases(derived), derived)
    assert any(line.startswith("notebooks/90-sample/items/smallest-dtype.json holds lines of") for line in found)


def test_the_wheel_of_a_sound_project_has_no_problem(derived: Path) -> None:
    assert problems(releases(derived), project(derived)) == []


def test_a_wheel_that_takes_the_solutions_is_found(derived: Path) -> None:
    edit(project(derived) / "pyproject.toml", '"notebooks" = "quizlib/course"', '"solutions" = "quizlib/course"')
    found = problems(releases(derived), derived)
    assert "the wheel lacks notebooks/90-sample/90-sample.ipynb; see its force-include in pyproject.toml." in found
    assert any(line.startswith("the wheel/quizlib/course/lessons/90_sample.py holds lines of") for line in found)


def test_a_solution_copied_into_the_library_is_found_in_the_wheel(derived: Path) -> None:
    solution = 'sizes = {dtype: weights.astype(dtype).nbytes for dtype in ("float32", "int8")}\n'
    (project(derived) / "quizlib/zoo/answers.py").write_text(f"weights = ()\n{solution}")
    assert problems(releases(derived), derived) == [
        "the wheel/quizlib/zoo/answers.py holds lines of a solution of 90-sample, from " + repr(solution.strip()) + "."
    ]


def test_a_file_outside_the_package_is_found_in_the_wheel(derived: Path) -> None:
    edit(project(derived) / "pyproject.toml", 'packages = ["quizlib"]', 'packages = ["quizlib", "extra"]')
    (derived / "extra").mkdir()
    (derived / "extra/__init__.py").write_text("")
    found = problems(releases(derived), derived)
    assert found == ["the wheel takes extra/__init__.py; only the library and the self-study release belong in it."]
