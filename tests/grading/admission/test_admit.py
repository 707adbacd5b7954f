import nbformat

from quizlib.grading.admission.admit import Admission, AdmitNames, admit
from quizlib.grading.cells import check_cells
from tests.grading.conftest import LESSON, cell, hand_in


def admitted(course, student="ada"):
    notebook = admit(course, student, LESSON, LESSON)
    nbformat.validate(notebook)
    return notebook, Admission.of(notebook)


def test_an_honest_submission_is_admitted_without_a_notice(course, solved):
    hand_in(course, "ada", solved)
    notebook, admission = admitted(course)
    assert admission == Admission(f"{LESSON}.ipynb", course.current_release)
    assert notebook.cells[0].id != "admission-notice"


def test_a_renamed_file_is_admitted_and_named_in_the_notice(course, solved):
    hand_in(course, "ada", solved, "Übung <1>.ipynb")
    notebook, admission = admitted(course)
    assert admission.file == "Übung <1>.ipynb"
    assert "Übung _1_.ipynb was taken as" in notebook.cells[0].source


def test_what_is_no_notebook_becomes_the_release_with_the_reason(course, released):
    hand_in(course, "ada", b"Dear teacher")
    notebook, admission = admitted(course)
    assert "does not hold JSON" in admission.refused
    assert "does not hold JSON" in notebook.cells[0].source
    assert len(check_cells(notebook)) == len(check_cells(released))


def test_a_folder_without_a_notebook_is_refused_too(course):
    course.submission("ada", LESSON).mkdir(parents=True)
    assert admitted(course)[1].refused == "no notebook was handed in."


def test_a_submission_is_judged_by_the_release_it_came_from(course, solved):
    (course.root / "course.json").write_text('{"format": 1, "current": "new", "releases": ["old", "new"]}')
    begin = cell(solved, "begin")
    for claimed, used in (("old", "old"), ("new", "new"), ("invented", "new")):
        begin.source = f'quizlib.begin("{LESSON}", flavour="class", release="{claimed}")'
        hand_in(course, "ada", solved)
        assert admitted(type(course)(course.root))[1].release == used


def test_a_submission_cannot_write_its_own_admission(course, solved):
    solved.metadata["quizlib_admission"] = {"file": "x", "release": "mine", "refused": ""}
    hand_in(course, "ada", solved)
    assert admitted(course)[1].release == course.current_release


def test_admission_leaves_the_submission_as_it_is(course, solved):
    del solved.cells[5:]
    path = hand_in(course, "ada", solved, "mine.ipynb")
    before = path.read_bytes()
    admitted(course)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["mine.ipynb"]


def test_the_hook_names_what_the_lesson_was_released_as(course):
    folder = course.submission("ada", LESSON)
    notebooks = [str(folder / "mine.ipynb"), str(folder / "other.ipynb")]
    AdmitNames(course)(assignment=LESSON, student="*", notebooks=notebooks)
    assert notebooks == [str(folder / f"{LESSON}.ipynb")]


def test_the_hook_leaves_other_assignments_alone(course):
    notebooks = [str(course.submission("ada", "ps1") / "p.ipynb")]
    AdmitNames(course)(assignment="ps1", student="*", notebooks=notebooks)
    assert notebooks == [str(course.submission("ada", "ps1") / "p.ipynb")]
