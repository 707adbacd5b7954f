"""Take plain values from live objects; what is not plain data becomes `Unreadable` with its reason."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np

from quizlib.evidence.arrays import MAX_VALUES, WIDENED, flaw_of
from quizlib.evidence.values import Array, Blob, Name, Plain, Unreadable

MAX_DEPTH = 12
MAX_ENTRIES = 20_000
MAX_TEXT = 10_000


def encode(value: object) -> Plain:
    """Return `value` as plain data: scalars, text, containers, arrays, tensors, models, bytes, dtypes.

    An object of any other type, a number that is not finite, and anything over the caps become `Unreadable`.
    A subclass of a plain type is read as that type, so that an overridden `__eq__` never reaches the judge.

    >>> encode({"bits": 8, "scale": np.float32(0.5)})["scale"].values
    array(0.5, dtype=float32)
    >>> encode(float("nan")).reason
    'is nan, which is not a finite number'
    """
    try:
        return _Encoder().encode(value, 0)
    except _TooManyError:
        return Unreadable(class_name(value), f"holds over {MAX_ENTRIES:,} entries in all")


class _TooManyError(Exception):
    """The containers of a value hold too many entries, as a list that holds itself several times does."""


class _Encoder:
    """Reads one value, counting what it holds."""

    def __init__(self) -> None:
        self._entries = 0

    def encode(self, value: object, depth: int) -> Plain:
        self._entries += 1
        if self._entries > MAX_ENTRIES:
            raise _TooManyError
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
        return _framework(value)

    def _container(self, value: list[Any] | tuple[Any, ...] | dict[Any, Any], depth: int) -> Plain:
        if depth >= MAX_DEPTH:
            return Unreadable(class_name(value), f"is nested more than {MAX_DEPTH} deep")
        if isinstance(value, dict):
            return self._table(dict.items(value), depth)
        if isinstance(value, list):
            return [self.encode(item, depth + 1) for item in list.__iter__(value)]
        return tuple(self.encode(item, depth + 1) for item in tuple.__iter__(value))

    def _table(self, items: Any, depth: int) -> Plain:  # noqa: ANN401  a view of a dict
        """Read a dict; one in a kernel may be keyed by numbers, one in evidence is keyed by text."""
        table: dict[str, Plain] = {}
        for key, item in items:
            if not isinstance(key, str | int | float | tuple | None):
                return Unreadable("dict", f"has a key of type {class_name(key)}; use text or numbers")
            name = text(str(key))
            if not isinstance(name, str) or name in table:
                return Unreadable("dict", "has keys that are too long, or that read alike")
            table[name] = self.encode(item, depth + 1)
        return table


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


def _framework(value: object) -> Plain:
    """Read objects of torch, TensorFlow and tf_keras, without importing what the learner has not."""
    if "torch" in sys.modules:
        from quizlib.evidence import torch_objects

        if torch_objects.is_known(value):
            return torch_objects.read(value)
    if "tensorflow" in sys.modules or "tf_keras" in sys.modules:
        from quizlib.evidence import keras_objects

        if keras_objects.is_known(value):
            return keras_objects.read(value)
    if isinstance(value, np.dtype):
        return Name(f"numpy.{value.name}")
    if isinstance(value, type):
        return Name(_qualified(value))
    return Unreadable(class_name(value), "is neither a number, text, array, tensor, model nor bytes")
