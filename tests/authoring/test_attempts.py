import pytest

from quizlib.authoring.attempts import read_attempts
from quizlib.errors import SpecError

GOOD = '''"""Attempts at doubling."""

# %% [markdown]
# A note between the attempts.

# %% wrong misconception="halves" variant=1 loses="typical, edges"
def double(x):
    return x / 2

# %% wrong misconception=halves variant=2 loses=typical
double = lambda x: 0.5 * x

# %% right style="a sum"
def double(x):
    return x + x
'''


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "double_it.py"
        path.write_text(text, encoding="utf-8")
        return read_attempts(path, "double-it")

    return read


def test_attempts_are_read_with_their_labels(read):
    first, second, third = read(GOOD)

    assert (first.item, first.misconception, first.variant) == ("double-it", "halves", 1)
    assert first.loses == {"typical", "edges"}
    assert first.source == "def double(x):\n    return x / 2\n"
    assert (second.label, second.loses) == ("wrong halves/2", {"typical"})
    assert (third.label, third.is_wrong, third.loses) == ("right a sum", False, frozenset())


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("", "should be headed wrong or right, found ''"),
        ("maybe", "should be headed wrong or right, found 'maybe'"),
        ("right", r"a right attempt has the fields \['style'\], found \[\]"),
        ('right style="a" variant=1', r"has the fields \['style'\]"),
        ('wrong misconception="halves" variant=1', r"has the fields \['loses', 'misconception', 'variant'\]"),
        ('wrong misconception="halves" variant=3 loses="typical"', "variant should be 1 or 2, found '3'"),
        ('wrong misconception="halves" variant=1 loses=" , "', "loses at least one criterion"),
        ('right style="not closed', "a quote is not closed"),
    ],
)
def test_malformed_head_is_an_error_with_file_and_line(read, head, told):
    with pytest.raises(SpecError, match=rf"double_it\.py, line 1: .*{told}"):
        read(f"# %% {head}\nx = 1\n")


def test_attempt_without_source_is_an_error(read):
    with pytest.raises(SpecError, match="line 1: the attempt has no source"):
        read('# %% right style="nothing"\n\n')
