"""The sample classes of the course itself; `make demo` grades them."""

from pathlib import Path

import nbformat
import pytest

from quizlib.authoring.course import read_lesson
from quizlib.coursedir.course import Course
from quizlib.grading.batch.sample import class_of, points_of, read_class, require_known, sample_notebook
from quizlib.grading.cells import check_cells
from quizlib.judging.beside import all_lost

CHECKOUT = Path(__file__).parents[2]
SOLUTIONS = CHECKOUT / "solutions"
LESSONS = sorted(folder.name.replace("_", "-") for folder in (SOLUTIONS / "class").iterdir())


@pytest.fixture(params=LESSONS)
def lesson(request):
    return read_lesson(SOLUTIONS, request.param)


@pytest.fixture
def course(tmp_path):
    """What `quizlib course` would make of the notebooks: cells have the same ids in every flavour."""
    (tmp_path / "release").symlink_to(CHECKOUT / "notebooks")
    (tmp_path / "source").symlink_to(SOLUTIONS / "notebooks")
    return Course(tmp_path)


def test_every_sample_fits_its_lesson(course, lesson):
    students = class_of(SOLUTIONS / "class" / lesson.stem, lesson)
    released = nbformat.read(course.root / "release" / lesson.id / f"{lesson.id}.ipynb", as_version=4)
    require_known(released, students)
    for sample in students.values():
        if sample.content is None:
            nbformat.validate(sample_notebook(course, lesson, sample))


def test_expected_scores_are_within_the_points(course, lesson):
    points = points_of(course, lesson.id)
    for sample in class_of(SOLUTIONS / "class" / lesson.stem, lesson).values():
        assert all(0 <= score <= points[item] for item, score in sample.scores(points).items())


def test_a_class_has_the_honest_and_the_hostile(lesson):
    students = class_of(SOLUTIONS / "class" / lesson.stem, lesson)
    # and one that is hostile, at least
    assert {"perfect", "another-style", "half-right", "blank", "misconceptions"} < set(students)


def test_the_class_of_the_first_lesson_has_every_ending_of_a_submission():
    students = set(read_class(SOLUTIONS / "class" / "01_overview"))
    assert {"blank", "warns", "dies", "loops", "blanks-checks", "always-equal"} <= students
    assert {"renamed", "not-a-notebook", "overwrites-check"} <= students


def test_an_attempt_is_expected_to_get_what_its_lost_criteria_leave(course, lesson):
    """What a wrong attempt loses is proved by `quizlib verify`; a sample may not claim anything else."""
    points = points_of(course, lesson.id)
    for student, sample in class_of(SOLUTIONS / "class" / lesson.stem, lesson).items():
        scores = sample.scores(points)
        for item, label in sample.attempts.items():
            [attempt] = [one for one in lesson.attempts[item] if one.label == label]
            lost = all_lost(lesson.exercises[item].criteria, attempt.loses, lesson.exercises[item].facts)
            left = sum(one.points for one in lesson.exercises[item].criteria if one.id not in lost)
            assert scores[item] == left, f"{student}: {item}, {label}"


def test_the_mistakes_of_a_class_are_of_every_exercise(lesson):
    attempts = class_of(SOLUTIONS / "class" / lesson.stem, lesson)["misconceptions"].attempts
    assert {item for item, label in attempts.items() if label.startswith("wrong ")} == set(lesson.exercises)


def test_all_items_of_a_lesson_are_solved_by_somebody_and_missed_by_somebody(course, lesson):
    points = points_of(course, lesson.id)
    expected = [sample.scores(points) for sample in class_of(SOLUTIONS / "class" / lesson.stem, lesson).values()]
    for item, most in points.items():
        assert {score[item] for score in expected} >= {0, most}
    assert set(check_cells(nbformat.read(course.released_notebooks(lesson.id)[0], as_version=4)).values()) == set(
        points
    )
