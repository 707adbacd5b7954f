from quizlib.verify.bank import lint
from tests.verify.test_questions import option, question


def keyed(letter, number):
    options = tuple(option(text, right=name == letter) for name, text in zip("ABC", ("x", "y", "z"), strict=True))
    return question(id=f"q-{number}", key=letter, options=options)


def bank(*questions):
    return {entry.id: entry for entry in questions}


def test_keys_spread_over_the_letters_pass():
    assert lint(bank(*(keyed(letter, k) for k, letter in enumerate("ABCA")))) == []


def test_keys_on_one_letter_are_found():
    problems = lint(bank(*(keyed(letter, k) for k, letter in enumerate("BBBA"))))
    assert problems == ["the key is B in 3 of 4 questions; move some."]


def test_a_right_option_that_is_far_longer_gives_itself_away():
    long = "It takes one byte where a float takes four, so that it moves less memory"
    found = question(options=(option("More layers"), option("More neurons"), option(long, right=True)))
    assert "gives it away" in lint(bank(found))[0]


def test_more_than_one_citation_in_six_is_too_many():
    entries = [keyed("ABC"[k % 3], k) for k in range(5)]
    cited = question(id="cited", cited=True, key="C", options=(option("x"), option("y"), option("z", right=True)))
    assert lint(bank(*entries, cited)) == []
    assert "2 of 7 questions are cited" in lint(bank(*entries, cited, cited.model_copy(update={"id": "more"})))[0]
