"""`lesson.json`, which lies beside the sheets of a lesson and lists them in the order of its text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quizlib.evidence.places import LISTING


def read_listing(folder: Path) -> dict[str, Any]:
    """Return what the listing in `folder` says; nothing, where it is missing or damaged."""
    try:
        document = json.loads((folder / LISTING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def number_of(folder: Path, item: str) -> str:
    """Return the number of `item` in its notebook, such as `"2.1"`, as listed in `folder`; "" where it is not."""
    listed = read_listing(folder).get("items")
    for entry in listed if isinstance(listed, list) else []:
        match entry:
            case {"id": str(name), "number": str(number)} if name == item:
                return number
    return ""
