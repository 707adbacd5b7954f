import pytest

from quizlib.authoring.accepted import read_accepted
from quizlib.errors import SpecError

LIST = """\
- diff: |
    @@
    -    a = b
    +    a = c

  reason: The two are equal.
  kind: equivalent
- diff: |
    @@
         for x in y:
    -        a = b
  reason: Public cases have one round.
  kind: practice
"""


@pytest.fixture
def listed(tmp_path):
    """Read a list of accepted mutants, given as text."""

    def read(text):
        (tmp_path / "mutants.yaml").write_text(text, encoding="utf-8")
        return read_accepted(tmp_path)

    return read


def test_diffs_are_read_line_by_line_without_an_end_of_line(listed):
    first, second = listed(LIST)

    assert (first.diff, first.reason, first.kind) == ("@@\n-    a = b\n+    a = c", "The two are equal.", "equivalent")
    assert second.diff == "@@\n     for x in y:\n-        a = b"


def test_folder_without_a_list_accepts_nothing(tmp_path):
    assert read_accepted(tmp_path) == ()


def test_empty_list_accepts_nothing(listed):
    assert listed("# none\n") == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: practice", "kind: harmless", "1, kind: Input should be 'equivalent' or 'practice'"),
        ("  reason: The two are equal.\n", "", "0, reason: Field required"),
        ("reason: The two are equal.", "reason: ''", "0, reason: String should have at least 1 character"),
        ("kind: equivalent", "kind: equivalent\n  note: x", "0, note: Extra inputs are not permitted"),
        ("- diff", "-diff: [", "is no YAML"),
    ],
)
def test_malformed_entry_is_told_with_its_place(listed, old, new, told):
    with pytest.raises(SpecError, match=r"/mutants\.yaml") as raised:
        listed(LIST.replace(old, new, 1))

    assert told in str(raised.value)


def test_diff_that_is_listed_twice_is_refused(listed):
    with pytest.raises(SpecError, match="lists this diff twice"):
        listed(LIST + LIST)
