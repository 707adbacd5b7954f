import pytest
import yaml

from quizlib.authoring.questions import read_questions
from quizlib.errors import SpecError

RIGHT = {"text": "both", "feedback": "Right."}
WRONG = [{"text": text, "feedback": "No.", "misconception": "m"} for text in ("speed", "size")]
COMMON = {
    "revision": 1,
    "points": 1,
    "objective": "o",
    "difficulty": 1,
    "stem": "Why?",
    "hints": ["h"],
    "rationale": "r",
    "source": "s",
}
ONE = {**COMMON, "id": "one-item", "kind": "one", "key": "C", "options": [*WRONG, RIGHT]}
SEVERAL = {**ONE, "id": "several-item", "kind": "several", "key": "CA", "credit": "each_answer"}
SEVERAL["options"] = [RIGHT, WRONG[0], {**RIGHT, "text": "more"}]
ORDER = {**ONE, "id": "order-item", "kind": "order", "key": "CAB"}
NUMBER = {**COMMON, "id": "number-item", "kind": "number", "key": 4, "tolerance": 0.1, "unit": "bytes"}
PREDICT = {**COMMON, "id": "predict-item", "kind": "predict", "key": "torch.int8\n", "code": "print(x.dtype)"}


@pytest.fixture
def read(tmp_path):
    def read(*entries):
        path = tmp_path / "01_overview.yaml"
        path.write_text(entries[0] if isinstance(entries[0], str) else yaml.safe_dump(list(entries)))
        return read_questions(path)

    return read


def test_questions_of_every_kind_are_read_in_order(read):
    questions = read(ONE, SEVERAL, ORDER, NUMBER, PREDICT)

    assert [question.kind for question in questions.values()] == ["one", "several", "order", "number", "predict"]


def test_sheet_parts_the_question_from_its_key(read):
    sheet = read(SEVERAL)["several-item"].sheet("01-overview")

    assert (sheet.key.answer, sheet.key.credit) == ("AC", "each_answer")
    assert sheet.question.options == ("both", "speed", "more")
    assert [option.feedback for option in sheet.key.options] == ["Right.", "No.", "Right."]
    assert not {"answer", "key", "rationale"} & set(type(sheet.question).model_fields)


def test_answers_get_their_normal_form(read):
    assert read(PREDICT)["predict-item"].sheet("01-overview").key.answer == "torch.int8"
    assert read(NUMBER)["number-item"].sheet("01-overview").key.answer == 4.0
    assert read(ORDER)["order-item"].sheet("01-overview").key.answer == "CAB"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({**ONE, "key": "D"}, "the whole entry: the key 'D' does not fit options ABC of kind one"),
        ({**ONE, "key": "AC"}, "does not fit"),
        ({**ONE, "key": ""}, "does not fit"),
        ({**SEVERAL, "key": "AA"}, "does not fit"),
        ({**ORDER, "key": "AB"}, "does not fit"),
        ({**ORDER, "wrong": [{"value": "AAB", "misconception": "m", "feedback": "f"}]}, "does not order ABC"),
        ({**ONE, "key": "A"}, "option A must have a misconception if, and only if, it is a distractor"),
        ({**ONE, "options": [*WRONG, {**RIGHT, "misconception": "m"}]}, "option C must have"),
        ({**ONE, "options": [WRONG[0], WRONG[0], RIGHT]}, "two options have the same text"),
        ({**ONE, "options": [WRONG[0], RIGHT], "key": "B"}, "3 to 8 options, found 2"),
        ({**ONE, "credit": "each_answer"}, "a question of kind one is all or nothing"),
        ({**NUMBER, "key": "4"}, "the key of a number question is a number"),
        ({**NUMBER, "key": True}, "field key"),
        ({**PREDICT, "key": 4}, "that of a predict question a text in quotes"),
        ({**PREDICT, "key": True}, "field key"),
        ({**NUMBER, "wrong": [{"value": 4.05, "misconception": "m", "feedback": "f"}]}, "within the tolerance"),
        ({**NUMBER, "tolerance": -1}, "field tolerance"),
        ({**ONE, "hints": []}, "field hints"),
        ({**ONE, "colour": "red"}, "field colour"),
        ({**ONE, "options": [*WRONG, {"text": "both"}]}, "field options.2.feedback"),
        ({**ONE, "id": "One Item"}, "question One Item, field id"),
        ({key: value for key, value in ONE.items() if key != "source"}, "question one-item, field source"),
        ("text", "question number 1"),
    ],
)
def test_entry_that_breaks_a_rule_is_an_error_with_file_item_and_field(read, entry, told):
    with pytest.raises(SpecError) as caught:
        read(entry, NUMBER) if isinstance(entry, dict) else read(yaml.safe_dump([entry]))
    assert str(caught.value).startswith("01_overview.yaml: question ")
    assert told in str(caught.value)


def test_two_questions_of_one_id_are_an_error(read):
    with pytest.raises(SpecError, match="two questions are called one-item"):
        read(ONE, ONE)


@pytest.mark.parametrize(("text", "told"), [("a: 1", "should hold a list"), ("[", "cannot be read as YAML")])
def test_file_that_is_no_list_is_an_error(read, text, told):
    with pytest.raises(SpecError, match=told):
        read(text)


def test_yaml_that_would_build_objects_is_refused(read):
    with pytest.raises(SpecError, match="cannot be read as YAML"):
        read("- !!python/object/apply:os.getcwd []")
