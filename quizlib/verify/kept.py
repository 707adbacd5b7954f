"""The evidence that verify took of an exercise, kept in one file, so that it can be judged again without a rerun."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from quizlib.atomic import replace_bytes
from quizlib.authoring.attempts import Attempt
from quizlib.evidence.files import read_evidence, write_evidence
from quizlib.items.released import ExerciseSheet, read_sheet, write_sheet
from quizlib.verify.depth import QUICK
from quizlib.verify.exercises import Ran, Subject

SHEETS, RUNS = "sheets", "runs"
"""Folders in the file, numbered: `sheets/<sheet>`, and `runs/<run>/<sheet>` with the evidence under that sheet.

The last sheet is that of practice; its evidence is a part of that under the others.
"""

SECRETS = QUICK.secrets
"""Secrets of which evidence is kept; what more of them show is judged once."""

DAMAGED = (OSError, EOFError, ValueError, KeyError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged file raises, errors of this library among them."""


def keep_evidence(path: Path, key: str, ran: Sequence[Ran]) -> None:
    """Write the evidence of an exercise to `path`, at once or not at all, in place of what was kept of it before.

    Kept is the evidence under the first secrets, those of a quick run.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".keeping-") as made:
        folder = Path(made)
        sheets = [*dict.fromkeys(sheet for one in ran for sheet, _ in one.evidence[:SECRETS]), ran[0].practice]
        for number, sheet in enumerate(sheets):
            write_sheet(_made(folder / SHEETS / f"{number}"), sheet, "self-study")
        for run, one in enumerate(ran):
            for sheet, evidence in one.evidence[:SECRETS]:
                write_evidence(_made(folder / RUNS / f"{run}" / f"{sheets.index(sheet)}"), evidence)
        _pack(folder, folder / "packed.zip", key)
        replace_bytes(path, (folder / "packed.zip").read_bytes())


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _pack(folder: Path, target: Path, key: str) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.comment = key.encode()
        for path in files:
            packed.write(path, path.relative_to(folder).as_posix())


def kept_evidence(path: Path, key: str, subject: Subject) -> list[Ran] | None:
    """Return what `run_exercise` found when it was kept under `key`; None if it was not, or is damaged."""
    try:
        with zipfile.ZipFile(path) as packed, tempfile.TemporaryDirectory() as taken:
            if packed.comment != key.encode():
                return None
            packed.extractall(taken)
            return _read(Path(taken), subject)
    except DAMAGED:
        return None


def _read(folder: Path, subject: Subject) -> list[Ran]:
    item = subject.spec.id
    sheets = {place.name: _sheet(place, subject) for place in _numbered(folder / SHEETS)}
    practice = list(sheets.values())[-1]
    runs: list[tuple[str, Attempt | None]] = [("solution", None), ("stub", None)]
    runs += [(attempt.label, attempt) for attempt in subject.attempts]
    ran = []
    for (label, attempt), run in zip(runs, _numbered(folder / RUNS), strict=True):
        pairs = [(sheets[place.name], read_evidence(place, item)) for place in _numbered(run)]
        ran.append(Ran(label, attempt, tuple(pairs), practice))
    return ran


def _sheet(place: Path, subject: Subject) -> ExerciseSheet:
    """Return a sheet with the facts that the course brings itself, which no file carries."""
    sheet = read_sheet(place, subject.spec.id)
    if not isinstance(sheet, ExerciseSheet):
        raise ValueError(f"{subject.spec.id} is kept as a question")
    return replace(sheet, facts=subject.spec.facts)


def _numbered(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda path: int(path.name))
