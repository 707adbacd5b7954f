"""What was handed in, as far as it is regular files within caps: nothing else of a submission is ever opened.

A folder may hold pipes, sockets, links to anywhere, folders in folders without end, files that claim a terabyte.
"""

from __future__ import annotations

import fnmatch
import heapq
import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quizlib.coursedir.student_id import readable

MAX_FILES = 1_000
MAX_FILE_BYTES = 50_000_000
MAX_BYTES = 100_000_000
"""Bytes of all files together."""

MAX_DEPTH = 10
"""How many folders may lie in one another."""

MAX_PATH = 500
"""Bytes of a file's name with the folders it lies in; a file system takes about 4,000 of a whole path."""

MAX_ENTRIES = 10_000
"""Files and folders that are looked at; of a folder with more the first ones by name."""


@dataclass(frozen=True)
class LeftOut:
    """Something that is not taken: its name, and a reason that goes on after "left out:"."""

    name: str
    reason: str
    size: int = 0


@dataclass(frozen=True)
class Survey:
    """The regular files below a folder by their names there, sorted, and what was left out."""

    files: dict[str, Path] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()


def survey(folder: Path, ignored: Sequence[str] = (), outermost: Sequence[str] = ()) -> Survey:
    """Look through a folder, outermost files first, without opening anything or following a link.

    Args:
        folder: Where to look; a folder that is none, or a link, holds no files.
        ignored: Patterns of names that are passed over in silence, files and folders, as nbgrader does.
        outermost: More of them, for what lies in the folder itself.
    """
    files: dict[str, Path] = {}
    left_out: list[LeftOut] = []
    total = 0
    for name, path, size, reason in _looked_at(folder, ignored, outermost):
        reason = reason or _over_cap(len(files), total, size)
        if reason:
            left_out.append(LeftOut(name, reason, size))
        else:
            files[name] = path
            total += size
    return Survey({name: files[name] for name in sorted(files, key=Path)}, tuple(left_out))


def _over_cap(count: int, total: int, size: int) -> str:
    if size > MAX_FILE_BYTES:
        return f"over {MAX_FILE_BYTES:,} bytes"
    if total + size > MAX_BYTES:
        return f"beyond the {MAX_BYTES:,} bytes that are taken of a submission"
    if count >= MAX_FILES:
        return f"beyond the {MAX_FILES:,} files that are taken of a submission"
    return ""


def _looked_at(folder: Path, ignored: Sequence[str], outermost: Sequence[str]) -> Iterator[tuple[str, Path, int, str]]:
    """Yield name, path, size and, where it is no file to take, the reason, folder by folder, the outermost first."""
    todo = deque([("", folder, 0)])
    looked_at = 0
    while todo:
        inside, place, depth = todo.popleft()
        try:
            patterns = ignored if depth else (*ignored, *outermost)
            names = heapq.nsmallest(MAX_ENTRIES + 1 - looked_at, _names(place, patterns))
        except OSError as error:
            yield inside.rstrip("/") or ".", place, 0, f"a folder that cannot be read ({error.strerror})"
            continue
        for entry in names:
            name, path = f"{inside}{entry}", place / entry
            looked_at += 1
            if looked_at > MAX_ENTRIES:
                yield name, path, 0, f"beyond the {MAX_ENTRIES:,} files and folders that are looked at"
                return
            kind, size, reason = _kind(path, name, depth)
            if kind == "folder" and not reason:
                todo.append((f"{name}/", path, depth + 1))
            else:
                yield name, path, size, reason


def _names(place: Path, ignored: Sequence[str]) -> Iterator[str]:
    if place.is_symlink() or not place.is_dir():
        return
    with os.scandir(place) as entries:
        for entry in entries:
            if not any(fnmatch.fnmatch(entry.name, pattern) for pattern in ignored):
                yield entry.name


def _kind(path: Path, name: str, depth: int) -> tuple[str, int, str]:
    """Return `folder`, `file` or `other`, the size of a file, and why it is left out if so."""
    if len(os.fsencode(name)) > MAX_PATH:
        return "other", 0, f"a name, with its folders, of over {MAX_PATH} bytes"
    try:
        found = path.lstat()
    except OSError as error:
        return "other", 0, f"it cannot be looked at ({error.strerror})"
    if stat.S_ISDIR(found.st_mode):
        return "folder", 0, "" if depth < MAX_DEPTH else f"below {MAX_DEPTH} folders"
    if stat.S_ISREG(found.st_mode):
        return "file", found.st_size, ""
    return "other", 0, "a link" if stat.S_ISLNK(found.st_mode) else "no regular file"


def told(left_out: Iterable[LeftOut]) -> list[str]:
    """Return a sentence for each reason, with the name of one file and how many others there are.

    >>> told([LeftOut("a", "a link"), LeftOut("b", "a link"), LeftOut("c", "below 10 folders")])
    ['a and 1 more left out: a link.', 'c left out: below 10 folders.']
    """
    by_reason: dict[str, list[str]] = {}
    for one in left_out:
        by_reason.setdefault(one.reason, []).append(one.name)
    return [
        f"{plain_name(names[0])}{f' and {len(names) - 1:,} more' if len(names) > 1 else ''} left out: {reason}."
        for reason, names in by_reason.items()
    ]


def plain_name(name: str) -> str:
    """Return a file's name as text that means nothing to Markdown, HTML or a terminal.

    >>> plain_name("<b>my*.ipynb")
    '_b_my_.ipynb'
    """
    kept = (letter if letter.isalnum() or letter in "_. ()/-" else "_" for letter in readable(name))
    return "".join(kept)[:80]
