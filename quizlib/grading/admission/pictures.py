"""What may be shown as a picture: PNG and JPEG, known by their first bytes, and no larger than a page can bear."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

MAX_BYTES = 5_000_000
MAX_SIDE = 16_000
MAX_PIXELS = 40_000_000
"""A file of some kilobytes may tell of a picture that takes gigabytes to show."""

_MARKERS = 1_000
"""Segments of a JPEG that are looked through for its size."""

NOT_SHOWN = {
    "image/png": (
        "iVBORw0KGgoAAAANSUhEUgAAADAAAAAgAQAAAAB8r8axAAAAiElEQVR42i3PPY1CURhF0XUPkBAqCvqZEhUECU8CUi5OkDASngzKEUBB"
        "RV7Cz0cB28DO4tNPVdWUAV6ZwzkruKZ1akzbUz3W3MSWhwh/YsG/aPtnF05FWF4Im4nQDuSzC3UiXJaEaUM4NKLGWRd3fsWLQZyZiysr"
        "qZHWZ7sjTW6wzgO2X8rX9QbcBSqubyLP3AAAAABJRU5ErkJggg=="
    )
}
"""A crossed-out box, which stands for a picture that cannot be shown; as an attachment of a cell."""


def is_picture(kind: str, encoded: object) -> bool:
    """Say whether `encoded`, in base64, is a picture of the kind (a MIME type), and one that can be shown.

    >>> is_picture("image/png", NOT_SHOWN["image/png"]), is_picture("image/jpeg", NOT_SHOWN["image/png"])
    (True, False)
    """
    if kind not in SIZES or not isinstance(encoded, str) or len(encoded) > MAX_BYTES:
        return False
    try:
        content = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    size = SIZES[kind](content)
    return size is not None and 0 < min(size) <= max(size) <= MAX_SIDE and size[0] * size[1] <= MAX_PIXELS


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return _number(content[16:20]), _number(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height from the first segment that begins a frame."""
    if content[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    for _ in range(_MARKERS):
        segment = content[at : at + 9]
        if len(segment) < 9 or segment[0] != 0xFF:
            return None
        if 0xC0 <= segment[1] <= 0xCF and segment[1] not in (0xC4, 0xC8, 0xCC):
            return _number(segment[7:9]), _number(segment[5:7])
        at += 2 + _number(segment[2:4])
    return None


def _number(digits: bytes) -> int:
    return int.from_bytes(digits, "big")


SIZES: dict[str, Callable[[bytes], tuple[int, int] | None]] = {"image/png": _png_size, "image/jpeg": _jpeg_size}
"""The kinds of pictures that are shown, and what reads width and height from the head of each."""
