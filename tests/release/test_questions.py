import pytest

from quizlib.items.question import Question, QuestionKey
from quizlib.release.questions import question_cells, question_text, what_to_enter

OPTIONS = ("first", "second\nline", "third", "fourth", "fifth")


def question(kind: str, **fields: object) -> Question:
    options = OPTIONS if kind in ("one", "several", "order") else ()
    head = {"id": "why-quantize", "lesson": "01-overview", "points": 1, "stem": "Why?", "options": options}
    return Question.model_validate({**head, "kind": kind, **fields})


def key(answer: float | str) -> QuestionKey:
    return QuestionKey(item="why-quantize", revision=1, answer=answer, rationale="r", source="s")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("one", "Enter one letter from A to E, in quotes."),
        ("several", 'Enter the letters of all options that hold, in quotes, without spaces, such as "XY".'),
        ("order", 'Enter all letters in order, in quotes, such as "CABDE".'),
        ("number", "Enter a number."),
        ("predict", "Enter the printed text, in quotes."),
    ],
)
def test_the_answer_cell_says_what_to_enter(kind: str, sentence: str) -> None:
    assert what_to_enter(question(kind)) == sentence
    assert question_cells(question(kind), key("A"), "1.1")[1].source.startswith(f"# {sentence}\n")


def test_a_number_is_asked_for_in_its_unit() -> None:
    assert what_to_enter(question("number", unit="bytes")) == "Enter a number in bytes."


@pytest.mark.parametrize(
    ("answer", "written"), [(4000.0, "4000"), (0.25, "0.25"), ("AC", '"AC"'), ("[1, 2]", "'[1, 2]'")]
)
def test_the_instructor_sees_the_key_as_one_would_type_it(answer: float | str, written: str) -> None:
    cell = question_cells(question("number"), key(answer), "1.1")[1]
    assert f"why_quantize = {written}\n" in cell.source


def test_the_text_has_number_points_stem_code_and_fixed_letters() -> None:
    text = question_text(question("one", code="print(1)\n", points=2), "1.4")
    assert text.startswith("### Question 1.4 (2 points)\n\nWhy?\n\n```python\nprint(1)\n```\n\n- **A.** first\n")
    assert "- **B.** second\n  line\n- **C.** third" in text
