import json

import pytest

from quizlib.coursedir.student_id import LONGEST, flaw_of, is_text, readable


@pytest.mark.parametrize(
    "name",
    ["ada", "Zoë Łukasz", "李", "o'brien", "50%", "a+b", "{ada}", "a\\b", "-rf", "ada (2)", "x" * LONGEST, "e\u0301"],
)
def test_a_name_that_nbgrader_takes_has_no_flaw(name):
    assert flaw_of(name) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("caf\udce9", "not UTF-8"),
        ("ada\n", "line break"),
        ("\x1b[2Jada", "control character"),
        ("ada\u2028bob", "line break"),
        (" ada", "blanks"),
        ("ada ", "blanks"),
        ("ada\u00a0", "blanks"),
        ("ada[1]", "*, ? or ["),
        ("*", "*, ? or ["),
        ("who?", "*, ? or ["),
        (".ada", "begins with a dot"),
        ("Lovelace, Ada", "comma"),
        ('"ada"', "double quote"),
        ("<img src=a>", "< or >"),
        ("x" * 255, "255 characters"),
    ],
)
def test_a_name_that_nbgrader_would_stumble_over_is_told_in_a_sentence_that_does_not_repeat_it(name, said):
    flaw = flaw_of(name)
    assert flaw.endswith("rename the folder")
    assert name not in flaw or name == "*"
    assert said in flaw


def test_bytes_that_are_no_utf8_are_spelt_out_so_that_every_file_can_hold_the_name():
    assert readable("caf\udce9") == r"caf\xe9"
    assert json.loads(json.dumps(readable("\udcff\udcfe")).encode("utf-8")) == r"\xff\xfe"
    assert readable("Zoë") == "Zoë"
    assert readable("half \ud800") == "half ?"


@pytest.mark.parametrize(("name", "fit"), [("my file.csv", True), ("a\tb", False), ("a\x7f", False), ("\udc80", False)])
def test_text_has_no_control_character(name, fit):
    assert is_text(name) is fit
