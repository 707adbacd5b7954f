import sys
from pathlib import Path

import pytest

from quizlib.grading.execution.isolation.surroundings import STARTUP, kernel_environment, make_home
from quizlib.threads import ONE_THREAD


def test_no_variable_of_the_grader_reaches_the_kernel_unless_it_is_harmless(tmp_path):
    own = {"PATH": "/bin", "COURSE": str(tmp_path), "PWD": str(tmp_path), "TOKEN": "x", "PYTHONPATH": "/elsewhere"}
    found = kernel_environment(Path("/home"), Path("/probes"), own)
    assert found["PATH"] == "/bin"
    assert not {"COURSE", "PWD", "TOKEN", "PYTHONPATH"} & set(found)
    assert str(tmp_path) not in str(found)


def test_a_kernel_gets_one_thread():
    found = kernel_environment(Path("/home"), Path("/probes"), {})
    assert {found[name] for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")} == {"1"}
    assert {found[name] for name in ONE_THREAD} == {"1"}


def test_every_folder_that_survives_a_kernel_is_private():
    found = kernel_environment(Path("/h"), Path("/probes"), {"HOME": "/root"})
    for name in ("HOME", "IPYTHONDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME"):
        assert found[name].startswith("/h")


def test_a_home_is_private_and_new(tmp_path):
    make_home(tmp_path / "home")
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("places", "found"),
    [
        (["/lib/python3.11", "/lib/python3.11/site-packages", "/mine"], 1),
        (["/lib/python3", "/lib/python3/dist-packages"], 1),
        (["/lib/python3"], 1),
    ],
)
def test_imports_find_what_lies_beside_the_notebook_after_pythons_own_modules(monkeypatch, places, found):
    monkeypatch.setattr(sys, "path", places)
    names = {}
    exec(STARTUP, names)
    assert sys.path.index("") == found
    assert "sys" not in names, "a learner's names are the learner's"


def test_the_kernel_finds_the_weights_of_the_grader(tmp_path):
    own = {"QUIZLIB_MODELS": str(tmp_path / "weights")}
    assert kernel_environment(tmp_path, tmp_path, own)["QUIZLIB_MODELS"] == str(tmp_path / "weights")
