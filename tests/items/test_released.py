import json
from dataclasses import replace

import numpy as np
import pytest

from quizlib.authoring import Case, Criterion, ExerciseSpec, Matches, Symptom
from quizlib.errors import EvidenceError, SpecError
from quizlib.evidence.values import CaseEvidence, Failure
from quizlib.items.question import OptionKey, Question, QuestionKey
from quizlib.items.released import QuestionSheet, decode_key, encode_key, read_sheet, write_sheet
from tests.evidence.plain import same

QUESTION = Question(
    id="why-quantize", lesson="01-overview", points=1, stem="Why?", kind="one", options=("speed", "size", "both")
)
KEY = QuestionKey(
    item="why-quantize",
    revision=1,
    answer="C",
    options=tuple(OptionKey(feedback=f"canary-{letter}") for letter in "ABC"),
    rationale="canary-rationale",
    source="canary-source",
)


def exercise_sheet():
    spec = ExerciseSpec(
        id="double-it",
        lesson="01-overview",
        title="Double",
        response="function",
        name="double",
        criteria=(Criterion(id="typical", text="Doubles", points=2, requirement=Matches()),),
        misconceptions=(Symptom(id="halves", text="t", remedy="r"),),
        reference=lambda x: 2 * x,
        public=(Case("typical", np.arange(3.0)), Case("typical", 4)),
        private=lambda generator: [Case("typical", generator.normal(size=3))],
        recognised={
            "halves": (
                {"public-0": CaseEvidence("public-0", [1])},
                {"public-1": CaseEvidence("public-1", None, Failure("E", ("E",), "m"), True)},
            )
        },
    )
    return spec.public_sheet()


def test_exercise_comes_back_as_it_went(tmp_path):
    sheet = exercise_sheet()
    write_sheet(tmp_path, sheet, "class")
    read = read_sheet(tmp_path, "double-it")

    assert read.exercise == sheet.exercise
    assert same(read.probe, sheet.probe)
    assert same(read.answers, sheet.answers)
    assert same(read.recognised, sheet.recognised)
    assert read.public == sheet.public == {"public-0", "public-1"}


def test_question_comes_back_with_its_key_in_self_study(tmp_path):
    write_sheet(tmp_path, QuestionSheet(QUESTION, KEY), "self-study")
    read = read_sheet(tmp_path, "why-quantize")

    assert (read.question, read.key) == (QUESTION, KEY)


@pytest.mark.parametrize("flavour", ["self-study", "class"])
@pytest.mark.parametrize("sheet", [QuestionSheet(QUESTION, KEY), exercise_sheet()], ids=["question", "exercise"])
def test_number_in_the_notebook_is_that_of_the_listing_beside_the_sheet(tmp_path, flavour, sheet):
    write_sheet(tmp_path, replace(sheet, number="2.9"), flavour)
    (path,) = tmp_path.glob("*.json")
    assert "2.9" not in path.read_text()
    assert "2.9" not in read_sheet(tmp_path, path.stem).title

    (tmp_path / "lesson.json").write_text(json.dumps({"items": [{"id": path.stem, "number": "2.9"}]}))
    assert read_sheet(tmp_path, path.stem).title in ("Question 2.9", "Exercise 2.9 · Double")


def test_number_that_an_earlier_release_wrote_into_the_sheet_still_counts(tmp_path):
    write_sheet(tmp_path, QuestionSheet(QUESTION, KEY), "self-study")
    path = tmp_path / "why-quantize.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "number": "2.9"}))
    (tmp_path / "lesson.json").write_text(json.dumps({"items": [{"id": "why-quantize", "points": 1}]}))

    assert read_sheet(tmp_path, "why-quantize").title == "Question 2.9"


@pytest.mark.parametrize("sheet", [QuestionSheet(QUESTION, KEY), exercise_sheet()], ids=["question", "exercise"])
def test_a_sheet_has_a_line_for_each_value_so_that_a_diff_shows_which_has_changed(tmp_path, sheet):
    write_sheet(tmp_path, sheet, "self-study")
    (path,) = tmp_path.glob("*.json")
    lines = path.read_text().split("\n")

    assert max(len(line) for line in lines if '"key"' not in line) < 90
    assert lines[-1] == ""


def test_class_flavour_holds_no_byte_of_a_key(tmp_path):
    write_sheet(tmp_path, QuestionSheet(QUESTION, KEY), "class")

    assert read_sheet(tmp_path, "why-quantize").key is None
    (written,) = tmp_path.iterdir()
    assert encode_key(KEY)[:20] not in written.read_text()
    assert json.loads(written.read_text())["key"] is None


def test_key_in_self_study_is_not_read_at_a_glance(tmp_path):
    write_sheet(tmp_path, QuestionSheet(QUESTION, KEY), "self-study")

    assert "canary" not in (tmp_path / "why-quantize.json").read_text()
    assert decode_key(encode_key(KEY)) == KEY


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "not base 85 \x00"),
        ("key", "0000000000"),
        ("key", 3),
        ("key", encode_key(KEY.model_copy(update={"item": "another"}))),
        ("key", encode_key(KEY.model_copy(update={"revision": 2}))),
        ("question", {}),
        ("question", {"id": "../x"}),
    ],
)
def test_question_that_was_damaged_is_an_error_with_a_remedy(tmp_path, field, value):
    write_sheet(tmp_path, QuestionSheet(QUESTION, KEY), "self-study")
    path = tmp_path / "why-quantize.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))

    with pytest.raises(SpecError, match="release the course again"):
        read_sheet(tmp_path, "why-quantize")


@pytest.mark.parametrize("field", ["exercise", "probe", "answers", "public", "recognised"])
def test_exercise_that_lacks_a_part_is_an_error_with_a_remedy(tmp_path, field):
    write_sheet(tmp_path, exercise_sheet(), "class")
    path = tmp_path / "double-it.json"
    document = json.loads(path.read_text())
    del document[field]
    path.write_text(json.dumps(document))

    with pytest.raises(SpecError, match="release the course again"):
        read_sheet(tmp_path, "double-it")


def test_missing_item_is_an_evidence_error(tmp_path):
    with pytest.raises(EvidenceError, match=r"gone\.json cannot be read"):
        read_sheet(tmp_path, "gone")
