"""What is kept of the evidence of a graded submission: which probe each item's evidence answers, and where it lies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from quizlib.evidence.probe import Probe, probe_document
from quizlib.grading.fate import Fate
from quizlib.items.base import Model

LISTING = "kept.json"


class KeptItem(Model):
    """What is kept of an item: a digest of the probe that its evidence answers, or why it left none."""

    probe: str
    fate: Fate | None = None


class Kept(Model):
    """The evidence of one notebook: what its code is told by, and its items."""

    format: Literal[1] = 1
    code: str
    items: dict[str, KeptItem]


def probe_digest(probe: Probe) -> str:
    """Return a hash of all that a probe asks; the revision of its item does not count.

    >>> probe = Probe("an-item", 1, "answer", "an_item")
    >>> probe_digest(probe) == probe_digest(replace(probe, revision=2)) != probe_digest(replace(probe, variable="x"))
    True
    """
    document, arrays = probe_document(replace(probe, revision=0))
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode("utf-8", "backslashreplace"))
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype} {array.shape}".encode() + array.tobytes())
    return digest.hexdigest()[:32]


def read_kept(folder: Path) -> Kept | None:
    """Return what is kept in a folder, or None if there is nothing that can be read."""
    try:
        return Kept.model_validate_json((folder / LISTING).read_bytes())
    except (OSError, ValidationError):
        return None


def answering(kept: Kept | None, code: str, items: Iterable[str]) -> dict[str, KeptItem]:
    """Return what is kept of some items of a submission whose code is told by `code`."""
    if kept is None or kept.code != code:
        return {}
    return {item: kept.items[item] for item in items if item in kept.items}
