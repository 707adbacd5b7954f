import subprocess
import sys

import pytest

from quizlib import zoo


def test_import_loads_no_library_that_it_describes():
    script = "import sys, quizlib.zoo; print({'torch', 'tensorflow', 'tf_keras', 'sklearn'} & sys.modules.keys())"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_all_is_sorted_and_each_name_is_there():
    assert zoo.__all__ == sorted(zoo.__all__) == dir(zoo)
    assert all(getattr(zoo, name).__name__ == name for name in zoo.__all__)


def test_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"module 'quizlib\.zoo' has no attribute 'imagenet'"):
        zoo.imagenet  # noqa: B018 - reading it is the test
