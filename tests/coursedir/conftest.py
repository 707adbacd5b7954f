"""A course directory as small as one can be: a state, a secret, settings."""

import json
from pathlib import Path

import pytest

from quizlib.coursedir.course import Course

LESSON = "90-sample"
SETTINGS = "c = get_config()\n"


@pytest.fixture(autouse=True)
def no_settings_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Take no settings from whoever runs the tests; return the folder that stands for theirs."""
    folder = tmp_path / "jupyter"
    folder.mkdir()
    monkeypatch.setattr("quizlib.coursedir.settings.jupyter_config_path", lambda: [str(folder)])
    return folder


@pytest.fixture
def course(tmp_path: Path) -> Course:
    root = tmp_path / "course"
    (root / "release" / LESSON).mkdir(parents=True)
    (root / "release" / LESSON / f"{LESSON}.ipynb").write_text("{}")
    (root / "course.json").write_text(json.dumps({"format": 1, "current": "new", "releases": ["old", "new"]}))
    (root / "secret").write_text("0a" * 32 + "\n")
    (root / "nbgrader_config.py").write_text(SETTINGS)
    return Course.at(root)


def configure(course: Course, text: str) -> Course:
    """Add settings, and return the course as it is opened anew."""
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(text + "\n")
    return Course.at(course.root)
