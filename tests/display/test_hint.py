from quizlib.display.hint import Hint
from tests.display.pages import Page, words


def test_hints_show_the_same_words_as_card_and_as_lines():
    hint = Hint("why", ("Count the bytes.", "Use `numel`."), 3)

    assert Page(hint._repr_html_()).words == words(repr(hint))
    assert "Hint 2 of 3: Use `numel`." in repr(hint)
    assert "1 more" in repr(hint)


def test_last_hint_says_so():
    assert repr(Hint("why", ("Only this.",), 1)).endswith("That was the last hint.")


def test_item_without_hints_says_so():
    assert repr(Hint("why", (), 0)) == "There is no hint for why."


def test_hint_is_escaped():
    assert "<script>" not in Hint("why", ("<script>",), 1)._repr_html_()
