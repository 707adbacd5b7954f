"""All that a person who tries can read in a file: its texts, those inside JSON, and those that are encoded."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_RUN = re.compile(r"[0-9A-Za-z!#$%&()*+\-;<=>?@^_`{|}~/]{40,}")
"""A run of characters of base85 or base64 that is long enough to carry a sentence."""

_MOST = 50_000_000


@dataclass(frozen=True)
class Readable:
    """The texts of a file: those in the open, and those behind an encoding."""

    plain: str
    encoded: str


def readable(content: bytes) -> Readable:
    """Return what can be read in a file's content; encodings inside encodings are followed."""
    plain = _opened(content)
    hidden = list(_hidden(plain))
    return Readable(plain, "\n".join(hidden))


def _hidden(text: str, depth: int = 3) -> Iterator[str]:
    for run in _RUN.findall(text) if depth else ():
        inner = decoded(run)
        if inner is not None:
            opened = _opened(inner)
            yield opened
            yield from _hidden(opened, depth - 1)


def _opened(content: bytes) -> str:
    """Return content as text; of JSON, its strings one by one, so that nothing stays escaped."""
    text = content.decode("utf-8", "replace")
    try:
        document = json.loads(text)
    except ValueError:
        return text
    return "\n".join(_strings(document))


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401  whatever JSON holds
    match value:
        case str():
            yield value
        case list() if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # the lines of a notebook's cell
            yield from value
        case list():
            for item in value:
                yield from _strings(item)
        case dict():
            for key, item in value.items():
                yield key
                yield from _strings(item)


def decoded(text: str) -> bytes | None:
    """Return what base85 or base64 of compressed data holds, or None where a text is nothing of the kind.

    >>> decoded(base64.b85encode(zlib.compress(b"the key")).decode())
    b'the key'
    """
    for decode in (base64.b85decode, lambda run: base64.b64decode(run, validate=True)):
        unpacked = zlib.decompressobj()
        try:
            content = unpacked.decompress(decode(text), _MOST)
        except (ValueError, binascii.Error, zlib.error):
            continue
        if unpacked.eof or len(content) == _MOST:
            return content
    return None
