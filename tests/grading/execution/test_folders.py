"""Whatever a kernel puts where its evidence goes, the folders keep what is evidence and nothing else."""

import os
import shutil

import pytest

from quizlib.evidence.tree_reader import Limits
from quizlib.grading.execution.folders import Folders


@pytest.fixture
def folders():
    made = Folders()
    yield made
    made.remove()


def test_evidence_is_copied_and_no_longer_lies_where_the_kernel_left_it(folders):
    (folders.probes / "a.json").write_text("{}")
    (folders.probes / "a.safetensors").write_bytes(b"arrays")
    assert folders.take("a") == ""
    assert (folders.taken / "a.json").read_text() == "{}"
    assert (folders.taken / "a.safetensors").read_bytes() == b"arrays"
    assert list(folders.probes.iterdir()) == []


def link(path, elsewhere):
    (elsewhere / "secret").write_text("secret")
    path.symlink_to(elsewhere / "secret")


def pipe(path, elsewhere):
    os.mkfifo(path)


def directory(path, elsewhere):
    (path / "deeper").mkdir(parents=True)


def locked_directory(path, elsewhere):
    (path / "deeper").mkdir(parents=True)
    path.chmod(0)


def huge(path, elsewhere):
    with path.open("wb") as file:
        file.truncate(Limits().array_bytes + 1)


@pytest.mark.parametrize("make", [link, pipe, directory, locked_directory, huge])
@pytest.mark.parametrize("name", ["a.json", "a.safetensors"])
def test_what_is_no_file_of_a_bounded_size_leaves_no_evidence(folders, tmp_path, make, name):
    (folders.probes / "a.json").write_text("{}")
    (folders.probes / name).unlink(missing_ok=True)
    make(folders.probes / name, tmp_path)
    assert folders.take("a").startswith("the check left no evidence that can be taken: ")
    assert list(folders.taken.iterdir()) == []
    assert [path.read_text() for path in tmp_path.iterdir()] == ["secret"] * (make is link)


def test_nothing_at_all_is_told_without_more_words(folders):
    assert folders.take("a") == "the check left no evidence."


@pytest.mark.parametrize("put", ["a link to another place", "a file", "nothing", "a folder of its own"])
def test_whatever_stands_in_for_the_folder_of_probes_is_not_looked_at(folders, tmp_path, put):
    folders.probes.rename(folders.probes.with_name("away"))
    match put:
        case "a link to another place":
            folders.probes.symlink_to(tmp_path)
        case "a file":
            folders.probes.write_text("no folder")
        case "a folder of its own":
            folders.probes.mkdir()
    if folders.probes.is_dir():
        (folders.probes / "a.json").write_text("{}")
        (tmp_path / "b.json").write_text("{}")
    folders.clear("b")
    assert folders.take("a") == "the check left no evidence."
    assert put != "a link to another place" or (tmp_path / "b.json").read_text() == "{}"


def test_a_folder_that_was_closed_to_writing_keeps_nothing_for_a_later_check(folders):
    (folders.probes / "a.json").write_text("planted")
    folders.probes.chmod(0o500)
    folders.clear("a")
    assert folders.take("a") == "the check left no evidence."


def test_what_was_taken_lies_where_the_kernel_is_not_told(folders):
    given = {folders.home.parent, folders.probes.parent}
    assert folders.taken.parent not in given


@pytest.mark.parametrize("put", ["a link", "a file", "nothing"])
def test_folders_are_removed_whatever_became_of_them(tmp_path, put):
    folders = Folders()
    (tmp_path / "mine").write_text("mine")
    root = folders.home.parent
    root.rename(root.with_name(root.name + "-moved"))
    match put:
        case "a link":
            root.symlink_to(tmp_path)
        case "a file":
            root.write_text("no folder")
    folders.remove()
    assert (tmp_path / "mine").read_text() == "mine"
    shutil.rmtree(root.with_name(root.name + "-moved"))
    root.unlink(missing_ok=True)
