import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizlib.errors import LearnerFolderError
from quizlib.release.derive import update
from quizlib.release.learners_copy import RECORD, Copied, copy_lessons

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


def test_a_file_of_the_learner_among_the_items_stays(mine: Path, derived: Path) -> None:
    (mine / LESSON / "items/notes.txt").write_text("mine")
    assert [copied.what for copied in copy_lessons(mine, newer(derived))] == ["updated"]
    assert (mine / LESSON / "items/notes.txt").read_text() == "mine"


def test_a_file_that_a_newer_release_has_no_more_goes_with_its_folder(mine: Path, derived: Path) -> None:
    (derived / "notebooks" / LESSON / "old").mkdir()
    (derived / "notebooks" / LESSON / "old/picture.svg").write_text("ours")
    copy_lessons(mine.with_name("other"), derived / "notebooks")
    assert (mine.with_name("other") / LESSON / "old/picture.svg").is_file()
    shutil.rmtree(derived / "notebooks" / LESSON / "old")
    copy_lessons(mine.with_name("other"), newer(derived))
    assert contents(mine.with_name("other") / LESSON) == contents(derived / "notebooks" / LESSON)
    assert not (mine.with_name("other") / LESSON / "old").exists()


def test_an_edited_item_stays_and_the_newer_release_goes_beside_it(mine: Path, derived: Path) -> None:
    sheet = mine / LESSON / "items/lesson.json"
    sheet.write_text("{}")
    copied = copy_lessons(mine, newer(derived))
    assert [one.what for one in copied] == ["beside"]
    assert sheet.read_text() == "{}"
    assert contents(copied[0].folder / "items") == contents(derived / "notebooks" / LESSON / "items")


def test_a_link_in_the_place_of_a_file_is_not_written_through(mine: Path, derived: Path) -> None:
    elsewhere = mine.with_name("elsewhere.ipynb")
    notebook(mine / LESSON).rename(elsewhere)
    notebook(mine / LESSON).symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    assert [copied.what for copied in copy_lessons(mine, newer(derived))] == ["beside"]
    assert elsewhere.read_bytes() == before


@pytest.mark.parametrize("name", [LESSON, f"{LESSON}/items"])
def test_a_file_in_the_place_of_a_folder_of_ours_stays(mine: Path, derived: Path, name: str) -> None:
    shutil.rmtree(mine / name)
    (mine / name).write_text("mine")
    assert [copied.what for copied in copy_lessons(mine, derived / "notebooks")] == ["beside"]
    assert (mine / name).read_text() == "mine"


def test_what_stands_in_the_way_of_both_folders_is_named(mine: Path, derived: Path) -> None:
    edit(notebook(mine / LESSON), "?", "C")
    lessons = newer(derived)
    beside = mine / f"{LESSON}-{releases(derived)[0].id}"
    beside.mkdir()
    notebook(beside).write_text("mine")
    with pytest.raises(LearnerFolderError, match=f"{notebook(beside).name} is yours and has the place of"):
        copy_lessons(mine, lessons)
    assert notebook(beside).read_text() == "mine"


def test_a_record_of_notebooks_alone_is_understood(mine: Path, derived: Path) -> None:
    """Earlier versions recorded notebooks by name and no items, so that items may be the learner's."""
    record = json.loads((mine / RECORD).read_text())
    (mine / RECORD).write_text(json.dumps({f"{LESSON}.ipynb": record[f"{LESSON}/{LESSON}.ipynb"]}))
    before = contents(mine / LESSON)
    assert [copied.what for copied in copy_lessons(mine, newer(derived))] == ["beside"]
    assert contents(mine / LESSON) == before
    shutil.rmtree(mine / LESSON / "items")
    assert [copied.what for copied in copy_lessons(mine, derived / "notebooks")] == ["updated"]
    assert contents(mine / LESSON) == contents(derived / "notebooks" / LESSON)


def test_a_copy_that_was_cut_short_is_taken_up_again(
    mine: Path, derived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lessons = newer(derived)
    copy, copies = shutil.copyfile, iter(range(3))

    def fail_at_last(source: Path, path: Path) -> None:
        if next(copies, None) is None:
            raise OSError(28, "No space left on device")
        copy(source, path)

    monkeypatch.setattr(shutil, "copyfile", fail_at_last)
    with pytest.raises(LearnerFolderError, match="No space left on device"):
        copy_lessons(mine, lessons)
    monkeypatch.undo()
    assert [copied.what for copied in copy_lessons(mine, lessons)] == ["updated"]
    assert contents(mine / LESSON) == contents(lessons / LESSON)


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


def release(root: Path, number: int) -> Path:
    """Return a folder of lessons with one lesson: each release changes files, adds one and has one no more."""
    lesson = root / f"released-{number}" / "a"
    (lesson / "items" / "pictures").mkdir(parents=True)
    (lesson / "a.ipynb").write_text(f"notebook {number}")
    (lesson / "items/lesson.json").write_text(json.dumps({"release": f"r{number}"}))
    (lesson / "items/question.json").write_text(f"question {number}")
    (lesson / f"items/pictures/new-in-{number}.svg").write_text("picture")
    return lesson.parent


OURS = ["a/a.ipynb", "a/items/lesson.json", "a/items/question.json", "a/items/pictures/new-in-1.svg"]
NEXT = ["a/items/pictures/new-in-2.svg", "a-r2/a-r2.ipynb", "a-r2/items/question.json", "a-r3/items", "a-r3", RECORD]
THEIRS = ["a/items/notes.txt", "a/items/pictures/mine.svg", "a/mine.ipynb", "notes.txt", "b/b.ipynb", "a/.hidden"]
# No text is one of ours: a file that is as it was copied is no edit.
edits = st.dictionaries(st.sampled_from(OURS + NEXT + THEIRS), st.sampled_from(["", "mine", "{}", "notebook"]))


def edited(root: Path, wanted: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Write what a learner writes, where that is possible, and yield it."""
    for name, text in wanted.items():
        path = root / name
        if not path.is_dir() and not any(parent.is_file() for parent in path.parents):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            yield path, text


def copy_or_sentence(mine: Path, lessons: Path) -> tuple[list[Copied], str]:
    try:
        return copy_lessons(mine, lessons), ""
    except LearnerFolderError as error:
        return [], str(error)


def whole(copied: list[Copied], lessons: Path) -> bool:
    """Say whether the release can be worked with, where it was copied."""
    items = contents(lessons / "a/items").items()
    return all(one.what == "kept" or items <= contents(one.folder / "items").items() for one in copied)


@settings(max_examples=150, deadline=None)
@given(edits, edits, st.sets(st.sampled_from(OURS)))
def test_whatever_a_learner_writes_is_there_after_every_update(
    first: dict[str, str], then: dict[str, str], deleted: set[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, mine = Path(folder), Path(folder) / "mine"
        copy_lessons(mine, release(root, 1))
        for name in deleted:
            (mine / name).unlink()
        written: dict[Path, str] = {}
        for number, wanted in ((2, first), (3, then)):
            written |= edited(mine, wanted)
            written.pop(mine / RECORD, None)  # the record is ours, and what it says is not relied on
            lessons = release(root, number)
            copied, told = copy_or_sentence(mine, lessons)
            assert "is yours and has the place of" in told or whole(copied, lessons)
            assert {path: path.read_text() for path in written} == written
