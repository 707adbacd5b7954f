"""The evidence that verify took of an exercise, kept in one file, so that it can be judged again without a rerun."""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from quizlib.authoring.spec import ExerciseSpec
from quizlib.evidence.files import read_evidence, write_evidence
from quizlib.items.released import ExerciseSheet, read_sheet, write_sheet
from quizlib.verify.exercises import Ran, Subject, planned

SHEET = "sheet"
"""Folder in the file of the public sheet, which holds what misconceptions are recognised by."""

DAMAGED = (OSError, EOFError, ValueError, KeyError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged file raises, errors of this library among them."""


def keep_evidence(path: Path, key: str, spec: ExerciseSpec, ran: Sequence[Ran]) -> None:
    """Write the evidence of an exercise to `path`, at once or not at all, in place of what was kept of it before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".keeping-") as made:
        folder = Path(made)
        (folder / SHEET).mkdir()
        write_sheet(folder / SHEET, spec.public_sheet(), "self-study")
        for number, one in enumerate(ran):
            for asked, (_, evidence) in enumerate(one.evidence):
                (folder / f"{number}" / f"{asked}").mkdir(parents=True)
                write_evidence(folder / f"{number}" / f"{asked}", evidence)
        _pack(folder, folder / "packed.zip", key)
        os.replace(folder / "packed.zip", path)  # noqa: PTH105  one atomic rename, also over an existing file


def _pack(folder: Path, target: Path, key: str) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.comment = key.encode()
        for path in files:
            packed.write(path, path.relative_to(folder).as_posix())


def kept_evidence(path: Path, key: str, subject: Subject) -> tuple[ExerciseSpec, list[Ran]] | None:
    """Return what `run_exercise` found when it was kept under `key`; None if it was not, or is damaged."""
    try:
        with zipfile.ZipFile(path) as packed, tempfile.TemporaryDirectory() as taken:
            if packed.comment != key.encode():
                return None
            packed.extractall(taken)
            return _read(Path(taken), subject)
    except DAMAGED:
        return None


def _read(folder: Path, subject: Subject) -> tuple[ExerciseSpec, list[Ran]]:
    sheet = read_sheet(folder / SHEET, subject.spec.id)
    if not isinstance(sheet, ExerciseSheet):
        raise ValueError(f"{subject.spec.id} is kept as a question")
    spec = replace(subject.spec, recognised=sheet.recognised)
    ran = []
    for number, one in enumerate(planned(spec, subject)):
        places = [folder / f"{number}" / f"{asked}" for asked in range(len(one.sheets))]
        answers = zip(one.sheets, [read_evidence(place, spec.id) for place in places], strict=True)
        ran.append(Ran(one.label, one.attempt, tuple(answers)))
    return spec, ran
