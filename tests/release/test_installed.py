"""A learner has the wheel and nothing of ours besides: no checkout, and none of the libraries for grading."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .conftest import LESSON
from .test_leaks import project

FORBIDDEN = ("nbgrader", "jupytext", "yaml", "nbformat", "nbconvert", "nbclient", "torch", "tensorflow", "hatchling")

# Puts the unpacked wheel first, and fails on an import of what a learner need not have.
PRELUDE = f"""
import sys

class Forbid:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {FORBIDDEN!r}:
            raise ModuleNotFoundError(f"{{name}} is not for learners", name=name)

sys.meta_path.insert(0, Forbid())
sys.path.insert(0, sys.argv[1])
import quizlib
assert quizlib.__file__.startswith(sys.argv[1]), quizlib.__file__
"""


@pytest.fixture(scope="module")
def wheel(derived_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a project that holds the sample lesson, unpacked."""
    import shutil

    root = tmp_path_factory.mktemp("wheel")
    shutil.copytree(derived_once, root / "checkout")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(root / "dist")]
    subprocess.run([*command, str(project(root / "checkout"))], check=True, capture_output=True)
    with zipfile.ZipFile(next((root / "dist").glob("*.whl"))) as archive:
        archive.extractall(root / "site")
    shutil.rmtree(root / "checkout")
    return root / "site"


def run(wheel: Path, code: str, folder: Path) -> str:
    command = [sys.executable, "-I", "-c", PRELUDE + code, str(wheel)]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def test_learn_copies_the_lessons_out_of_the_wheel(wheel: Path, tmp_path: Path) -> None:
    code = "from quizlib.cli import app; app(['learn', 'mine', '--no-launch'], standalone_mode=False)"
    assert "new        90-sample" in run(wheel, code, tmp_path)
    assert (tmp_path / "mine" / LESSON / f"{LESSON}.ipynb").is_file()
    assert (tmp_path / "mine" / LESSON / "items/quantize-codes.safetensors").is_file()


def test_a_lone_notebook_is_checked_with_the_items_in_the_wheel(wheel: Path, tmp_path: Path) -> None:
    code = "quizlib.begin('90-sample'); print(quizlib.check('float-bytes', 4000).score)"
    assert run(wheel, code, tmp_path).strip() == "2.0"


def test_the_commands_of_the_author_say_that_they_need_a_checkout(wheel: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-c", PRELUDE + "from quizlib.cli import app; app(['release'])", str(wheel)]
    found = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert found.returncode == 1
    assert "pip install --editable" in found.stderr
    assert "Traceback" not in found.stderr
