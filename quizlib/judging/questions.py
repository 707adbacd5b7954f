"""Judge an answer to a question."""

from __future__ import annotations

import itertools
import math
from typing import assert_never

from quizlib.evidence.values import Array, Evidence, Plain
from quizlib.items.base import Misconception
from quizlib.items.printed import number_of
from quizlib.items.question import Question, QuestionKey, is_close
from quizlib.items.released import QuestionSheet
from quizlib.judging.describing import describe
from quizlib.judging.near_misses import near_miss
from quizlib.judging.practice import YET
from quizlib.judging.verdict import Verdict, status_of

Answer = float | str

MOST_LETTERS = 200
"""Letters of an answer that a card repeats."""


def parse_answer(question: Question, response: Plain) -> tuple[Answer | None, str]:
    """Return the answer in its normal form and "", or None and a sentence that says what was expected.

    Letters may be given as `"b"`, `["A", "C"]` or `"A, C"`; a number as a number, or as text that is one.

    >>> q = Question(id="q", lesson="01-x", points=1, kind="several", stem="?", options=("a", "b", "c"))
    >>> parse_answer(q, ["c", "A"])
    ('AC', '')
    >>> parse_answer(q, "E")[1]
    "q should hold letters from A, B, C; found 'E'."
    """
    if isinstance(response, Array) and response.values.size == 1:
        response = response.values.item()
    match question.kind:
        case "number":
            return _parse_number(question, response)
        case "predict":
            return _parse_text(question, response)
        case "one" | "several" | "order":
            return _parse_letters(question, response)
        case _:
            assert_never(question.kind)


def _parse_number(question: Question, response: Plain) -> tuple[Answer | None, str]:
    number = _as_number(response)
    if number is not None and math.isfinite(number):
        return number, ""
    unit = f" of {question.unit}" if question.unit else ""
    return None, f"{question.variable} should be a number{unit}; found {shown(response)}.{_two_numbers(response)}"


def _as_number(response: Plain) -> float | None:
    if isinstance(response, bool) or not isinstance(response, int | float | str):
        return None
    return number_of(response) if isinstance(response, str) else float(response)


def _two_numbers(response: Plain) -> str:
    """Return what to do about a number that was typed with a comma: Python takes it for two."""
    is_pair = isinstance(response, tuple) and all(type(part) is int for part in response)
    return " Write a number without commas: to Python, 1,000 is two numbers." if is_pair else ""


def _parse_text(question: Question, response: Plain) -> tuple[Answer | None, str]:
    if isinstance(response, bool | int | float):
        response = str(response)
    if not isinstance(response, str):
        told = f"{question.variable} should be the printed text, in quotes; found {shown(response)}."
        return None, told + _two_numbers(response)
    return " ".join(response.split()), ""


def _parse_letters(question: Question, response: Plain) -> tuple[Answer | None, str]:
    parts = list(response) if isinstance(response, list | tuple) else [response]
    letters = "".join(part.upper() for part in parts if isinstance(part, str))
    letters = "".join(letter for letter in letters if not letter.isspace() and letter not in ",;->")
    listed = ", ".join(question.letters)
    is_text = all(isinstance(part, str) for part in parts)
    if not is_text or not letters or set(letters) - set(question.letters) or len(set(letters)) != len(letters):
        what = "one letter" if question.kind == "one" else "letters"
        return None, f"{question.variable} should hold {what} from {listed}; found {shown(response)}."
    if question.kind == "one" and len(letters) != 1:
        return None, f"{question.variable} should hold one letter from {listed}; found {shown(response)}."
    if question.kind == "order" and len(letters) != len(question.letters):
        return None, f"{question.variable} should order all of {listed}; found {shown(response)}."
    return (letters if question.kind == "order" else "".join(sorted(letters))), ""


def shown(response: Plain) -> str:
    """Return a response as short text for a message."""
    return describe(response, 60)


def judge_question(sheet: QuestionSheet, evidence: Evidence) -> Verdict:
    """Return the verdict on an answer; without a key it says only whether the answer is a valid one."""
    question, key = sheet.question, sheet.key
    if evidence.unanswered or evidence.problem:
        summary = evidence.problem or f"{question.variable} is not answered{YET}"
        return _unscored(sheet, "invalid" if evidence.problem else "unanswered", summary)
    answer, problem = parse_answer(question, evidence.response)
    if answer is None:
        return _unscored(sheet, "invalid", problem)
    if key is None:
        return _unscored(sheet, "recorded", f"recorded, a valid answer: {_told(answer)}")
    return _scored(sheet, key, answer)


def _unscored(sheet: QuestionSheet, status: str, summary: str) -> Verdict:
    question = sheet.question
    return Verdict.model_validate(
        {
            "item": question.id,
            "title": sheet.title,
            "score": 0,
            "max_score": question.points,
            "status": status,
            "summary": summary,
        }
    )


def _told(answer: Answer) -> str:
    return (
        f"{answer:.10g}"
        if isinstance(answer, float)
        else f"{answer[:MOST_LETTERS]}{'…' * (len(answer) > MOST_LETTERS)}"
    )


def _scored(sheet: QuestionSheet, key: QuestionKey, answer: Answer) -> Verdict:
    question = sheet.question
    share = credit(question, key, answer)
    score = round(share * question.points, 4)
    explanation, misconception = _feedback(question, key, answer, share)
    near = "" if misconception or share >= 1.0 else near_miss(question, key, answer)
    return Verdict(
        item=question.id,
        title=sheet.title,
        score=score,
        max_score=question.points,
        status=status_of(score, question.points),
        summary=f"Your answer: {_told(answer)}. {near}".rstrip(),
        misconception=misconception,
        explanation=explanation,
    )


def credit(question: Question, key: QuestionKey, answer: Answer) -> float:
    """Return the share of the points, 0 to 1, that an answer in its normal form earns.

    With credit `each_answer`, `several` earns the share of right options chosen less the share of wrong ones
    chosen, so that choosing none or all earns nothing; `order` the share of neighbouring pairs kept together.
    """
    is_all_or_nothing = key.credit == "all_or_nothing"
    match question.kind:
        case "number" | "predict":
            return float(is_close(key.answer, answer, key.tolerance))
        case "one" | "several" | "order" if answer == key.answer:
            return 1.0
        case "one":
            return 0.0
        case "several":
            return 0.0 if is_all_or_nothing else _share_of_options(question, str(key.answer), str(answer))
        case "order":
            return 0.0 if is_all_or_nothing else _share_of_pairs(str(key.answer), str(answer))
        case _:
            assert_never(question.kind)


def _share_of_options(question: Question, right: str, given: str) -> float:
    hits, false_alarms = len(set(given) & set(right)), len(set(given) - set(right))
    distractors = len(question.options) - len(right)
    return max(0.0, hits / len(right) - false_alarms / max(1, distractors))


def _share_of_pairs(right: str, given: str) -> float:
    pairs = list(itertools.pairwise(right))
    kept = sum(given.index(a) + 1 == given.index(b) for a, b in pairs)
    return kept / len(pairs)


def _feedback(question: Question, key: QuestionKey, answer: Answer, share: float) -> tuple[str, Misconception | None]:
    if share >= 1.0:
        return key.rationale, None
    match question.kind:
        case "one" | "several":
            return _option_feedback(question, key, str(answer))
        case "number" | "predict" | "order":
            return "", _known_wrong(question, key, answer)
        case _:
            assert_never(question.kind)


def _known_wrong(question: Question, key: QuestionKey, answer: Answer) -> Misconception | None:
    """Return the misconception that leads to a wrong number, text or order, if the key knows it."""
    for number, wrong in enumerate(key.wrong, 1):
        if is_close(wrong.value, answer, key.tolerance):
            name = f"{question.id}-value-{number}"
            return Misconception(id=name, text=wrong.misconception, remedy=wrong.feedback)
    return None


def _option_feedback(question: Question, key: QuestionKey, answer: str) -> tuple[str, Misconception | None]:
    """Return the feedback on the first option chosen wrongly, else on what is missing without naming it."""
    for letter in answer:
        option = key.options[question.letters.index(letter)]
        if letter not in str(key.answer) and option.misconception is not None:
            text = f"Option {letter}: {option.misconception}"
            return "", Misconception(id=f"{question.id}-{letter.lower()}", text=text, remedy=option.feedback)
    missing = len(set(str(key.answer)) - set(answer))
    return (f"What you chose holds, and {missing} more option{'s' * (missing > 1)} would too.", None)
