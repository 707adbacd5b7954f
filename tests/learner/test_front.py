import numpy as np
import pytest

from quizlib.authoring import Case, Criterion, ExerciseSpec, Matches
from quizlib.errors import (
    ArgumentError,
    CheckBrokenError,
    CheckFailedError,
    CheckStoppedError,
    NotBegunError,
    QuizError,
    UnknownItemError,
)
from quizlib.items.released import write_sheet
from quizlib.learner.front import begin, check, hint

ERRORS = [UnknownItemError, NotBegunError, CheckStoppedError, CheckBrokenError, CheckFailedError, ArgumentError]


def right_codes(x, scale):
    return np.clip(np.round(x / scale), -128, 127).astype(np.int8)


def floor_codes(x, scale):
    return np.clip(np.floor(x / scale), -128, 127).astype(np.int8)


def test_right_answer_earns_its_points_and_says_why(study):
    verdict = check("smallest-dtype", "C")

    assert (verdict.status, verdict.score) == ("correct", 1)
    assert "8 bits" in repr(verdict)


def test_wrong_option_is_answered_by_its_content(study):
    verdict = check("smallest-dtype", "B")

    assert verdict.misconception.remedy == "One float16 takes 2 bytes, and there is a dtype below that."


@pytest.mark.parametrize("stub", ["?", "", " ? ", None, ...])
def test_stub_of_a_question_is_not_answered_yet(study, stub):
    verdict = check("smallest-dtype", stub)

    assert verdict.status == "unanswered"
    assert "smallest_dtype is not answered yet" in repr(verdict)


@pytest.mark.parametrize("stub", [..., None, lambda x, scale: ..., lambda x, scale: None])
def test_stub_of_a_function_is_not_written_yet(study, stub):
    verdict = check("quantize-codes", stub)

    assert (verdict.status, verdict.score) == ("unanswered", 0)
    told = "quantize_codes returns None whatever it is given" if callable(stub) else "quantize_codes is not written yet"
    assert told in repr(verdict)


def test_right_function_earns_full_points(study):
    assert check("quantize-codes", right_codes).score == 5


def test_known_wrong_function_is_told_its_misconception(study):
    verdict = check("quantize-codes", floor_codes)

    assert verdict.misconception.id == "floor-for-round"
    assert "Use `np.round`" in repr(verdict)


def test_unknown_wrong_function_is_shown_the_smallest_failing_example(study):
    verdict = check("quantize-codes", lambda x, scale: x)

    assert verdict.case.call.startswith("quantize_codes(")
    assert verdict.case.expected != verdict.case.got


@pytest.mark.parametrize(
    ("item", "response", "parts"),
    [
        ("quantize-codes", 3, ["quantize_codes", "a function", "int"]),
        ("size-table", lambda: 0, ["sizes", "plain values", "function"]),
        ("size-table", {"int8": float("nan")}, ["sizes", "nan"]),
        ("smallest-dtype", "E", ["smallest_dtype", "A, B, C", "'E'"]),
        ("smallest-dtype", 3, ["smallest_dtype", "A, B, C", "3"]),
        ("smallest-dtype", check, ["smallest_dtype", "an answer", "function"]),
        ("float-bytes", "four", ["float_bytes", "a number of bytes", "'four'"]),
    ],
)
def test_wrong_type_is_told_with_variable_expected_and_found(study, item, response, parts):
    verdict = check(item, response)

    assert verdict.status == "invalid"
    assert [part for part in parts if part not in verdict.summary] == []


def test_function_that_raises_is_told_its_own_error(study):
    def quantize_codes(x, scale):
        raise ZeroDivisionError("division by zero")

    verdict = check("quantize-codes", quantize_codes)

    assert verdict.criteria[0].message == "raised ZeroDivisionError: division by zero"
    assert verdict.case.got == "ZeroDivisionError: division by zero"


def test_model_that_raises_when_called_is_told_its_own_error(monkeypatch, tmp_path):
    import torch

    spec = ExerciseSpec(
        id="small-model",
        lesson="90-sample",
        title="A small model",
        response="torch_model",
        name="model",
        criteria=(Criterion(id="output", text="Gives the sum", points=1, requirement=Matches()),),
        reference=lambda x: x.sum(1, keepdim=True),
        public=(Case("output", torch.ones(2, 3)),),
    )
    (tmp_path / "items").mkdir()
    write_sheet(tmp_path / "items", spec.public_sheet(), "self-study")
    monkeypatch.chdir(tmp_path)
    begin("90-sample")

    verdict = check("small-model", torch.nn.Linear(4, 1))

    assert verdict.status == "error"
    assert "raised RuntimeError: mat1 and mat2 shapes cannot be multiplied" in repr(verdict)


def test_interrupted_check_ends_with_a_sentence(study):
    def quantize_codes(x, scale):
        raise KeyboardInterrupt

    with pytest.raises(CheckStoppedError, match=r"the check of quantize-codes was interrupted, and nothing was judged"):
        check("quantize-codes", quantize_codes)

    assert check("quantize-codes", right_codes).status == "correct"


@pytest.mark.parametrize(
    "place",
    ["quizlib.judging.exercises.recognise", "quizlib.learner.find.read_sheet", "quizlib.evidence.collect.build"],
)
def test_fault_of_the_library_is_never_told_as_one_of_the_answer(study, monkeypatch, place):
    def broken(*_):
        raise AttributeError("module 'quizlib.zoo' has no attribute 'build'")

    monkeypatch.setattr(place, broken)

    with pytest.raises(CheckBrokenError) as caught:
        check("quantize-codes", floor_codes)
    assert str(caught.value) == (
        "the check itself failed (AttributeError: module 'quizlib.zoo' has no attribute 'build'), which says nothing "
        "about your answer; restart the kernel and run the cells again, and if it stays, report it with this sentence."
    )


def test_function_that_calls_exit_gets_a_verdict_like_any_other_that_raises(study):
    def quantize_codes(x, scale):
        raise SystemExit

    assert "raised SystemExit: exit() was called; return the result instead" in repr(
        check("quantize-codes", quantize_codes)
    )


def test_forgotten_response_is_asked_for_by_its_name(study):
    with pytest.raises(ArgumentError, match=r"check needs your answer too: check\('size-table', sizes\)"):
        check("size-table")


def test_check_and_hint_before_begin_name_the_import_cell(package):
    for call in (lambda: check("smallest-dtype", "A"), lambda: hint("smallest-dtype")):
        with pytest.raises(NotBegunError, match="run the import cell at the top of the notebook first"):
            call()


def test_begin_names_the_flavours_there_are():
    with pytest.raises(ArgumentError, match="flavour is 'exam'; pass 'self-study' or 'class'"):
        begin("90-sample", flavour="exam")


def test_hint_gives_one_more_each_time_until_the_last(study):
    given = [hint("quantize-codes") for _ in range(3)]

    assert [len(each.hints) for each in given] == [1, 2, 2]
    assert "Hint 1 of 2: `np.round`" in repr(given[0])
    assert "Hint 2 of 2: `np.clip`" in repr(given[1])
    assert "That was the last hint." in repr(given[2])


def test_hints_of_one_item_are_not_counted_for_another(study):
    hint("quantize-codes")

    assert len(hint("smallest-dtype").hints) == 1


def test_class_question_is_recorded_and_not_judged(classroom):
    verdict = check("smallest-dtype", "B")

    assert (verdict.status, verdict.score) == ("recorded", 0)
    assert "recorded, a valid answer: B" in repr(verdict)


def test_class_question_says_when_an_answer_is_not_valid(classroom):
    assert check("smallest-dtype", "E").status == "invalid"


def test_class_exercise_still_reports_its_public_cases(classroom):
    assert check("quantize-codes", floor_codes).misconception.id == "floor-for-round"


@pytest.mark.parametrize(
    ("item", "response"), [("smallest-dtype", "A"), ("smallest-dtype", "?"), ("smallest-dtype", "E")]
)
def test_validate_raises_one_line_for_what_does_not_pass(study, monkeypatch, item, response):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")

    with pytest.raises(CheckFailedError, match=r"^smallest-dtype: .+$"):
        check(item, response)


def test_validate_raises_where_one_public_case_fails(classroom, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")

    with pytest.raises(CheckFailedError, match="2 of 3 criteria are met"):
        check("quantize-codes", floor_codes)


def test_validate_lets_a_recorded_answer_and_a_right_one_pass(classroom, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")

    assert check("smallest-dtype", "A").status == "recorded"
    assert check("quantize-codes", right_codes).status == "correct"


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_of_check_shows_itself_as_one_sentence(error):
    assert issubclass(error, QuizError)
    assert error("one sentence")._render_traceback_() == [f"{error.__name__}: one sentence"]
