"""The table of lessons in a README: derived, checked, and left alone where none is marked."""

from pathlib import Path

import pytest

from quizlib.authoring.course import read_course
from quizlib.errors import SpecError
from quizlib.release.audit import problems
from quizlib.release.derive import Change, update
from quizlib.release.readme import BEGIN, END, with_table

from .conftest import edit, releases

ROW = "| 90-sample | codes, and the bytes that they take | 2 | 2 | 10 |"
STALE = "README.md is not what the course derives now; run `quizlib release`."
TEXT = "solutions/lessons/90_sample.py"


@pytest.fixture
def readme(derived: Path) -> Path:
    """The README of a derived checkout, with a place for the table and nothing in it."""
    path = derived / "README.md"
    path.write_text(f"# A course\n\n{BEGIN}\n{END}\n\nMore.\n", encoding="utf-8")
    return path


def released(derived: Path) -> list[Change]:
    return update(releases(derived), derived, all_lessons=True)


def test_a_release_writes_the_table_and_leaves_the_rest(derived: Path, readme: Path) -> None:
    assert released(derived) == [Change(Path("README.md"), "stale")]
    head = "| lesson | about | questions | exercises | points |\n|---|---|---:|---:|---:|"
    assert readme.read_text(encoding="utf-8") == f"# A course\n\n{BEGIN}\n\n{head}\n{ROW}\n\n{END}\n\nMore.\n"
    assert released(derived) == []


def test_the_check_finds_a_stale_table(derived: Path, readme: Path) -> None:
    assert problems(releases(derived), derived) == [STALE]
    released(derived)
    assert problems(releases(derived), derived) == []
    edit(readme, "| 10 |", "| 12 |")
    assert problems(releases(derived), derived) == [STALE]


def test_what_a_lesson_is_about_stands_in_its_head(derived: Path, readme: Path) -> None:
    released(derived)
    edit(derived / TEXT, "# about: codes, and", "# about: codes and")
    assert released(derived) == [Change(Path("README.md"), "stale")]


def test_with_one_lesson_the_table_is_left_alone(derived: Path, readme: Path) -> None:
    assert update(releases(derived), derived, all_lessons=False) == []
    assert problems(releases(derived), derived, all_lessons=False) == []


def test_a_readme_that_marks_no_table_is_left_alone(derived: Path) -> None:
    (derived / "README.md").write_text("# Mine\n", encoding="utf-8")
    assert released(derived) == []


@pytest.mark.parametrize("marks", [BEGIN, END, f"{END}\n{BEGIN}", f"{BEGIN}\n{END}\n{BEGIN}\n{END}"])
def test_comments_that_mark_no_one_place_are_an_error(derived: Path, marks: str) -> None:
    (derived / "README.md").write_text(marks, encoding="utf-8")
    with pytest.raises(SpecError, match=r"README\.md should mark the table of lessons once"):
        released(derived)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# ---\n# about: codes, and the bytes that they take\n# ---\n\n", ""),
        ("about: codes, and the bytes that they take", "abuot: codes"),
        ("about: codes, and the bytes that they take", "about:"),
    ],
)
def test_a_lesson_that_does_not_say_what_it_is_about_is_an_error(
    derived: Path, readme: Path, before: str, after: str
) -> None:
    edit(derived / TEXT, before, after)
    with pytest.raises(SpecError, match=r"90_sample\.py should begin with what it is about"):
        released(derived)


def test_the_table_of_the_course_itself_is_marked_and_fresh() -> None:
    root = Path(__file__).parents[2]
    text = (root / "README.md").read_text(encoding="utf-8")
    assert with_table(text, read_course(root / "solutions")) == text
