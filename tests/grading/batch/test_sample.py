import pytest

from quizlib.authoring.course import read_lesson
from quizlib.errors import SpecError
from quizlib.grading.batch.sample import (
    ExtraCell,
    SampleSubmission,
    completed,
    hand_in,
    points_of,
    read_class,
    sample_notebook,
)
from tests.grading.conftest import HERE, LESSON, cell


def make(**fields):
    return SampleSubmission.model_validate({"about": "x", "others": "none", **fields})


@pytest.fixture
def lesson(solutions):
    return read_lesson(solutions, LESSON)


def test_a_sample_that_changes_nothing_is_the_release(course, lesson, released):
    assert sample_notebook(course, lesson, make()).cells == released.cells


def test_solved_items_hold_the_courses_own_solutions(course, lesson, solved):
    notebook = sample_notebook(course, lesson, make(solved="all"))
    assert [c.source for c in notebook.cells] == [c.source for c in solved.cells]


def test_one_solved_item_leaves_the_others_as_they_came(course, lesson, released):
    notebook = sample_notebook(course, lesson, make(solved=["size-table"]))
    differing = [a.id for a, b in zip(notebook.cells, released.cells, strict=True) if a.source != b.source]
    assert differing == ["size-table-answer"]


def test_an_attempt_of_the_corpus_is_taken_by_its_label(course, lesson):
    notebook = sample_notebook(course, lesson, make(attempts={"size-table": "right item size times count"}))
    assert "weights.size * 4" in cell(notebook, "size-table-answer").source


def test_extra_cells_go_where_they_say_and_dropped_ones_go(course, lesson):
    extra = [ExtraCell(before="size-table", code="a"), ExtraCell(after="begin", code="b")]
    notebook = sample_notebook(course, lesson, make(cells=extra, drop=["quantize-codes"]))
    ids, sources = [c.id for c in notebook.cells], [c.source for c in notebook.cells]
    assert sources[ids.index("size-table") - 1] == "a"
    assert sources[ids.index("begin") + 1] == "b"
    assert "quantize-codes" not in ids


def test_a_notebook_may_end_early(course, lesson):
    notebook = sample_notebook(course, lesson, make(until="float-bytes"))
    assert notebook.cells[-1].id == "float-bytes"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"attempts": {"size-table": "right none"}}, "has no attempt 'right none'; there are: wrong bits-for-bytes/1"),
        ({"cells": [ExtraCell(before="nowhere", code="")]}, "has no cell 'nowhere'"),
        ({"until": "nowhere"}, "has no cell 'nowhere'"),
    ],
)
def test_a_sample_that_names_what_is_not_there_is_an_error(course, lesson, fields, sentence):
    with pytest.raises(SpecError, match=sentence):
        sample_notebook(course, lesson, make(**fields))


def test_a_sample_with_all_mistakes_makes_the_first_of_variant_2_in_each_exercise(lesson):
    assert completed(make(mistakes="all"), lesson).attempts == {
        "quantize-codes": "wrong floor-for-round/2",
        "size-table": "wrong bits-for-bytes/2",
    }


def test_a_mistake_is_of_variant_1_where_there_is_no_other(lesson):
    lesson.attempts["size-table"] = [one for one in lesson.attempts["size-table"] if one.variant == 1]
    assert completed(make(mistakes="all"), lesson).attempts["size-table"] == "wrong bits-for-bytes/1"


def test_a_mistake_is_one_whose_label_is_there_once(lesson):
    lesson.attempts["size-table"] += [one for one in lesson.attempts["size-table"] if one.label.endswith("-bytes/2")]
    assert completed(make(mistakes="all"), lesson).attempts["size-table"] == "wrong codes-as-floats/2"


@pytest.mark.parametrize(
    "fields",
    [
        {"solved": ["size-table"]},
        {"answers": {"size-table": "sizes = {}"}},
        {"attempts": {"size-table": "right item size times count"}},
        {"solved": "all"},
        {"mistakes": None},
    ],
)
def test_no_mistake_is_made_where_a_sample_says_something_else(lesson, fields):
    sample = completed(make(**{"mistakes": "all", **fields}), lesson)
    assert sample.attempts.get("size-table", "right item size times count").startswith("right ")


def test_an_attempt_is_expected_to_get_the_criteria_that_its_label_does_not_lose(lesson):
    attempts = {"quantize-codes": "wrong not-clamped/2", "size-table": "right item size times count"}
    assert completed(make(attempts=attempts), lesson).expected == {"quantize-codes": 3, "size-table": 2}


def test_what_a_sample_expects_itself_is_kept(lesson):
    sample = make(
        attempts={"quantize-codes": "wrong not-clamped/2"}, expected={"quantize-codes": 1.5, "float-bytes": 2}
    )
    assert completed(sample, lesson).expected == {"quantize-codes": 1.5, "float-bytes": 2}


def test_nothing_follows_from_an_attempt_that_an_answer_replaces(lesson):
    labels = {"size-table": "right item size times count"}
    assert completed(make(attempts=labels, answers={"size-table": "sizes = {}"}), lesson).expected == {}


def test_a_completed_sample_hands_in_its_mistakes(course, lesson):
    notebook = sample_notebook(course, lesson, completed(make(mistakes="all"), lesson))
    assert "np.dtype(dtype).itemsize * 8" in cell(notebook, "size-table-answer").source


def test_a_label_that_two_attempts_share_is_an_error(course, lesson):
    lesson.attempts["size-table"] *= 2
    with pytest.raises(SpecError, match="size-table has 2 attempts 'wrong bits-for-bytes/1'; name one that is there"):
        sample_notebook(course, lesson, make(attempts={"size-table": "wrong bits-for-bytes/1"}))


@pytest.mark.parametrize("field", ["solved", "answers", "expected"])
def test_an_unknown_item_is_an_error(course, lesson, field):
    value = ["why"] if field == "solved" else {"why": 1 if field == "expected" else "x"}
    with pytest.raises(SpecError, match="the sample ada names why, which is no item"):
        hand_in(course, lesson, {"ada": make(**{field: value})})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("about: x", "a.yaml: field others: Field required"),
        ("about: x\nothers: none\nextra: 1", "a.yaml: field extra"),
        ("about: x\nothers: none\ncells: [{code: x}]", "a.yaml: field cells.0"),
        (": : :", "a.yaml cannot be read as YAML"),
    ],
)
def test_a_malformed_file_is_told_with_file_and_field(tmp_path, text, sentence):
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(SpecError, match=sentence):
        read_class(tmp_path)


def test_points_are_read_from_the_release(course):
    assert points_of(course, LESSON) == {
        "smallest-dtype": 1,
        "float-bytes": 2,
        "quantize-codes": 5,
        "size-table": 2,
    }


def test_the_class_of_the_tests_covers_every_ending():
    endings = {sample.status for sample in read_class(HERE / "class").values()}
    assert endings == {"graded", "died", "timeout", "invalid"}
