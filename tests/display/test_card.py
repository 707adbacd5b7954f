import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters import clean_html

from quizlib.display import style
from quizlib.display.card import ShownVerdict, verdict_card
from quizlib.display.html import written
from quizlib.display.text import verdict_text
from quizlib.display.words import STATUS_WORDS
from quizlib.items.base import Misconception
from quizlib.judging.verdict import ShownCase
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
    assert {name for name, _ in page.attributes} <= {"style", "class", "aria-hidden", "href"}


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
    assert written(text) == html


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
