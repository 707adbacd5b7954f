"""What counts as the code of a submission: all that its kernel reads of it, and nothing else."""

import shutil
import subprocess
import sys

import nbformat
import pytest

from quizlib.coursedir.course import Course
from quizlib.grading.admission.admit import admit
from quizlib.grading.admission.handed_in import code_of, working_copy
from quizlib.grading.batch.grade import grade
from quizlib.grading.cells import normal_form
from quizlib.grading.record import read_record
from tests.grading.conftest import LESSON, cell, hand_in, nbgrader, read


@pytest.fixture
def beside(tmp_path):
    """The kernel's working directory, and the course's own files."""
    for name in ("folder", "ours"):
        (tmp_path / name).mkdir()
    return tmp_path / "folder", tmp_path / "ours"


@pytest.fixture
def code(course, beside):
    """Hand in a notebook after a change, and return its code."""

    def of(change=lambda notebook: None):
        notebook = read(course, "source")
        change(notebook)
        hand_in(course, "someone", notebook)
        return code_of(admit(course, "someone", LESSON, LESSON), *beside)

    return of


def with_outputs(notebook):
    for one in notebook.cells:
        if one.cell_type == "code":
            one.execution_count = 7
            one.outputs = [nbformat.v4.new_output("stream", text="seen")]


def with_metadata(notebook):
    notebook.metadata["author"] = "me"
    for one in notebook.cells:
        one.metadata["tags"] = ["mine"]


def with_white_space(notebook):
    for one in notebook.cells:
        one.source = "\n" + "\n".join(f"{line}  \t" for line in one.source.split("\n")) + "\n\n"


def with_windows_lines(notebook):
    for one in notebook.cells:
        one.source = one.source.replace("\n", "\r\n")


def with_notes(notebook):
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("my notes", id="notes"))


def with_an_empty_cell(notebook):
    notebook.cells.insert(0, nbformat.v4.new_code_cell("\n", id="empty"))


def with_a_check_edited(notebook):
    cell(notebook, "size-table").source += "\nprint('edited')"


def without_a_check(notebook):
    notebook.cells = [one for one in notebook.cells if one.id != "size-table"]


@pytest.mark.parametrize(
    "change",
    [
        with_outputs,
        with_metadata,
        with_white_space,
        with_windows_lines,
        with_notes,
        with_an_empty_cell,
        with_a_check_edited,
        without_a_check,
    ],
)
def test_what_no_kernel_reads_does_not_count(code, change):
    assert code(change) == code()


def with_a_comment(notebook):
    cell(notebook, "quantize-codes-answer").source += "\n# a comment"


def with_a_cell(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell("1 + 1", id="mine"))


def with_another_order(notebook):
    at = next(i for i, one in enumerate(notebook.cells) if one.id == "quantize-codes-answer")
    notebook.cells.insert(0, notebook.cells.pop(at))


def with_a_text_that_ends_in_blanks(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell("'''a \nb'''", id="mine"))


def with_the_same_text(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell("'''a\nb'''", id="mine"))


def test_whatever_a_kernel_reads_counts(code):
    changes = [with_a_comment, with_a_cell, with_another_order, with_a_text_that_ends_in_blanks, with_the_same_text]
    codes = [code(), *map(code, changes)]
    assert len(set(codes)) == len(codes)


def test_files_count_by_name_and_content_but_for_the_courses_own(code, beside):
    folder, ours = beside
    without = code()
    (ours / "given.csv").write_text("given")
    (folder / "given.csv").write_text("given")
    assert code() == without
    (folder / "data").mkdir()
    codes = [without]
    for name, content in (("given.csv", "edited"), ("data/answers.csv", "1"), ("data/answers.csv", "2")):
        (folder / name).write_text(content)
        codes.append(code())
    (folder / "data" / "answers.csv").rename(folder / "answers.csv")
    codes.append(code())
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("source", "normal"),
    [
        ("x = 1", "x = 1"),
        ("\n\nx = 1  # one \n\ny = 2\t\n\n", "x = 1  # one\n\ny = 2"),
        ("if x:\n    y = 1   \n    \nz = 2", "if x:\n    y = 1\n\nz = 2"),
        ("  x = 1", "  x = 1"),
        ("x = '''a  \nb'''  ", "x = '''a  \nb'''  "),
        ("x = (1,  \n", "x = (1,  \n"),
        ("x = 1 + \\ \n2", "x = 1 + \\ \n2"),
        ("", ""),
    ],
)
def test_normal_form_leaves_white_space_that_means_something(source, normal):
    assert normal_form(source) == normal


@pytest.fixture
def place(tmp_path):
    """An empty folder for the kernel's copy."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def test_the_kernel_works_in_a_copy_without_the_notebook_and_nothing_it_writes_stays(beside, place):
    folder = beside[0]
    names = ("a.ipynb", "mine.csv", "submission_secret.txt", "timestamp.txt")
    for name in names:
        (folder / name).write_text(name)
    resources = {"metadata": {"path": str(folder)}}

    def run():
        with working_copy(resources, place) as copy:
            assert resources["metadata"]["path"] == str(copy)
            assert [path.name for path in copy.iterdir()] == ["mine.csv"]
            (copy / "a.ipynb").mkdir()
            (copy / "mine.csv").write_text("changed")
            (copy / "left").symlink_to(folder)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        run()
    assert resources["metadata"]["path"] == str(folder)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {name: name for name in names}
    assert not any(place.iterdir())


def gone(copy, elsewhere):
    shutil.rmtree(copy)


def led_elsewhere(copy, elsewhere):
    shutil.rmtree(copy)
    copy.symlink_to(elsewhere)


def became_a_file(copy, elsewhere):
    shutil.rmtree(copy)
    copy.write_text("no folder")


def locked(copy, elsewhere):
    copy.chmod(0o500)


def nested(copy, elsewhere):
    build = "import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')"
    subprocess.run([sys.executable, "-c", build], cwd=copy, check=True)


@pytest.mark.parametrize("spoil", [gone, led_elsewhere, became_a_file, locked, nested])
def test_whatever_became_of_the_copy_goes_and_what_it_was_made_of_stays(beside, place, tmp_path, spoil):
    folder, elsewhere = beside[0], tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.csv").write_text("theirs")
    (folder / "a.csv").write_text("mine")
    with working_copy({"metadata": {"path": str(folder)}}, place) as copy:
        spoil(copy, elsewhere)
    assert not any(place.iterdir())
    assert (folder / "a.csv").read_text() == "mine"
    assert (elsewhere / "b.csv").read_text() == "theirs"


PRINTS = """
seen = []
import numpy as np
def quantize_codes(x, scale):
    seen.append(float(np.sum(x)))
    return np.clip(np.round(x / scale), -128, 127).astype(np.int8)
"""


@pytest.fixture(scope="module")
def twins(tmp_path_factory, template):
    """Two who hand in the same, but for outputs and notes, and one who changes a comment; what each kernel saw."""
    folder = tmp_path_factory.mktemp("twins") / "course"
    shutil.copytree(template, folder)
    course = Course.at(folder)
    for student, change in (("one", None), ("two", with_outputs), ("three", with_a_comment)):
        notebook = read(course, "source")
        cell(notebook, "quantize-codes-answer").source = PRINTS
        notebook.cells.append(nbformat.v4.new_code_cell("print(seen)", id="shows"))
        (change or with_notes)(notebook)
        hand_in(course, student, notebook)
    grade(course, LESSON, ["one", "two", "three"], isolation="none")
    return course


def seen(course, student):
    notebook = nbformat.read(course.autograded(student, LESSON) / f"{LESSON}.ipynb", as_version=4)
    return cell(notebook, "shows").outputs[0]["text"]


def code_kept(course, student):
    [book] = read_record(course, student, LESSON).notebooks
    return book.code


@pytest.mark.grading
def test_equal_code_is_judged_on_equal_probes_and_other_code_on_others(twins):
    assert code_kept(twins, "one") == code_kept(twins, "two") != code_kept(twins, "three")
    assert seen(twins, "one") == seen(twins, "two") != seen(twins, "three")


@pytest.mark.grading
def test_plain_nbgrader_draws_the_same_probes(twins):
    code, before = code_kept(twins, "one"), seen(twins, "one")
    nbgrader(twins, "autograde", LESSON, "--student", "one", "--force")
    assert (code_kept(twins, "one"), seen(twins, "one")) == (code, before)
