import shutil
from pathlib import Path

import pytest

from quizlib.authoring.course import read_course, read_lesson
from quizlib.authoring.own_facts import read_facts, require_apart
from quizlib.errors import SpecError
from tests.authoring.own_facts import SPREAD, write

SAMPLE = Path(__file__).parents[1] / "release" / "course"
LESSON = "90-sample"


@pytest.fixture
def course(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "solutions"


def test_facts_of_a_course_are_read_from_its_folder(tmp_path):
    facts = read_facts(write(tmp_path))

    assert list(facts) == ["spread"]
    assert facts["spread"].summary == "the largest number of an output less the smallest"
    assert list(read_facts(tmp_path)) == ["spread"]  # and again


def test_course_without_that_folder_has_none(tmp_path):
    assert read_facts(tmp_path) == {}


def test_exercises_of_a_course_that_is_read_know_its_facts(course):
    assert all(spec.facts == {} for spec in read_lesson(course, LESSON).exercises.values())

    [lesson] = read_course(write(course))
    assert [list(spec.facts) for spec in lesson.exercises.values()] == [["spread"], ["spread"]]
    assert list(lesson.exercises["quantize-codes"].public_sheet().facts) == ["spread"]


def test_two_courses_of_one_process_have_facts_of_their_own(tmp_path):
    half = SPREAD.replace("float(np.ptp(output.values))", "0.5")
    one, other = write(tmp_path / "one"), write(tmp_path / "other", source=half)
    facts = [read_facts(root)["spread"].function for root in (one, other)]

    assert facts[0].__globals__ is not facts[1].__globals__
    assert facts[1](None, None) == 0.5


@pytest.mark.parametrize("name", ["own", "other"])
def test_two_courses_with_one_name_are_refused_together(course, tmp_path, name):
    items = write(tmp_path / "items", name)
    taken = "facts/own.py" if name == "own" else "spread"

    with pytest.raises(SpecError, match=f"^{taken} is there twice, in .*solutions and in .*items; give one another"):
        read_course(write(course), items)
    require_apart(course)


def test_two_files_with_the_same_fact_are_refused(tmp_path):
    write(tmp_path, "first")
    with pytest.raises(SpecError, match=r"^facts/second\.py fails on import: .*a fact called spread already"):
        read_facts(write(tmp_path, "second"))


def test_name_of_a_fact_of_the_library_is_refused(tmp_path):
    with pytest.raises(SpecError, match="a fact called sparsity already"):
        read_facts(write(tmp_path, source=SPREAD.replace("def spread", "def sparsity")))


def test_file_that_fails_is_named(tmp_path):
    with pytest.raises(SpecError, match=r"^facts/own\.py fails on import: ModuleNotFoundError: .*nowhere"):
        read_facts(write(tmp_path, source="import nowhere\n"))
