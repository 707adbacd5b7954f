import json
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from quizlib.release.derive import Change, changes, update

from .conftest import edit, releases

NOTEBOOK = Path("notebooks/90-sample/90-sample.ipynb")
ITEMS = Path("notebooks/90-sample/items")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def outdated(checkout: Path) -> list[Change]:
    return update(releases(checkout), checkout, all_lessons=True)


def test_a_second_release_changes_nothing(derived: Path) -> None:
    before = files(derived)
    assert outdated(derived) == []
    assert files(derived) == before


def test_instructors_and_learners_notebooks_and_items_are_derived(derived_once: Path) -> None:
    assert {name for name in files(derived_once) if "notebooks" in name} == {
        "solutions/notebooks/90-sample/90-sample.ipynb",
        str(NOTEBOOK),
        *(str(ITEMS / f"{item}.json") for item in ("lesson", "float-bytes", "smallest-dtype", "size-table")),
        str(ITEMS / "quantize-codes.json"),
        str(ITEMS / "quantize-codes.safetensors"),
    }


def test_an_edit_by_hand_is_found_and_undone(derived: Path) -> None:
    before = files(derived)
    edit(derived / NOTEBOOK, "int8", "int4")
    assert [str(change) for change in outdated(derived)] == [
        f"{NOTEBOOK.as_posix()} is not what the course derives now; run `quizlib release`."
    ]
    assert files(derived) == before


def test_a_missing_file_is_found_and_written(derived: Path) -> None:
    (derived / ITEMS / "quantize-codes.safetensors").unlink()
    assert outdated(derived) == [Change(ITEMS / "quantize-codes.safetensors", "missing")]
    assert outdated(derived) == []


def test_what_derives_from_nothing_is_found_and_deleted(derived: Path) -> None:
    stray = derived / "notebooks/77-gone/.ipynb_checkpoints/77-gone-checkpoint.ipynb"
    stray.parent.mkdir(parents=True)
    stray.write_text("{}")
    assert [change.what for change in outdated(derived)] == ["superfluous"]
    assert not (derived / "notebooks/77-gone/.ipynb_checkpoints").exists()


def test_with_one_lesson_the_others_are_left_alone(derived: Path) -> None:
    (derived / "notebooks/77-other").mkdir()
    (derived / "notebooks/77-other/x.ipynb").write_text("{}")
    assert update(releases(derived), derived, all_lessons=False) == []


def nudge(path: Path, by: float) -> None:
    arrays = safetensors.numpy.load_file(path)
    safetensors.numpy.save_file({name: _moved(array, by) for name, array in arrays.items()}, path)


def _moved(array: np.ndarray, by: float) -> np.ndarray:
    return array * np.float32(1 + by) if array.dtype.kind == "f" else array


def test_a_difference_in_the_last_digits_is_no_new_version(derived: Path) -> None:
    nudge(derived / ITEMS / "quantize-codes.safetensors", 1e-6)
    before = files(derived)
    assert outdated(derived) == []
    assert files(derived) == before


def test_a_difference_in_the_third_digit_is(derived: Path) -> None:
    nudge(derived / ITEMS / "quantize-codes.safetensors", 1e-3)
    assert [change.path.name for change in outdated(derived)] == ["quantize-codes.safetensors"]


def test_both_halves_of_a_sheet_are_written_together(derived: Path) -> None:
    document = json.loads((derived / ITEMS / "quantize-codes.json").read_text())
    document["probe"]["cases"].reverse()
    (derived / ITEMS / "quantize-codes.json").write_text(json.dumps(document))
    nudge(derived / ITEMS / "quantize-codes.safetensors", 1e-6)
    fresh = (derived / ITEMS / "quantize-codes.safetensors").read_bytes()
    outdated(derived)
    assert (derived / ITEMS / "quantize-codes.safetensors").read_bytes() != fresh


@pytest.mark.parametrize("what", ["stale", "missing", "superfluous"])
def test_each_change_says_in_a_sentence_what_to_run(what: str) -> None:
    assert "`quizlib release`" in str(Change(NOTEBOOK, what))


def test_derived_files_carry_no_path_of_the_machine(derived_once: Path) -> None:
    root = str(derived_once).encode()
    assert not any(root in content for content in files(derived_once / "notebooks").values())
    assert changes(derived_once, derived_once) == []
