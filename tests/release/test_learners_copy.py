import shutil
from pathlib import Path

import pytest

from quizlib.release.derive import update
from quizlib.release.learners_copy import RECORD, LearnerFolderError, copy_lessons

from .conftest import LESSON, edit, releases


def newer(derived: Path) -> Path:
    """Release the lesson again, changed, and return the folder of lessons."""
    edit(derived / "solutions/lessons/90_sample.py", "## Summary", "## In short")
    update(releases(derived), derived, all_lessons=True)
    return derived / "notebooks"


@pytest.fixture
def mine(derived: Path, tmp_path: Path) -> Path:
    copy_lessons(tmp_path / "mine", derived / "notebooks")
    return tmp_path / "mine"


def notebook(folder: Path) -> Path:
    return folder / f"{folder.name}.ipynb"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_first_copy_is_the_lesson_with_its_items(mine: Path, derived: Path) -> None:
    assert contents(mine / LESSON) == contents(derived / "notebooks" / LESSON)


def test_a_second_copy_changes_nothing(mine: Path, derived: Path) -> None:
    before = contents(mine)
    assert [copied.what for copied in copy_lessons(mine, derived / "notebooks")] == ["kept"]
    assert contents(mine) == before


def test_an_edited_notebook_is_kept_and_the_newer_release_goes_beside_it(mine: Path, derived: Path) -> None:
    edit(notebook(mine / LESSON), "?", "C")
    before = contents(mine / LESSON)
    copied = copy_lessons(mine, newer(derived))
    release = releases(derived)[0].id
    assert [(one.what, one.folder.name) for one in copied] == [("beside", f"{LESSON}-{release}")]
    assert contents(mine / LESSON) == before
    assert "In short" in notebook(mine / f"{LESSON}-{release}").read_text()
    assert (mine / f"{LESSON}-{release}/items/lesson.json").is_file()


def test_the_newer_copy_too_is_kept_once_it_is_there(mine: Path, derived: Path) -> None:
    edit(notebook(mine / LESSON), "?", "C")
    lessons = newer(derived)
    beside = copy_lessons(mine, lessons)[0].folder
    edit(notebook(beside), "?", "B")
    before = contents(mine)
    assert [copied.what for copied in copy_lessons(mine, lessons)] == ["kept"]
    assert contents(mine) == before


def test_an_untouched_notebook_is_brought_up_to_date_in_place(mine: Path, derived: Path) -> None:
    assert [copied.what for copied in copy_lessons(mine, newer(derived))] == ["updated"]
    assert contents(mine / LESSON) == contents(derived / "notebooks" / LESSON)


def test_without_the_record_a_notebook_counts_as_edited(mine: Path, derived: Path) -> None:
    (mine / RECORD).write_text("damaged")
    assert [copied.what for copied in copy_lessons(mine, newer(derived))] == ["beside"]


def test_a_lost_notebook_is_copied_again(mine: Path, derived: Path) -> None:
    notebook(mine / LESSON).unlink()
    copy_lessons(mine, derived / "notebooks")
    assert contents(mine / LESSON) == contents(derived / "notebooks" / LESSON)


def test_other_files_of_the_learner_stay(mine: Path, derived: Path) -> None:
    (mine / LESSON / "notes.md").write_text("mine")
    copy_lessons(mine, newer(derived))
    assert (mine / LESSON / "notes.md").read_text() == "mine"


def test_checkpoints_of_the_checkout_are_not_copied(derived: Path, tmp_path: Path) -> None:
    shutil.copytree(derived / "notebooks/90-sample/items", derived / "notebooks/90-sample/.ipynb_checkpoints")
    copy_lessons(tmp_path / "mine", derived / "notebooks")
    assert not (tmp_path / "mine" / LESSON / ".ipynb_checkpoints").exists()


def test_no_lessons_and_no_room_are_each_a_sentence(derived: Path, tmp_path: Path) -> None:
    with pytest.raises(LearnerFolderError, match="there are no lessons in"):
        copy_lessons(tmp_path / "mine", tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(LearnerFolderError, match="cannot be written"):
        copy_lessons(tmp_path / "file", derived / "notebooks")
