"""The tests of a file run in one process, so that what a module's fixture builds is built once."""

import subprocess
import sys
from pathlib import Path

TESTS = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(20))
def test_where(number):
    with pathlib.Path({seen!r}).open("a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def test_the_tests_of_a_file_stay_in_one_process(tmp_path):
    (tmp_path / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text())
    for name in ("one", "two"):
        (tmp_path / f"test_{name}.py").write_text(TESTS.format(seen=str(tmp_path / name)))
    options = ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, "--rootdir", str(tmp_path), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "40 passed" in done.stdout, done.stdout + done.stderr
    for name in ("one", "two"):
        seen = (tmp_path / name).read_text().split()
        assert (len(seen), len(set(seen))) == (20, 1)
