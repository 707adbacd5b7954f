"""Take plain values from live objects; what is not plain data becomes `Unreadable` with its reason."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np

from quizlib.evidence.tree import ARRAY_DTYPES
from quizlib.evidence.values import Array, Blob, Name, Plain, Unreadable

MAX_DEPTH = 12
MAX_ITEMS = 5_000
MAX_TEXT = 10_000


def encode(value: object, depth: int = 0) -> Plain:
    """Return `value` as plain data: scalars, text, containers, arrays, tensors, models, bytes, dtypes.

    An object of any other type, a number that is not finite, and anything over the caps become `Unreadable`.
    A subclass of a plain type is read as that type, so that an overridden `__eq__` never reaches the judge.

    >>> encode({"bits": 8, "scale": np.float32(0.5)})["scale"].values
    array(0.5, dtype=float32)
    >>> encode(float("nan")).reason
    'is nan, which is not a finite number'
    """
    if depth > MAX_DEPTH:
        return Unreadable(class_name(value), f"is nested more than {MAX_DEPTH} deep")
    match value:
        case None | bool():
            return value
        case float():
            return float(value) if math.isfinite(value) else _not_finite(value)
        case int():
            return int(value) if abs(value) < 2**63 else Unreadable("int", "does not fit 64 bits")
        case str():
            return str(value) if len(value) <= MAX_TEXT else Unreadable("str", f"is over {MAX_TEXT} characters")
        case bytes() | bytearray():
            return Blob(bytes(value))
        case list() | tuple() | dict():
            return _container(value, depth)
        case np.ndarray() | np.generic():
            return array(np.asarray(value), value.dtype.name, "numpy")
        case _:
            return _framework(value)


def array(values: np.ndarray, dtype: str, library: str, is_contiguous: bool | None = None) -> Array | Unreadable:
    """Return an `Array` of `values`, or why they are not finite numbers."""
    if values.dtype.name not in ARRAY_DTYPES:
        if values.dtype.kind not in "fc" and values.dtype.name != "bfloat16":
            return Unreadable(f"{library} array", f"has dtype {dtype}, which holds no plain numbers")
        values = values.astype(np.float32)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        bad = int(values.size - np.isfinite(values).sum())
        return Unreadable(f"{library} array", f"holds NaN or infinity in {bad} of its {values.size} values")
    contiguous = bool(values.flags.c_contiguous) if is_contiguous is None else is_contiguous
    return Array(np.array(values, copy=True, order="C"), dtype, library, contiguous)


def class_name(value: object) -> str:
    """Return the qualified name of the class of `value`, built-ins without their module.

    >>> class_name(3), class_name(np.zeros(1))
    ('int', 'numpy.ndarray')
    """
    owner = type(value)
    prefix = "" if owner.__module__ == "builtins" else f"{owner.__module__}."
    return prefix + owner.__qualname__


def _not_finite(value: float) -> Unreadable:
    return Unreadable("float", f"is {float(value)}, which is not a finite number")


def _container(value: list[Any] | tuple[Any, ...] | dict[Any, Any], depth: int) -> Plain:
    if len(value) > MAX_ITEMS:
        return Unreadable(class_name(value), f"holds {len(value)} items; at most {MAX_ITEMS} can be read")
    if isinstance(value, dict):
        # A kernel's dict may be keyed by numbers; a table of evidence is keyed by text.
        return {str(key): encode(item, depth + 1) for key, item in value.items()}
    items = [encode(item, depth + 1) for item in value]
    return items if isinstance(value, list) else tuple(items)


def _framework(value: object) -> Plain:
    """Read objects of torch, TensorFlow and tf_keras, without importing what the learner has not."""
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        from quizlib.evidence import torch_objects

        if isinstance(value, torch.Tensor):
            return torch_objects.tensor(value)
        if isinstance(value, torch.nn.Module):
            return torch_objects.model(value)
        if isinstance(value, torch.dtype | torch.qscheme):
            return Name(str(value))
        if isinstance(value, torch.Size):
            return tuple(int(size) for size in value)
    if "tensorflow" in sys.modules or "tf_keras" in sys.modules:
        from quizlib.evidence import keras_objects

        if keras_objects.is_tensor(value):
            return keras_objects.tensor(value)
        if keras_objects.is_model(value):
            return keras_objects.model(value)
    if isinstance(value, np.dtype):
        return Name(value.name)
    if isinstance(value, type):
        return Name(
            value.__qualname__ if value.__module__ == "builtins" else f"{value.__module__}.{value.__qualname__}"
        )
    return Unreadable(class_name(value), "is neither a number, text, array, tensor, model nor bytes")
