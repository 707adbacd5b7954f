import sys

import pytest

from quizlib.authoring.setups import given_by, run_setup
from quizlib.errors import SpecError

SETUP = "import numpy as np\n\nx = np.arange(3.0)\ny = [x, 2 * x]"


@pytest.mark.parametrize("apart", [False, True])
def test_fingerprints_tell_the_numbers_that_a_setup_leaves(apart):
    given = given_by(SETUP, "an-exercise", ("x", "y"), apart=apart)
    other = given_by(SETUP.replace("3.0", "4.0"), "an-exercise", ("x", "y"), apart=apart)

    assert list(given) == ["x", "y"]
    assert len({*given.values(), *other.values()}) == 4


def test_fingerprints_are_the_same_in_a_process_of_its_own():
    assert given_by(SETUP, "an-exercise", ("x", "y"), apart=True) == given_by(
        SETUP, "an-exercise", ("x", "y"), apart=False
    )


def test_setup_that_is_run_apart_loads_nothing_here(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    given_by(f"import colorsys\n{SETUP}\nz = 1", "an-exercise", ("x",), apart=True)

    assert "colorsys" not in sys.modules


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(
    ("setup", "told"),
    [
        ("x = 1", "an-exercise is to keep y, which its setup does not make"),
        ("1 / 0", "the setup of an-exercise fails: ZeroDivisionError"),
        ("x = ", "the setup of an-exercise fails: SyntaxError"),
    ],
)
def test_what_is_wrong_with_a_setup_is_the_courses_fault(setup, told, apart):
    with pytest.raises(SpecError, match=told):
        given_by(setup, "an-exercise", ("y",), apart=apart)


def test_setup_that_ends_its_process_is_told():
    with pytest.raises(SpecError, match="the setup of an-exercise ends its process: exit status 3"):
        given_by("import os\nos._exit(3)", "an-exercise", ("x",), apart=True)


def test_no_names_run_nothing():
    assert given_by("1 / 0", "an-exercise", (), apart=False) == {}


def test_names_of_a_setup_are_those_of_its_own_namespace():
    assert run_setup("x = 3", "an-exercise") == run_setup("x = 3", "an-exercise") | {"x": 3}
