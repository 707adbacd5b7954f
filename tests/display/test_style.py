import pytest

from quizlib.display import style
from quizlib.display.words import STATUS_WORDS
from tests.display.verdicts import STATUSES


def luminance(colour):
    """Return the relative luminance of WCAG 2.2 of `#rrggbb`."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("status", STATUSES)
def test_white_words_on_a_status_colour_can_be_read(status):
    assert contrast(style.STATUS_COLOURS[status], "#ffffff") >= 4.5


@pytest.mark.parametrize("word", ["met", "partly met", "not met", "not shown", "not judged"])
def test_white_signs_on_a_mark_colour_can_be_read(word):
    assert contrast(style.MARK_COLOURS[word], "#ffffff") >= 4.5


def test_fallback_colours_of_a_page_without_a_theme_can_be_read():
    assert contrast("#1f2328", "#ffffff") >= 4.5
    assert contrast("#1f2328", "#eeeeee") >= 4.5
    assert all(colour in style.card(style.RED) for colour in ("#1f2328", "#ffffff"))


def test_statuses_of_one_colour_differ_in_words():
    assert set(STATUS_WORDS) == set(style.STATUS_COLOURS) == set(STATUSES)
    assert len({word.text for word in STATUS_WORDS.values()}) == len(STATUSES)
