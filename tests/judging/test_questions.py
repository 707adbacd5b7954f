import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizlib.display.text import verdict_text
from quizlib.evidence.collect import collect
from quizlib.items.question import OptionKey, Question, QuestionKey, WrongValue
from quizlib.items.released import QuestionSheet
from quizlib.judging.judge import judge, probe_of
from quizlib.judging.questions import credit
from tests.evidence.plain import plain_values

KEY = {"item": "any-item", "revision": 1, "rationale": "Because.", "source": "s"}
HAS_OPTIONS = ("one", "several", "order")


def question(kind, **changes):
    options = ("first", "second", "third", "fourth") if kind in HAS_OPTIONS else ()
    return Question(
        **{
            "id": "any-item",
            "lesson": "01-overview",
            "points": 4,
            "stem": "?",
            "kind": kind,
            "options": options,
            **changes,
        }
    )


def options_for(answer):
    return tuple(
        OptionKey(feedback=f"Feedback {letter}.", misconception=None if letter in answer else f"Mistake {letter}.")
        for letter in "ABCD"
    )


def sheet(kind, answer, **changes):
    options = options_for(str(answer)) if kind in ("one", "several") else ()
    return QuestionSheet(question(kind), QuestionKey(**{**KEY, "answer": answer, "options": options, **changes}))


def verdict_of(found, response):
    return judge(found, collect(probe_of(found), response))


@pytest.mark.parametrize(
    ("kind", "answer", "response"),
    [
        ("one", "B", "B"),
        ("one", "B", " b "),
        ("one", "B", " b\n"),
        ("one", "B", ["B"]),
        ("several", "AC", "AC"),
        ("several", "AC", "c, a"),
        ("several", "AC", "a\tc\u00a0"),
        ("several", "AC", ["C", "A\n"]),
        ("several", "AC", ("a", "c")),
        ("several", "AC", {"A", "C"}),
        ("order", "CABD", "CABD"),
        ("order", "CABD", "c > a > b > d"),
        ("order", "CABD", "C\nA\nB\r\nD\n"),
        ("order", "CABD", ["C", "A", "B", "D"]),
        ("number", 4.0, 4),
        ("number", 4.0, "4.0"),
        ("number", 4.0, np.float32(4)),
        ("number", 4.0, np.array([4])),
        ("number", 1200.0, "1_200"),
        ("number", 24952.0, "24,952"),
        ("number", 24952.0, "24 952"),
        ("number", 24952.0, "24\u202f952"),
        ("number", -11.0, "\u221211"),
        ("predict", "16000", "16,000"),
        ("predict", "16000", "16 000"),
        ("predict", "16000", 16000),
        ("predict", "[1, 1, 0]", "[1,1,0]"),
        ("predict", "['a', 'b']", '["a","b"]'),
        ("predict", "torch.qint8", "'torch.qint8'"),
        ("predict", "torch.Size([2, 3])", "torch.Size([2,3])"),
        ("predict", "torch.Size([2, 3])", " torch.Size([2,  3])\n"),
        ("predict", "True", True),
        ("predict", "4", 4),
    ],
)
def test_right_answer_in_any_spelling_earns_everything(kind, answer, response):
    verdict = verdict_of(sheet(kind, answer), response)

    assert (verdict.status, verdict.score) == ("correct", 4)
    assert verdict.summary.startswith("Your answer: ")
    assert verdict.explanation == "Because."


def test_card_of_a_question_says_once_whether_the_answer_is_right():
    verdict = verdict_of(sheet("one", "B"), "c")

    assert (verdict.status, verdict.summary, verdict.criteria) == ("wrong", "Your answer: C.", ())
    assert verdict_text(verdict).lower().count("right") == 1


def test_long_answer_is_repeated_in_part():
    assert len(verdict_of(sheet("predict", "int8"), "x" * 5000).summary) < 300


@pytest.mark.parametrize(
    ("kind", "answer", "response"),
    [
        ("one", "B", "A"),
        ("several", "AC", "A"),
        ("order", "CABD", "DBAC"),
        ("number", 4.0, 5),
        ("predict", "4", "5"),
        *(("predict", "16000", text) for text in ("16000.0", "1,6000", "160 00", "1600")),
        ("predict", "[1, 1, 0]", f"[0x{'f' * 5_000}]"),  # Python writes no decimal digits of it
        *(("predict", "[1, 1, 0]", text) for text in ("[1.0, 1.0, 0.0]", "[1, 10]", "1, 1, 0", "(1, 1, 0)")),
    ],
)
def test_wrong_answer_earns_nothing_where_credit_is_all_or_nothing(kind, answer, response):
    verdict = verdict_of(sheet(kind, answer), response)

    assert (verdict.status, verdict.score, verdict.explanation != "Because.") == ("wrong", 0, True)


@pytest.mark.parametrize(
    ("kind", "response", "told"),
    [
        ("one", "E", "any_item should hold one letter from A, B, C, D; found 'E'."),
        ("one", "AB", "any_item should hold one letter from A, B, C, D; found 'AB'."),
        ("one", 2, "any_item should hold one letter from A, B, C, D; found 2."),
        ("one", True, "any_item should hold one letter from A, B, C, D; found True."),
        ("several", "A and C", "any_item should hold letters from A, B, C, D; found 'A and C'."),
        ("several", "AA", "any_item should hold letters from A, B, C, D; found 'AA'."),
        ("several", [], "any_item should hold letters from A, B, C, D; found []."),
        ("several", ["A", 3], "any_item should hold letters from A, B, C, D; found ['A', 3]."),
        ("several", {"A": True}, "any_item should hold letters from A, B, C, D; found {'A': True}."),
        ("order", "CAB", "any_item should order all of A, B, C, D; found 'CAB'."),
        ("number", "four", "any_item should be a number of bytes; found 'four'."),
        ("number", "4 MB", "any_item should be a number of bytes; found '4 MB'."),
        ("number", "inf", "any_item should be a number of bytes; found 'inf'."),
        ("number", "nan", "any_item should be a number of bytes; found 'nan'."),
        ("number", True, "any_item should be a number of bytes; found True."),
        ("number", "0,5", "any_item should be a number of bytes; found '0,5'."),
        (
            "number",
            (16, 0),
            "any_item should be a number of bytes; found (16, 0)."
            " Write a number without commas: to Python, 1,000 is two numbers.",
        ),
        ("number", [4], "any_item should be a number of bytes; found [4]."),
        ("number", np.zeros(2), "any_item should be a number of bytes; found np.array([0.0, 0.0])."),
        ("predict", [1], "any_item should be the printed text, in quotes; found [1]."),
        ("number", float("nan"), "any_item holds a float that is nan, which is not a finite number."),
        ("one", object(), "any_item should be an answer, but it is of type object."),
    ],
)
def test_answer_that_is_none_is_invalid_in_words(kind, response, told):
    found = QuestionSheet(question(kind, unit="bytes" if kind == "number" else None))

    for flavour in (found, sheet(kind, {"number": 4.0}.get(kind, "A"))):
        verdict = verdict_of(flavour, response)
        assert (verdict.status, verdict.score) == ("invalid", 0)
    assert verdict_of(found, response).summary == told


@pytest.mark.parametrize("response", [..., "?", None])
def test_untouched_question_is_unanswered(response):
    verdict = verdict_of(sheet("one", "B"), response)

    assert (verdict.status, verdict.score, verdict.summary) == ("unanswered", 0, "any_item is not answered yet.")


def test_valid_answer_is_recorded_where_there_is_no_key():
    verdict = verdict_of(QuestionSheet(question("several")), "c, a")

    assert (verdict.status, verdict.summary) == ("recorded", "recorded, a valid answer: AC")
    assert (verdict.score, verdict.criteria, verdict.explanation) == (0, (), "")


def test_number_is_judged_by_its_tolerance():
    found = sheet("number", 4.0, tolerance=0.5)

    assert [verdict_of(found, value).score for value in (3.5, 4.5, 3.49, 4.51)] == [4, 4, 0, 0]


def share(kind, answer, given):
    key = QuestionKey(**{**KEY, "answer": answer, "credit": "each_answer"})
    return credit(question(kind), key, given)


@pytest.mark.parametrize(
    ("answer", "given", "expected"),
    [
        ("AC", "AC", 1),
        ("AC", "A", 1 / 2),
        ("AC", "ABC", 1 / 2),
        ("AC", "AB", 0),
        ("AC", "ABCD", 0),
        ("AC", "BD", 0),
        ("ABC", "AB", 2 / 3),
        ("ABC", "ABCD", 0),
        ("A", "AB", 2 / 3),
        ("ABCD", "ABC", 3 / 4),
    ],
)
def test_several_earn_right_ones_less_wrong_ones(answer, given, expected):
    assert share("several", answer, given) == pytest.approx(expected)


def test_only_the_key_earns_everything_and_choosing_all_earns_nothing():
    letters = ["".join(chosen) for size in range(1, 5) for chosen in itertools.combinations("ABCD", size)]
    for answer in letters:
        assert [given for given in letters if share("several", answer, given) == 1] == [answer]
        assert share("several", answer, "ABCD") == (answer == "ABCD")


@pytest.mark.parametrize(("given", "expected"), [("CABD", 1), ("DCAB", 2 / 3), ("ABCD", 1 / 3), ("DBAC", 0)])
def test_order_earns_the_neighbours_that_stay_together(given, expected):
    assert share("order", "CABD", given) == pytest.approx(expected)


def test_partial_credit_is_told_as_such():
    verdict = verdict_of(sheet("several", "AC", credit="each_answer"), "A")

    assert (verdict.status, verdict.score, verdict.summary) == ("partial", 2, "Your answer: A.")


def test_wrong_option_names_its_misconception():
    verdict = verdict_of(sheet("several", "AC"), "AD")

    assert verdict.misconception.id == "any-item-d"
    assert verdict.misconception.text == "Option D: Mistake D."
    assert verdict.misconception.remedy == "Feedback D."


@pytest.mark.parametrize(
    ("response", "told"),
    [("A", "What you chose holds, and 1 more option would too."), (None, "")],
)
def test_missing_options_are_counted_and_not_named(response, told):
    if response:
        assert verdict_of(sheet("several", "AC"), response).explanation == told
    assert verdict_of(sheet("several", "ACD"), "A").explanation.startswith("What you chose holds, and 2 more options")


@pytest.mark.parametrize(
    ("kind", "answer", "values", "response"),
    [
        ("number", 4.0, (5.0, 8.0), 8),
        ("predict", "int8", ("int32", "torch.int8"), "torch.int8"),
        ("order", "CABD", ("ABCD", "DBAC"), "DBAC"),
    ],
)
def test_known_wrong_value_names_its_misconception(kind, answer, values, response):
    wrong = tuple(WrongValue(value=value, misconception=f"Mistake {value}.", feedback="f") for value in values)
    found = sheet(kind, answer, wrong=wrong)

    assert verdict_of(found, response).misconception.id == "any-item-value-2"
    assert verdict_of(found, response).misconception.text == f"Mistake {values[1]}."


def test_longest_id_has_room_for_its_misconceptions():
    name = "a" * 60
    wrong = (WrongValue(value=5, misconception="m", feedback="f"),)
    key = QuestionKey(**{**KEY, "item": name, "answer": 4.0, "wrong": wrong})

    assert verdict_of(QuestionSheet(question("number", id=name), key), 5).misconception.id == f"{name}-value-1"


@given(plain_values, st.sampled_from([*HAS_OPTIONS, "number", "predict"]))
@settings(deadline=None, max_examples=150)
def test_any_answer_gets_a_verdict(response, kind):
    from quizlib.evidence.values import Evidence

    found = sheet(kind, {"number": 4.0, "order": "CABD"}.get(kind, "A"))
    verdict = judge(found, Evidence("any-item", 1, response))

    assert 0 <= verdict.score <= 4
    assert verdict.summary


@pytest.mark.parametrize(
    ("answer", "response"),
    [("[100, 127, -126]", "100,127,-126"), ("[1.0, 0.0]", "tensor([1., 0.])"), ("[True, False]", "True False")],
)
def test_right_values_in_another_form_are_told_as_such(answer, response):
    verdict = verdict_of(sheet("predict", answer), response)

    assert verdict.score == 0
    assert verdict.summary.endswith(". Right values, in another form: write the output as Python prints it.")


@pytest.mark.parametrize("response", ["[100, 126]", "127, 100", "torch.int8", "nothing"])
def test_other_values_are_not_called_right_ones(response):
    assert verdict_of(sheet("predict", "[100, 127]"), response).summary == f"Your answer: {response}."


def test_known_wrong_value_goes_before_a_matter_of_form():
    wrong = (WrongValue(value=64, misconception="m", feedback="f"),)
    verdict = verdict_of(sheet("number", 0.64, tolerance=0.01, wrong=wrong), 64)

    assert verdict.misconception.text == "m"
    assert verdict.summary == "Your answer: 64."


def test_near_miss_is_told_in_the_summary_and_earns_nothing():
    verdict = verdict_of(sheet("number", 0.64, tolerance=0.01), 64)

    assert verdict.score == 0
    assert verdict.summary == "Your answer: 64. 64 looks like a percentage; give a fraction, between 0 and 1."


def test_question_is_headed_by_its_number_whatever_becomes_of_it():
    numbered = replace(sheet("one", "B"), number="2.1")

    titles = {verdict_of(numbered, response).title for response in ("B", "A", "?", "E")}
    assert titles | {verdict_of(replace(numbered, key=None), "A").title} == {"Question 2.1"}
    assert verdict_of(sheet("one", "B"), "B").title == ""
