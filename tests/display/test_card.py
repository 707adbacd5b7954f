import re
from collections import Counter
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters import clean_html

from quizlib.display import style
from quizlib.display.card import ShownVerdict, verdict_card
from quizlib.display.html import code, plain, written
from quizlib.display.text import verdict_text
from quizlib.display.words import STATUS_WORDS
from quizlib.items.base import Misconception
from quizlib.judging.practice import OTHER_DIGITS, OTHER_INPUTS, WRITE_BODY
from quizlib.judging.verdict import CriterionResult, ShownCase
from tests.display.pages import Page, words
from tests.display.verdicts import STATUSES, bare_verdict, full_verdict

TAGS = {"div", "span", "ul", "li", "strong", "code", "em"}
SIGNS = {word.sign for word in STATUS_WORDS.values()} | set(style.MARK_SIGNS.values())
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>"
    "</div></td></table>\"><a href='javascript:alert(1)'>x</a><!--"
)


@pytest.mark.parametrize("status", STATUSES)
def test_card_and_plain_text_say_the_same_words_whatever_the_status(status):
    for verdict in (bare_verdict(status), full_verdict(status=status)):
        assert Counter(Page(verdict_card(verdict)).words) == Counter(words(verdict_text(verdict)))


@pytest.mark.parametrize("status", STATUSES)
def test_card_and_plain_text_of_a_grading_say_the_same_words(status):
    for verdict in (bare_verdict(status), full_verdict(status=status)):
        assert Counter(Page(verdict_card(verdict, "grading")).words) == Counter(words(verdict_text(verdict, "grading")))


PRACTICE = re.compile(r"\b(yet|again|hint|hints|run|restart|lighter|mend|submit|put|write|change|judged under)\b", re.I)


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "infrastructure"])
def test_card_of_a_grading_says_nothing_that_belongs_to_practice(status):
    for verdict in (bare_verdict(status), full_verdict(status=status)):
        assert PRACTICE.findall(verdict_text(verdict, "grading")) == []
        assert PRACTICE.findall(" ".join(Page(verdict_card(verdict, "grading")).words)) == []


@pytest.mark.parametrize(
    ("status", "summary", "at_the_end"),
    [
        ("unanswered", "clip is not written yet.", "clip is not written."),
        (
            "unanswered",
            f"clip returns None whatever it is given{WRITE_BODY}",
            "clip returns None whatever it is given.",
        ),
        ("correct", f"All criteria are met. {OTHER_INPUTS} {OTHER_DIGITS}", "All criteria are met."),
        ("correct", f"All criteria are met. {OTHER_INPUTS}", "All criteria are met."),
        ("invalid", "clip should be a number; found 'not yet.'", "clip should be a number; found 'not yet.'"),
    ],
)
def test_summary_of_a_grading_tells_what_is_and_not_what_is_to_be_done(status, summary, at_the_end):
    verdict = bare_verdict(status).model_copy(update={"summary": summary})
    assert f". {at_the_end}" in verdict_text(verdict, "grading")
    assert f". {summary}" in verdict_text(verdict)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_card_of_its_own_words(status):
    said = {other: " ".join(Page(verdict_card(bare_verdict(other))).words) for other in STATUSES}

    assert [other for other in STATUSES if said[other] == said[status]] == [status]


def test_card_of_a_verdict_with_everything_shows_every_text_of_it():
    said = " ".join(Page(verdict_card(full_verdict())).words)

    fields = "title summary typical shape half edges differs floor round call expected got explanation"
    for part in fields.split():
        assert f"all {part}" in said


def test_criteria_are_told_in_words_with_their_points():
    said = " ".join(Page(verdict_card(full_verdict())).words)

    assert "met all typical 1 1 partly met all shape all half 0.5 1 not met all edges all differs 0 2" in said


def test_bar_is_as_wide_as_the_score():
    assert "width: 38%" in verdict_card(full_verdict())
    assert "width: 0%" in verdict_card(bare_verdict("wrong"))
    assert "width: 100%" in verdict_card(bare_verdict("correct"))


def test_recorded_answer_shows_its_worth_and_no_score():
    verdict = bare_verdict("recorded").model_copy(update={"summary": "recorded, a valid answer: B"})

    said = " ".join(Page(verdict_card(verdict)).words)

    assert "worth 1 point recorded a valid answer B" in said
    assert "0 of" not in said


def test_hostile_text_adds_no_element_and_no_attribute():
    page, harmless = Page(verdict_card(full_verdict(HOSTILE))), Page(verdict_card(full_verdict()))

    assert page.tags <= TAGS
    assert page.attributes == harmless.attributes
    assert "alert(1)" in "".join(page.said)


@given(st.text(max_size=40))
def test_no_text_at_all_adds_an_attribute_or_a_script(text):
    page = Page(verdict_card(full_verdict(f"a{text}")))

    assert page.tags <= TAGS | {"a"}
    assert {name for name, _ in page.attributes} <= {"style", "class", "aria-hidden", "aria-level", "role", "href"}


@pytest.mark.parametrize("field", ["summary", "case", "criteria"])
def test_words_of_a_learner_are_never_read_as_markdown(field):
    text = "[click](https://elsewhere.example) `code`"
    update = {
        "summary": text,
        "case": full_verdict(text).case,
        "criteria": tuple(line.model_copy(update={"text": "t"}) for line in full_verdict(text).criteria),
    }
    page = Page(verdict_card(bare_verdict("wrong").model_copy(update={field: update[field]})))

    assert "a" not in page.tags
    assert text in "".join(page.said)


def test_card_runs_no_script_and_loads_nothing():
    remedy = "![x](https://elsewhere.example/x.png) <script>1</script> [y](javascript:alert(1))"
    verdict = full_verdict().model_copy(update={"misconception": Misconception(id="m", text="m", remedy=remedy)})
    page = Page(verdict_card(verdict))

    assert not page.tags & {"script", "img", "link", "iframe", "style", "object"}
    assert not [value for _, value in page.attributes if "url(" in value or "javascript:" in value]


def test_backticks_in_texts_of_the_course_become_code():
    verdict = full_verdict().model_copy(update={"explanation": "use `clamp`"})

    assert re.search(r"use <code[^>]*>clamp</code>", verdict_card(verdict))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Clamp to −2**31 … 2**31 − 1.", "Clamp to −2**31 … 2**31 − 1."),
        ("mantissa / 2**bits / 2**shift", "mantissa / 2**bits / 2**shift"),
        ("a*b and c*d, f(*args, **names)", "a*b and c*d, f(*args, **names)"),
        ("2**(bits - 1) to 2**(bits - 1)", "2**(bits - 1) to 2**(bits - 1)"),
        ("2 ** 31 to 2 ** 31", "2 ** 31 to 2 ** 31"),
        ("x_hat and __init__", "x_hat and <strong>init</strong>"),
        ("**first** and *then*, **(both)**", "<strong>first</strong> and <em>then</em>, <strong>(both)</strong>"),
        ("`2**31` … **2**", "<code>2**31</code> … <strong>2</strong>"),
    ],
)
def test_asterisks_inside_words_are_powers_and_around_words_are_emphasis(text, html):
    assert re.sub(r"<code[^>]*>", "<code>", written(text)) == html


def pieces(html):
    """Return the texts of a card that each stand in one line."""
    found = re.findall(r"<(?:span|code)[^>]*white-space: nowrap[^>]*>(.*?)</(?:span|code)>", html)
    return [unescape(re.sub(r"<[^>]*>", "", piece)) for piece in found]


def test_code_never_breaks_at_a_hyphen_and_keeps_its_letters():
    html = code("np.array([1.0, -0.5, -2e-05])")

    assert pieces(html) == ["-0.5,", "-2e-05])"]
    assert re.sub(r"<[^>]*>", "", html) == "np.array([1.0, -0.5, -2e-05])"


def test_numbers_in_a_sentence_keep_their_sign():
    assert pieces(plain("it is -3002, expected -199610"))[-2:] == ["-3002,", "-199610"]


def test_short_code_in_a_text_stands_in_one_line_and_long_code_may_break_between_its_words():
    short = written("run `hint('quantize-affine')`")
    long = written("run `quantize(x, scale=0.5, zero_point=-3, quant_min=-128)`")

    assert pieces(short) == ["hint('quantize-affine')"]
    assert pieces(long) == ["zero_point=-3,", "quant_min=-128)"]


def test_word_longer_than_a_narrow_window_may_break():
    assert pieces(code("a-" * 40)) == []


def test_card_has_a_heading_and_a_status_for_screen_readers():
    html = verdict_card(full_verdict())

    heading = re.search(r'<div role="heading" aria-level="3"[^>]*>(.*?)</div>', html)
    assert Page(heading[1]).words == ["all", "title"]
    status = html[html.index('<div role="status"') : html.index('<div aria-hidden="true"')]
    assert " ".join(Page(status).words) == "all title Partly right 1.5 of 4 points"


def test_misconception_that_is_only_near_is_named_with_a_perhaps():
    near = full_verdict().model_copy(update={"is_likely": False})

    for said in (" ".join(Page(verdict_card(near)).words), verdict_text(near)):
        assert "Perhaps" in said
        assert "Likely" not in said
    assert "Likely cause" in verdict_text(full_verdict())


def test_points_are_told_to_a_hundredth():
    verdict = bare_verdict("partial").model_copy(update={"score": 1.3333, "max_score": 2.0})

    assert "1.33 of 2 points" in verdict_text(verdict)
    assert "1.33 of 2 points" in verdict_card(verdict)


def test_call_of_the_returned_model_is_shown_below_the_first():
    case = ShownCase(call="make()", then="the model that it returned, called with 2", expected="1", got="2")
    verdict = bare_verdict("wrong").model_copy(update={"case": case})

    assert "Call make Then the model that it returned called with 2 Expected 1 Got 2" in " ".join(
        Page(verdict_card(verdict)).words
    )


def test_case_without_a_result_asks_to_look_at_it():
    case = ShownCase(call="make()", expected="", got="")
    said = verdict_text(bare_verdict("wrong").model_copy(update={"case": case}))

    assert "Make the call shown above yourself, and look at what it returns." in said
    assert "Expected" not in said


def test_criterion_with_nothing_against_it_is_not_said_to_be_unmet():
    line = CriterionResult(id="keeps", text="Leaves it", score=0, points=1, message="no work", is_unshown=True)
    said = verdict_text(bare_verdict("wrong").model_copy(update={"criteria": (line,)}))

    assert "[not shown] Leaves it (0/1): no work" in said


def test_case_that_cannot_be_typed_is_told_by_its_number_and_not_asked_to_be_made():
    case = ShownCase(call="f(<…>)", expected="1", got="2", is_runnable=False, place="3 of 7", note="A view.")
    verdict = bare_verdict("wrong").model_copy(update={"case": case})

    for said in (" ".join(Page(verdict_card(verdict)).words), " ".join(words(verdict_text(verdict)))):
        assert "The smallest example that fails number 3 of 7" in said
        assert "Make a call with inputs like those shown above yourself" in said
        assert "A view" in said


@pytest.mark.parametrize("status", STATUSES)
def test_card_keeps_its_words_when_nbconvert_sanitizes_it(status):
    card = verdict_card(full_verdict(status=status))

    html = clean_html(card)

    assert Page(html).tags <= TAGS  # what the sanitizer does not know it would show as text
    assert [word for word in Page(html).words if word not in SIGNS] == Page(card).words


def test_shown_verdict_is_a_card_in_a_notebook_and_lines_on_a_terminal():
    shown = ShownVerdict.of(full_verdict())

    assert shown._repr_html_() == verdict_card(full_verdict())
    assert repr(shown) == str(shown) == verdict_text(full_verdict())
