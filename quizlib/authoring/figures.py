"""The alternative texts of a lesson's figures, which stand apart from its text.

In the text, between a question and the figure that answers it, they would give the answer away.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from quizlib.errors import SpecError

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_figures(path: Path) -> dict[str, str]:
    """Return the texts of a YAML file by figure id, each on one line.

    Raises:
        SpecError: the file is no mapping of ids to sentences.
    """
    try:
        entries: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SpecError(f"{path.name} cannot be read as YAML: {error}") from error
    if not isinstance(entries, dict):
        raise SpecError(f"{path.name} should hold a text for each figure, by its id; found {type(entries).__name__}.")
    return {_id(path, name): _text(path, name, text) for name, text in entries.items()}


def _id(path: Path, name: object) -> str:
    if not isinstance(name, str) or not ID.fullmatch(name):
        raise SpecError(f"{path.name}: {name!r} is no id of a figure; use words joined by hyphens.")
    return name


def _text(path: Path, name: str, text: object) -> str:
    told = " ".join(text.split()) if isinstance(text, str) else ""
    if not told.endswith("."):
        raise SpecError(f"{path.name}: figure {name} should be told in sentences, the last with its full stop.")
    return told
