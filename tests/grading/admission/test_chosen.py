import json
import os
from copy import deepcopy

import nbformat
import pytest

from quizlib.errors import NotANotebookError
from quizlib.grading.admission import chosen
from quizlib.grading.admission.chosen import find_submitted, has_answers
from tests.grading.admission.test_submission import BEGIN, code, notebook_with, write
from tests.grading.conftest import LESSON, cell, hand_in

NOTHING_GRADED = nbformat.v4.new_notebook()


def taken(folder, released=NOTHING_GRADED):
    """Return the name of the notebook that counts."""
    return find_submitted(folder, LESSON, released).name


def test_the_lesson_in_a_notebook_decides_over_its_name(tmp_path):
    write(tmp_path / f"{LESSON}.ipynb", notebook_with(code('begin("02-other")')))
    write(tmp_path / "mine.ipynb", notebook_with(code(BEGIN)))
    assert taken(tmp_path) == "mine.ipynb"


def test_of_two_notebooks_of_the_lesson_the_expected_name_is_taken(tmp_path):
    for name in ("a.ipynb", f"{LESSON}.ipynb", "z.ipynb"):
        write(tmp_path / name, notebook_with(code(BEGIN)))
    assert taken(tmp_path) == f"{LESSON}.ipynb"


def test_of_two_renamed_notebooks_the_later_is_taken(tmp_path):
    for name, when in (("a.ipynb", 2_000), ("b.ipynb", 1_000)):
        os.utime(write(tmp_path / name, notebook_with(code(BEGIN))), (when, when))
    assert taken(tmp_path) == "a.ipynb"


def test_a_broken_file_beside_a_good_one_does_no_harm(tmp_path):
    (tmp_path / f"{LESSON}.ipynb").write_bytes(b"broken")
    write(tmp_path / "copy.ipynb", notebook_with(code(BEGIN)))
    assert taken(tmp_path) == "copy.ipynb"


def test_a_lone_notebook_that_names_no_lesson_is_taken(tmp_path):
    write(tmp_path / "mine.ipynb", notebook_with(code("x = 1")))
    assert taken(tmp_path) == "mine.ipynb"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "no notebook was handed in"),
        ({"a.ipynb": b"x"}, "does not hold JSON"),
        ({"a.ipynb": json.dumps(notebook_with(code('begin("02-other")'))).encode()}, "none of the 1 notebooks"),
    ],
)
def test_why_nothing_can_be_graded_is_said(tmp_path, files, reason):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(NotANotebookError, match=reason):
        taken(tmp_path)


def test_a_notebook_one_folder_deeper_is_taken_and_that_is_told(tmp_path):
    (tmp_path / LESSON).mkdir()
    write(tmp_path / LESSON / "x.ipynb", notebook_with(code(BEGIN)))
    found = find_submitted(tmp_path, LESSON, NOTHING_GRADED)
    assert found.name == f"{LESSON}/x.ipynb"
    assert found.notes == (f"The file {LESSON}/x.ipynb was taken as {LESSON}.ipynb.",)


@pytest.mark.parametrize("place", [".ipynb_checkpoints", "__MACOSX", "a/b"])
def test_what_programs_leave_and_what_lies_deeper_is_not_looked_for(tmp_path, place):
    (tmp_path / place).mkdir(parents=True)
    write(tmp_path / place / "x.ipynb", notebook_with(code(BEGIN)))
    with pytest.raises(NotANotebookError, match="no notebook was handed in"):
        taken(tmp_path)


def test_of_two_notebooks_the_one_that_was_worked_counts_whatever_its_name_and_that_is_told(course, released, solved):
    hand_in(course, "ada", released)
    path = hand_in(course, "ada", solved, "solved.ipynb")
    os.utime(path, (1_000, 1_000))
    found = find_submitted(path.parent, LESSON, released)
    assert found.name == "solved.ipynb"
    assert found.notes == ("Of 2 notebooks of this lesson, solved.ipynb was taken.",)


def test_a_worked_notebook_one_folder_deeper_beats_an_untouched_one(course, released, solved):
    folder = hand_in(course, "ada", released).parent
    (folder / "back").mkdir()
    nbformat.write(solved, folder / "back" / f"{LESSON}.ipynb")
    assert taken(folder, released) == f"back/{LESSON}.ipynb"
    hand_in(course, "ada", solved)
    assert taken(folder, released) == f"{LESSON}.ipynb"


def test_answers_are_what_stands_in_their_places_white_space_aside(course, released, solved):
    def answered(notebook):
        return has_answers(chosen.read_submitted(hand_in(course, "ada", notebook)), released)

    assert answered(solved)
    assert not answered(released)
    edited = deepcopy(released)
    for one in edited.cells:
        one.source = f"{one.source}  \n\n"
    assert not answered(edited)
    cell(edited, "smallest-dtype-answer").source = ""
    assert not answered(edited)
    cell(edited, "smallest-dtype-answer").source = 'smallest_dtype = "B"'
    assert answered(edited)


def test_of_very_many_notebooks_those_with_the_expected_name_are_read_first(tmp_path, monkeypatch):
    monkeypatch.setattr(chosen, "MAX_NOTEBOOKS", 3)
    for number in range(10):
        write(tmp_path / f"{number}.ipynb", notebook_with(code('begin("02-other")')))
    write(tmp_path / f"{LESSON}.ipynb", notebook_with(code(BEGIN)))
    assert taken(tmp_path) == f"{LESSON}.ipynb"


def test_the_expected_name_is_found_among_more_files_than_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr("quizlib.grading.admission.regular_files.MAX_ENTRIES", 5)
    for number in range(10):
        (tmp_path / f"{number}.csv").touch()
    write(tmp_path / f"{LESSON}.ipynb", notebook_with(code(BEGIN)))
    assert taken(tmp_path) == f"{LESSON}.ipynb"


def test_a_file_in_the_place_of_the_folder_and_a_link_to_it_are_said_to_be_that(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotANotebookError, match="what was handed in is not a folder"):
        taken(tmp_path / "file")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    with pytest.raises(NotANotebookError, match="a link to another place"):
        taken(tmp_path / "link")


def test_a_folder_that_cannot_be_read_is_said_to_be_that(tmp_path, monkeypatch):
    def refuse(place):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("quizlib.grading.admission.regular_files.os.scandir", refuse)
    with pytest.raises(NotANotebookError, match=r"a folder that cannot be read \(Permission denied\)"):
        taken(tmp_path)
