import pytest

from quizlib.coursedir.nbgrader_log import last_error

CHAINED = """\
[INFO] Converting notebook 01-overview.ipynb
[ERROR] There was an error processing assignment: 01-overview
Traceback (most recent call last):
  File "batch.py", line 3, in start
KeyError: 'Error: cell'

During handling of the above exception, another exception occurred:

nbgrader.converters.base.NbGraderException: Please see the log
[ERROR] Please see the above traceback
"""


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (CHAINED, "nbgrader.converters.base.NbGraderException: Please see the log"),
        (CHAINED + "quizlib.errors.SpecError: no key\nValueError: x", "quizlib.errors.SpecError: no key"),
        ("  AssertionError\n[ERROR] See above", "AssertionError"),
        ("[WARNING] No Error: here", "[WARNING] No Error: here"),
        ("", "no reason was given"),
    ],
)
def test_the_last_error_is_told(log: str, told: str) -> None:
    assert last_error(log) == told
