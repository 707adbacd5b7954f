"""What Python and NumPy make as plain data, and the leaves that every other reader needs: arrays, texts, names."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from quizlib.evidence.arrays import MAX_VALUES, WIDENED, flaw_of
from quizlib.evidence.values import Array, Blob, Name, Plain, Unreadable

MAX_DEPTH = 12
MAX_ENTRIES = 20_000
MAX_TEXT = 10_000
MAX_DIGITS = 400
"""Digits of a number that is the key of a dict; Python turns no text of thousands of digits into a whole number."""

ALIKE = "has keys that are too long, or that read alike"
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)


def unreadable(value: object) -> Unreadable:
    """Return what stands for an object that is not plain data and holds none."""
    return Unreadable(class_name(value), "is neither a number, text, array, tensor, model nor bytes")


def read(value: object, read_other: Callable[[object], Plain] = unreadable) -> Plain:
    """Return what Python and NumPy make as plain data: scalars, text, containers, arrays, bytes, dtypes, classes.

    A number that is not finite, and anything over the caps, become `Unreadable`.
    A subclass of a plain type is read as that type, so that an overridden `__eq__` never reaches the judge.

    Args:
        value: Any object.
        read_other: Reads each object inside `value` that is neither.

    >>> read([np.int8(3), (0.5, "a")])[1]
    (0.5, 'a')
    """
    try:
        return _Reader(read_other).read(value, 0)
    except _TooManyError:
        return Unreadable(class_name(value), f"holds over {MAX_ENTRIES:,} entries in all")


class _TooManyError(Exception):
    """The containers of a value hold too many entries, as a list that holds itself several times does."""


class _Reader:
    """Reads one value, counting what it holds."""

    def __init__(self, read_other: Callable[[object], Plain]) -> None:
        self._read_other = read_other
        self._entries = 0

    def read(self, value: object, depth: int) -> Plain:
        self._entries += 1
        if self._entries > MAX_ENTRIES:
            raise _TooManyError
        if value.__class__ is not type(value):  # it says that it is something else
            return unreadable(value)
        # The methods of the plain types are called by the type's name: a subclass may have overridden its own.
        match value:
            case None | bool():
                return value
            case int():
                return _integer(int.__index__(value))
            case float():
                return _number(float.__float__(value))
            case str():
                return text(str.__str__(value))
            case bytes() | bytearray():
                return _blob(value)
            case list() | tuple() | dict():
                return self._container(value, depth)
            case np.ndarray() | np.generic():
                return array(np.asarray(value), value.dtype.name, "numpy")
            case np.dtype():
                return Name(f"numpy.{value.name}")
            case type():
                return Name(_qualified(value))
        return self._read_other(value)

    def _container(self, value: list[Any] | tuple[Any, ...] | dict[Any, Any], depth: int) -> Plain:
        if depth >= MAX_DEPTH:
            return Unreadable(class_name(value), f"is nested more than {MAX_DEPTH} deep")
        if isinstance(value, dict):
            return self._table(list(dict.items(value)), depth)  # a key may change the table as it is written
        if isinstance(value, list):
            return [self.read(item, depth + 1) for item in list.__iter__(value)]
        return tuple(self.read(item, depth + 1) for item in tuple.__iter__(value))

    def _table(self, items: list[tuple[Any, Any]], depth: int) -> Plain:
        """Read a dict; one in a kernel may be keyed by numbers, one in evidence is keyed by text, see `key_text`."""
        table: dict[str, Plain] = {}
        for key, item in items:
            if not isinstance(key, str | int | float | tuple | None):
                return Unreadable("dict", f"has a key of type {class_name(key)}; use text or numbers")
            name = _key(key)
            if isinstance(name, Unreadable) or name in table:
                return name if isinstance(name, Unreadable) else Unreadable("dict", ALIKE)
            table[name] = self.read(item, depth + 1)
        return table


def _key(key: object) -> str | Unreadable:
    try:
        written = text(key_text(key))
    except Exception as error:  # a whole number of thousands of digits, or what the learner's own class raises
        return Unreadable("dict", f"has a key that cannot be written ({type(error).__name__})")
    return written if isinstance(written, str) else Unreadable("dict", ALIKE)


def key_text(key: object) -> str:
    """Return the key of a dict as text: a text that reads like a number in quotes, so that it differs from the number.

    >>> key_text(8), key_text("8"), key_text("bits")
    ('8', "'8'", 'bits')
    """
    if not isinstance(key, str):
        return str(key)
    written = str.__str__(key)
    return repr(written) if NUMBER.fullmatch(written) else written


def written_key(key: str) -> str:
    """Return the key of a dict in evidence as a learner writes it.

    >>> print(written_key("8"), written_key("'8'"), written_key("bits"))
    8 '8' 'bits'
    """
    return repr(live_key(key))


def live_key(key: str) -> str | int | float:
    """Return what the key of a dict in evidence stands for.

    >>> live_key("8"), live_key("-0.5"), live_key("'8'"), live_key("bits")
    (8, -0.5, '8', 'bits')
    """
    if NUMBER.fullmatch(key) and len(key) <= MAX_DIGITS:
        return float(key) if "." in key else int(key)
    return key[1:-1] if NUMBER.fullmatch(key[1:-1]) and key == repr(key[1:-1]) else key


def _integer(value: int) -> int | Unreadable:
    return value if -(2**63) < value < 2**63 else Unreadable("int", "does not fit 64 bits")


def _number(value: float) -> float | Unreadable:
    return value if math.isfinite(value) else Unreadable("float", f"is {value}, which is not a finite number")


def _blob(value: bytes | bytearray) -> Blob | Unreadable:
    if len(value) > MAX_VALUES:
        return Unreadable("bytes", f"holds {len(value):,} bytes; at most {MAX_VALUES:,} can be read")
    return Blob(bytes(value))


def text(value: str) -> str | Unreadable:
    """Return a text, unless it is too long or holds a lone surrogate, which no file can keep."""
    if len(value) > MAX_TEXT:
        return Unreadable("str", f"is over {MAX_TEXT:,} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        return Unreadable("str", "is not valid Unicode")
    return value


def array(values: np.ndarray, dtype: str, library: str, is_contiguous: bool | None = None) -> Array | Unreadable:
    """Return an `Array` of `values`, or why they are no finite numbers; `dtype` is the owner's name for theirs."""
    if dtype in WIDENED:
        values = values.astype(np.float32)
    flaw = flaw_of(values)
    if flaw is not None:
        return Unreadable(f"{library} array", flaw)
    contiguous = bool(values.flags.c_contiguous) if is_contiguous is None else is_contiguous
    return Array(np.array(values, copy=True, order="C", subok=False), dtype, library, contiguous)


def class_name(value: object) -> str:
    """Return the qualified name of the class of `value`, built-ins without their module.

    >>> class_name(3), class_name(np.zeros(1))
    ('int', 'numpy.ndarray')
    """
    return _qualified(type(value))


def _qualified(owner: type) -> str:
    prefix = "" if owner.__module__ == "builtins" else f"{owner.__module__}."
    return prefix + owner.__qualname__
