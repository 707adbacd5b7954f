from quizlib.display.text import verdict_text
from tests.display.verdicts import bare_verdict, full_verdict


def test_text_of_a_verdict_with_everything_is_read_top_down():
    assert verdict_text(full_verdict()).splitlines() == [
        "all title: Partly right, 1.5 of 4 points. all summary",
        "  [met] all typical (1/1)",
        "  [partly met] all shape (0.5/1): all half",
        "  [not met] all edges (0/2): all differs",
        "  Likely cause: all floor",
        "    all round",
        "  The smallest example that fails",
        "    Call:     all call",
        "    Expected: all expected",
        "    Got:      all got",
        "    all note",
        "  Why: all explanation",
        "  What to try: Make the call shown above yourself, and compare. Change your answer, then run its cell"
        ' and this one again. For a hint, run `hint("quantize-affine")`.',
    ]


def test_text_at_the_end_says_nothing_of_what_can_only_be_done_before():
    told = verdict_text(full_verdict(), "grading").splitlines()
    assert told[-1] == "  What to try: Make the call shown above yourself, and compare."
    assert told[:-1] == verdict_text(full_verdict()).splitlines()[:-1]


def test_text_without_a_title_names_the_item():
    assert verdict_text(bare_verdict("correct")) == "why-quantize: Correct, 1 of 1 point. Said in one line."


def test_text_shows_terminal_escapes_instead_of_obeying_them():
    text = verdict_text(bare_verdict("wrong").model_copy(update={"summary": "\x1b[2J\u202e\x00\r"}))

    assert r"\x1b[2J\u202e\x00\r" in text
    assert not set("\x1b\u202e\x00\r") & set(text)


def test_criteria_of_an_unanswered_exercise_are_not_judged():
    verdict = full_verdict(status="unanswered")

    assert "[not judged] all edges (0/2)" in verdict_text(verdict)
