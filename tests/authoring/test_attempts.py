import pytest

from quizlib.authoring.attempts import read_corpus
from quizlib.errors import SpecError

HEAD = '# %% misconception="halves"\n# The input is halved.\n# Remedy: Multiply.\n\n'
GOOD = '''"""Attempts at doubling."""

# %% [markdown]
# A note between the attempts.

# %% misconception="halves"
# The input is halved: the factor
# is upside down.
#
# Remedy: Multiply by 2,
# do not divide.

# %% wrong misconception="halves" variant=1 loses="typical, edges"
def double(x):
    return x / 2

# %% wrong misconception=halves variant=2 loses=typical
double = lambda x: 0.5 * x

# %% decoy misconception="halves" loses="typical"
double = lambda x: x - 2

# %% right style="a sum"
def double(x):
    return x + x
'''


@pytest.fixture
def read(tmp_path):
    """Write texts into the folder of an exercise, file by file, and read them in that order."""

    def read(*texts):
        folder = tmp_path / "double-it"
        folder.mkdir(exist_ok=True)
        paths = [folder / f"attempts_{number}.py" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        return read_corpus(paths, "double-it")

    return read


def test_attempts_are_read_with_their_labels(read):
    first, second, decoy, right = read(GOOD).attempts

    assert (first.item, first.misconception, first.variant) == ("double-it", "halves", 1)
    assert first.loses == {"typical", "edges"}
    assert first.source == "def double(x):\n    return x / 2\n"
    assert (second.label, second.loses) == ("wrong halves/2", {"typical"})
    assert (decoy.label, decoy.misconception, decoy.loses) == ("decoy halves", "halves", {"typical"})
    assert (right.label, right.misconception, right.loses) == ("right a sum", None, frozenset())
    assert [attempt.is_wrong for attempt in (first, second, decoy, right)] == [True, True, False, False]
    assert [attempt.is_right for attempt in (first, second, decoy, right)] == [False, False, False, True]


def test_a_misconception_is_told_by_the_comments_below_its_head_joined_line_by_line(read):
    [told] = read(GOOD).misconceptions.values()

    assert told.id == "halves"
    assert told.text == "The input is halved: the factor is upside down."
    assert told.remedy == "Multiply by 2, do not divide."


def test_the_files_of_an_exercise_are_read_one_after_the_other(read):
    later = '# %% misconception="adds"\n# Adds.\n# Remedy: Multiply.\n# %% right style="a shift"\nx = 1\n'
    found = read(GOOD, later)

    assert list(found.misconceptions) == ["halves", "adds"]
    assert [attempt.label for attempt in found.attempts][-2:] == ["right a sum", "right a shift"]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("", "should be headed misconception=, wrong, decoy or right, found ''"),
        ("maybe", "should be headed misconception=, wrong, decoy or right, found 'maybe'"),
        ("right", r"a right attempt has the fields \['style'\], found \[\]"),
        ('right style="a" variant=1', r"has the fields \['style'\]"),
        ('wrong misconception="halves" variant=1', r"has the fields \['loses', 'misconception', 'variant'\]"),
        ('wrong misconception="halves" variant=3 loses="typical"', "variant should be 1 or 2, found '3'"),
        ('wrong misconception="halves" variant=1 loses=" , "', "a wrong attempt loses at least one criterion"),
        ('decoy misconception="halves" variant=1 loses="typical"', r"a decoy attempt has the fields \['loses'"),
        ('decoy misconception="halves" loses=""', "a decoy attempt loses at least one criterion"),
        ('right style="not closed', "a quote is not closed"),
    ],
)
def test_malformed_head_is_an_error_with_file_and_line(read, head, told):
    with pytest.raises(SpecError, match=rf"double-it/attempts_0\.py, line 5: .*{told}"):
        read(f"{HEAD}# %% {head}\nx = 1\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('# %% misconception="halves"\n# No remedy.\n', "needs a text, and below it one line that begins"),
        ('# %% misconception="halves"\n# Remedy: No text.\n', "needs a text"),
        ('# %% misconception="halves"\n# Text.\n# Remedy:\n', "needs a text"),
        ('# %% misconception="halves"\n# Text.\n# Remedy: a\n# Remedy: b\n', "needs a text"),
        ('# %% misconception="halves"\n# Text.\n# Remedy: a\nx = 1\n', "below the head of halves stand comments only"),
        ('# %% misconception="Halves it"\n# Text.\n# Remedy: a\n', "'Halves it' is no id of a misconception"),
    ],
)
def test_misconception_that_is_not_told_is_an_error_with_file_and_line(read, text, told):
    with pytest.raises(SpecError, match=rf"double-it/attempts_0\.py, line 1: .*{told}"):
        read(text)


def test_misconception_that_is_told_twice_is_an_error_also_in_another_file(read):
    with pytest.raises(SpecError, match=r"attempts_1\.py, line 1: the misconception halves is told a second time"):
        read(HEAD, HEAD)


@pytest.mark.parametrize("kind", ["wrong", "decoy"])
def test_attempt_whose_misconception_is_not_told_above_is_an_error(read, kind):
    variant = "variant=1 " if kind == "wrong" else ""
    attempt = f'# %% {kind} misconception="halves" {variant}loses="typical"\nx = 1\n\n'

    with pytest.raises(SpecError, match="line 1: halves is not told above; head its attempts with"):
        read(attempt + HEAD)


def test_attempt_without_source_is_an_error(read):
    with pytest.raises(SpecError, match="line 1: the attempt has no source"):
        read('# %% right style="nothing"\n\n')
