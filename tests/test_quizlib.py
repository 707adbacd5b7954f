import subprocess
import sys

import pytest

import quizlib


@pytest.mark.parametrize("name", quizlib.__all__)
def test_what_is_offered_is_there(name):
    assert callable(getattr(quizlib, name))


def test_what_is_not_offered_is_told_with_what_is():
    with pytest.raises(AttributeError, match="has no attribute 'solution'; it has begin, check, hint"):
        quizlib.solution  # noqa: B018  the access is the test


def test_import_takes_under_a_tenth_of_a_second_of_processor_time():
    """Processor time, the least of three runs, so that a busy machine changes nothing."""
    source = "import time; start = time.process_time(); import quizlib; print(time.process_time() - start)"
    runs = [
        subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True) for _ in range(3)
    ]

    assert min(float(run.stdout) for run in runs) < 0.1
