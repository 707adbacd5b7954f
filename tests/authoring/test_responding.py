import random
import sys
import warnings

import pytest

from quizlib.authoring.responding import run_response
from quizlib.authoring.setups import import_libraries
from quizlib.errors import SpecError
from tests.authoring.specs import spec


def run(source, setup="factor = 2\n"):
    found = spec(setup=setup)
    return run_response(found, source, found.public_sheet().probe)


def test_attempt_runs_after_the_setup_in_one_namespace():
    evidence = run("def double(x):\n    return factor * x\n")

    assert evidence.cases[0].output.values.tolist() == [0.0, 2.0, 4.0]


def test_each_attempt_starts_afresh():
    run("factor = 100\n")

    assert run("def double(x):\n    return factor * x\n").cases[0].output.values.tolist() == [0.0, 2.0, 4.0]


def test_attempt_that_defines_nothing_is_unanswered():
    assert run("other = 1\n").unanswered


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def double(:", "SyntaxError: invalid syntax"),
        ("raise SystemExit", "SystemExit: exit() was called; return the result instead"),
    ],
)
def test_what_an_attempt_raises_is_its_problem(source, problem):
    assert run(source).problem.startswith(problem)


@pytest.mark.parametrize("setup", ["1 / 0", "import no_such_module_anywhere", "raise SystemExit"])
def test_setup_that_fails_is_the_courses_fault(setup):
    with pytest.raises(SpecError, match="the setup of double-it fails"):
        run("double = abs", setup)


def test_attempt_is_silent(capfd):
    source = "import sys, warnings\nprint('out')\nprint('err', file=sys.stderr)\nwarnings.warn('w')\ndouble = abs\n"

    assert run(source).cases[0].output.values.tolist() == [0.0, 1.0, 2.0]
    assert capfd.readouterr() == ("", "")


def test_attempt_leaves_the_callers_output_and_filters_as_they_were():
    before = (sys.stdout, sys.stderr, list(warnings.filters), random.getstate())
    run("import warnings\nwarnings.simplefilter('always')\n1 / 0")

    assert (sys.stdout, sys.stderr, list(warnings.filters), random.getstate()) == before


def test_libraries_of_a_setup_are_imported_and_nothing_else_of_it_is_run(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    import_libraries("import colorsys\nfrom json import dumps\nraise SystemExit", "an-exercise")

    assert "colorsys" in sys.modules


@pytest.mark.parametrize("setup", ["import no_such_module_anywhere", "1 +"])
def test_setup_whose_libraries_cannot_be_imported_is_the_courses_fault(setup):
    with pytest.raises(SpecError, match="the setup of an-exercise fails"):
        import_libraries(setup, "an-exercise")
