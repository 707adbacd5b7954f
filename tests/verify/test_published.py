import pytest

from quizlib.errors import SpecError
from quizlib.verify.cache import Cache, cache_folder
from quizlib.verify.depth import FULL, QUICK
from quizlib.verify.published import require_verified
from quizlib.verify.report import AttemptCounts, LessonReport
from quizlib.verify.tasks import tasks_of

LESSON = "90-sample"


@pytest.fixture
def passed(course):
    """Keep a report on every item, as a run of some depth that found no problem does."""

    def keep(depth=FULL, but=(), **counts):
        for task in tasks_of(course, LESSON, depth):
            if task.item not in but:
                Cache(cache_folder(course)).keep(task.report_key, LessonReport(**counts))

    return keep


def refused(course):
    with pytest.raises(SpecError) as raised:
        require_verified(course, [LESSON])
    return str(raised.value)


def test_lesson_that_was_never_verified_is_refused_with_the_command_to_run(course):
    assert refused(course) == (
        "90-sample: `quizlib verify --full` has not passed since the last change; "
        "run `quizlib verify 90-sample --full`, then publish."
    )


def test_lesson_that_passed_as_it_is_may_be_published(course, passed):
    passed()

    require_verified(course, [LESSON])


def test_quick_run_is_not_enough(course, passed):
    passed(QUICK)

    assert "has not passed" in refused(course)


def test_every_item_must_have_passed(course, passed):
    passed(but=["size-table"])

    assert "has not passed" in refused(course)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("exercises/90-sample/quantize-codes/spec.py", "Round to codes", "Round"),
        ("exercises/90-sample/quantize-codes/attempts.py", "rounded down", "cut"),
        ("lessons/90_sample.py", "np.clip(nearest_codes, -128, 127)", "np.clip(nearest_codes, -127, 127)"),
        ("questions/90_sample.yaml", "key: 4000", "key: 4096"),
    ],
)
def test_any_change_since_asks_for_another_run(course, passed, plant, file, old, new):
    passed()
    plant(file, old, new)

    assert "has not passed" in refused(course)


def test_list_of_accepted_mutants_is_part_of_what_was_verified(course, passed):
    passed()
    text = "- diff: |\n    @@\n    -a\n    +b\n  reason: Equal.\n  kind: equivalent\n"
    (course / "exercises/90-sample/quantize-codes/mutants.yaml").write_text(text, encoding="utf-8")

    assert "has not passed" in refused(course)


def test_lesson_whose_mistakes_are_named_too_rarely_has_not_passed(course, passed):
    passed(attempts=AttemptCounts(second_variants=10, named=8))

    assert "has not passed" in refused(course)
