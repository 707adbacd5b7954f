import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizlib.items.printed import number_of, same_printed, same_values


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("24952", 24952),
        ("24,952", 24952),
        ("24_952", 24952),
        ("24 952", 24952),
        ("24\u00a0952", 24952),
        ("24\u202f952", 24952),
        ("24\u2009952", 24952),
        ("24'952", 24952),
        ("1,234,567.5", 1234567.5),
        ("-1,000", -1000),
        ("\u22120.5", -0.5),
        (" 1e-3 ", 0.001),
    ],
)
def test_number_is_read_however_its_thousands_are_grouped(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["0,5", "24,95", "1,234 567", "1 2", "4 MB", "", "inf", "nan", "1,0000", "four"])
def test_what_could_mean_something_else_is_no_number(text):
    assert number_of(text) is None


@given(st.integers(-(10**15), 10**15), st.sampled_from(",_ "))
def test_any_whole_number_survives_grouping(number, sign):
    assert number_of(f"{number:,}".replace(",", sign)) == number


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ("[1, 2]", "[1,2]"),
        ("[1, 2]", " [ 1 ,2 ]\n"),
        ("[[1], [2]]", "[[1],\n [2]]"),
        ("(8,)", "(8, )"),
        ("{'a': 1}", '{"a":1}'),
        ("int8", '"int8"'),
        ("tensor([1., 0.])", "tensor([1.,0.])"),
        ("16000", "16,000"),
        ("0.50", "0.50 "),
        ("True False", "True\nFalse"),
    ],
)
def test_outputs_are_the_same_up_to_white_space_quotes_and_grouping(expected, given):
    assert same_printed(expected, given)
    assert same_printed(given, expected)


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ("[1, 2]", "[1.0, 2.0]"),
        ("[1, 2]", "(1, 2)"),
        ("[1, 0]", "[True, False]"),
        ("[1, 2]", "1, 2"),
        ("[1, 2]", "[12]"),
        ("0.50", "0.5"),
        ("16000", "16000.0"),
        ("torch.qint8", "qint8"),
        ("True False", "TrueFalse"),
        ("['1']", "[1]"),
        ("2 266", "2,266"),
        ("2 266", "2266"),
        ("1 000 000", "1000000"),
        ("'a' 'b'", "a' 'b"),
    ],
)
def test_outputs_that_say_something_else_are_not_the_same(expected, given):
    assert not same_printed(expected, given)


@pytest.mark.parametrize("given", ["2,266", "2 266", "2_266"])
def test_thousands_are_grouped_where_one_number_is_expected(given):
    assert same_printed("2266", given)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_can_be_compared(one, other):
    assert same_printed(one, one)
    assert same_printed(one, other) in (True, False)
    assert same_values(one, other) in (True, False)


@given(st.integers(0, 999), st.integers(100, 999))
def test_two_printed_numbers_are_never_read_as_one(first, second):
    for sign in ("", ",", "_", "'"):
        assert not same_printed(f"{first} {second}", f"{first}{sign}{second}")
    assert same_values(f"{first} {second}", f"{first}, {second}")
    assert not same_values(f"{first} {second}", f"{first}{second}")


@pytest.mark.parametrize(
    ("expected", "given", "is_same"),
    [
        ("[100, 127, -126]", "100,127,-126", True),
        ("[100, 127, -126]", "[100. 127. -126.]", True),
        ("[True, None]", "True None", True),
        ("16000", "16000.0", True),
        ("[1, 2]", "[2, 1]", False),
        ("[1, 2]", "[1, 2, 3]", False),
        ("torch.int8", "torch.qint8", False),
        ("[True]", "[1]", False),
    ],
)
def test_values_are_the_same_whatever_stands_between_them(expected, given, is_same):
    assert same_values(expected, given) is is_same


def test_number_too_large_for_a_float_is_none():
    assert number_of("9" * 400) is None
    assert math.isfinite(number_of("9" * 300))


@pytest.mark.parametrize("digits", ["0x" + "f" * 5_000, "0b" + "1" * 18_000, "0o" + "7" * 6_000, "9" * 5_000])
def test_a_whole_number_of_thousands_of_digits_is_another_text_and_no_error(digits):
    for text in (f"[{digits}]", digits, f"{{1: {digits}}}"):
        assert not same_printed("[1, 2]", text)
        assert not same_values("[1, 2]", text)
        assert same_printed(f"[{text}]", f"[ {text} ]")


@pytest.mark.parametrize(
    "text", ["1" * 20_000 + "x", "[" * 20_000, "-" * 20_000 + "1", "'" * 20_001, "1e" * 9_000, "\x00"]
)
def test_a_long_text_is_compared_in_a_moment(text):
    started = time.process_time()
    assert not same_printed("[1, 2]", text)
    assert not same_values("[1, 2]", text)
    assert time.process_time() - started < 2
