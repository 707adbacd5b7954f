import shutil
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[1] / "release" / "course"


@pytest.fixture
def course(tmp_path):
    """A copy of the sample course, to plant faults in."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture
def plant(course):
    """Replace a text in one file of the course, which must hold it."""

    def replace(file, old, new):
        path = course / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
