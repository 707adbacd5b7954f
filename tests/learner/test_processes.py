"""What a kernel has loaded and what a terminal shows, seen in processes of their own."""

import json
import os
import subprocess
import sys

import pytest

from quizlib.evidence.places import GRADING_FOLDER
from quizlib.evidence.probe import Probe, write_probe


def run(code, cwd, **environment):
    """Run `code` as a script in `cwd` and return how it ended."""
    script = cwd / "script.py"
    script.write_text(code)
    settings = {**os.environ, "PYTHONWARNINGS": "error", **environment}
    return subprocess.run([sys.executable, script], cwd=cwd, env=settings, capture_output=True, text=True, check=False)


LOADED = 'import json, sys; print(json.dumps(sorted(name for name in sys.modules if name.startswith("quizlib"))))'


def test_grading_kernel_loads_neither_judge_nor_items_nor_measures(tmp_path):
    write_probe(tmp_path, Probe("smallest-dtype", 1, "answer", "smallest_dtype"))
    code = (
        "import quizlib\nfrom quizlib import check, hint\nquizlib.begin('90-sample', flavour='class')\n"
        "assert hint('smallest-dtype') is None\nprint(check('smallest-dtype', 'B'))\n"
    )

    ended = run(code + LOADED, tmp_path, **{GRADING_FOLDER: str(tmp_path)})

    assert ended.stderr == ""
    said, loaded = ended.stdout.splitlines()
    own = {".".join(name.split(".")[:2]) for name in json.loads(loaded)}
    assert said == "smallest-dtype: evidence taken"
    assert own == {"quizlib", "quizlib.atomic", "quizlib.errors", "quizlib.evidence", "quizlib.learner", "quizlib.zoo"}
    assert not {name for name in json.loads(loaded) if name.startswith("quizlib.learner.")} - {"quizlib.learner.front"}
    assert json.loads((tmp_path / "smallest-dtype.json").read_text())["item"] == "smallest-dtype"


def test_import_of_the_library_loads_nothing_else(tmp_path):
    code = "import sys; before = set(sys.modules); import quizlib; print(sorted(set(sys.modules) - before))"

    ended = run(code, tmp_path)

    heavy = ("numpy", "pydantic", "torch", "tensorflow", "nbgrader", "IPython", "rich")
    assert [name for name in heavy if f"'{name}" in ended.stdout] == []


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ("check('smallest-dtype', 'B')", "NotBegunError: run the import cell at the top of the notebook first"),
        ("quizlib.begin('90-sample'); check('smalest-dtype', 'B')", "did you mean 'smallest-dtype'"),
        ("quizlib.begin('90-sample'); check('smallest-dtype')", "ArgumentError: check needs your answer too"),
    ],
)
def test_mistake_in_a_script_is_one_sentence_below_the_line_that_made_it(releases, tmp_path, call, sentence):
    folder = releases / "self-study" / "90-sample"
    ended = run(f"import quizlib\nfrom quizlib import check\n{call}\n", folder)

    place, said = ended.stderr.splitlines()
    assert place == f'  File "{folder / "script.py"}", line 3'
    assert sentence in said
    assert ended.returncode == 1


def test_other_errors_in_a_script_keep_their_traceback(releases):
    ended = run("import quizlib\nquizlib.begin('90-sample')\n1 / 0\n", releases / "self-study" / "90-sample")

    assert ended.stderr.startswith("Traceback")
    assert "ZeroDivisionError" in ended.stderr
