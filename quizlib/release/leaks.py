"""Look for secrets in files that go out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from quizlib.evidence.responses import RESPONSES
from quizlib.items.released import Flavour
from quizlib.release.readable import readable
from quizlib.release.secrets import WINDOW_LINES, Secret, Secrets, normal

LIBRARY_SHORTEST = 60
"""Characters from which a piece of a solution in the library itself is no coincidence of common lines."""


def leaks(files: Mapping[str, bytes], secrets: Secrets, flavour: Flavour) -> Iterator[str]:
    """Yield a sentence on each secret that a file carries, in the open or encoded.

    The texts of keys may stand in a self-study release where they are encoded, and nowhere else.
    """
    for name, content in sorted(files.items()):
        found = readable(content)
        everything = f"{found.plain}\n{found.encoded}"
        is_library = name.endswith(".py")
        yield from _code_leaks(name, normal(everything), secrets.code, LIBRARY_SHORTEST if is_library else 0)
        yield from (f"{name} holds {word.text}, planted in {word.owner}." for word in _in(secrets.words, everything))
        keys = everything if flavour == "class" else found.plain
        yield from (f"{name} holds a text of the key of {key.owner}." for key in _in(secrets.keys, keys))
        yield from _array_leaks(name, content, secrets.arrays)
        yield from _structure_leaks(name, content, flavour)


def _in(secrets: Iterable[Secret], text: str) -> Iterator[Secret]:
    return (secret for secret in secrets if secret.text in text)


def _code_leaks(name: str, text: str, code: Iterable[Secret], shortest: int) -> Iterator[str]:
    pieces = _runs(text.split("\n"))
    for secret in code:
        if len(secret.text) >= shortest and secret.text in pieces:
            first = secret.text.split("\n")[0]
            yield f"{name} holds lines of {secret.owner}, from {first!r}."


def _runs(lines: list[str]) -> set[str]:
    """Return every run of lines as long as a piece of a solution can be: a look-up for each piece, no search."""
    starts = range(len(lines))
    return {"\n".join(lines[start : start + length]) for length in range(1, WINDOW_LINES + 1) for start in starts}


def _array_leaks(name: str, content: bytes, arrays: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    for item, array in arrays:
        if array in content:
            yield f"{name} holds an array of a private probe of {item}."


def _structure_leaks(name: str, content: bytes, flavour: Flavour) -> Iterator[str]:
    """Yield what gives itself away by its place: a solution marker, a private case, a key in a class release."""
    if name.endswith(".ipynb") and b"BEGIN SOLUTION" in content:
        yield f"{name} holds a marked solution."
    if not name.endswith(".json"):
        return
    if b'"private-' in content:
        yield f"{name} holds a private case."
    try:
        document = json.loads(content)
    except ValueError:
        return  # no document at all; where it should be one, it is stale, which is said already
    if flavour == "class" and isinstance(document, dict):
        yield from (f"{name} holds {what}." for what in _keys_in(document))


def _keys_in(document: dict[str, Any]) -> Iterator[str]:
    """Yield what a class sheet has and should not."""
    if document.get("key") is not None:
        yield "the key of a question"
    exercise = document.get("exercise")
    solved = [kind for kind, response in RESPONSES.items() if response.is_compared_itself]
    if isinstance(exercise, dict) and exercise.get("response") in solved and document.get("answers"):
        yield "the expected values of an exercise"


def files_below(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
