"""An array as the Python that makes it, or in words where that would be too long."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from quizlib.evidence.values import Array

LONGEST = 240
"""Characters of Python at most that an array is shown in: what a learner would still copy."""

MOST_NUMBERS = 128
FIRST = 4
"""Numbers that stand for all where an array is told in words."""

_MODULES = {"numpy": "np", "torch": "torch", "tensorflow": "tf"}
_KINDS = {"numpy": "NumPy array", "torch": "torch tensor", "tensorflow": "TensorFlow tensor"}
_INFERRED = {
    "numpy": ("float64", "int64", "bool"),
    "torch": ("float32", "int64", "bool"),
    "tensorflow": ("float32", "int32", "bool"),
}
"""The dtypes that a library gives to numbers of Python of its own accord; the first is that of its `zeros`."""


Style = Literal["short", "exact", "typed"]
"""Real numbers in six digits; in all their digits; and, to be typed, also with views made as views."""


def array_text(value: Array, style: Style = "short") -> str:
    """Return an array as Python if that is short, else in words between angle brackets.

    >>> array_text(Array(np.array([1, 2], np.int8), "int8"))
    'np.array([1, 2], dtype=np.int8)'
    >>> array_text(Array(np.arange(500.0), "float64"))
    '<float64 NumPy array of shape (500,), from 0.0 to 499.0: 0.0, 1.0, 2.0, 3.0, …>'
    """
    source = array_source(value, style)
    return _words(value, style) if source is None else source


def array_source(value: Array, style: Style = "typed") -> str | None:
    """Return the Python that makes an array, or None where it is too long to be copied.

    >>> array_source(Array(np.full((2, 3, 4), 0.5, np.float32), "float32", "torch"))
    'torch.full((2, 3, 4), 0.5)'
    """
    made = _constant(value) if _is_constant(value) else _literal(value, exact=style != "short")
    if made is not None and style == "typed" and is_view(value):
        made = _as_view(value, made)
    return made if made is not None and len(made) <= LONGEST else None


def is_view(value: Array) -> bool:
    """Say whether an array is one of whose numbers not all lie side by side in memory."""
    return not value.is_contiguous and value.values.size > 1 and value.library != "tensorflow"


def _is_constant(value: Array) -> bool:
    values = value.values
    if values.size == 0:
        return True
    first = values.flat[0]
    return values.size > FIRST and bool((values == first).all()) and not (first == 0 and np.signbit(values).any())


def _literal(value: Array, *, exact: bool) -> str | None:
    if value.values.size > MOST_NUMBERS:
        return None
    module, numbers = _MODULES[value.library], _listed(value.values, exact)
    if value.library == "numpy" and value.values.ndim == 0:
        return f"np.{value.dtype}({numbers})"
    maker = {"np": "array", "torch": "tensor", "tf": "constant"}[module]
    return f"{module}.{maker}({numbers}{_dtype(value, *_INFERRED[value.library])})"


def _constant(value: Array) -> str:
    module, values = _MODULES[value.library], value.values
    number = values.flat[0] if values.size else values.dtype.type(0)
    sizes = ", ".join(map(str, values.shape))
    shape = sizes if module == "torch" or values.ndim == 1 else f"({sizes})"
    if number in (0, 1) and value.dtype != "bool":
        return f"{module}.{'ones' if number else 'zeros'}({shape}{_dtype(value, _INFERRED[value.library][0])})"
    dtype = _dtype(value, *_INFERRED[value.library])
    if module == "tf":
        return f"tf.constant({_number(number)}{dtype}, shape={values.shape})"
    return f"{module}.full({values.shape}, {_number(number)}{dtype})"


def _as_view(value: Array, made: str) -> str:
    """Return every second number of twice as many: the same numbers, and the strides of the argument itself."""
    axes = "::2" if value.values.ndim == 1 else "..., ::2"
    if value.library == "torch":
        return f"{made}.repeat_interleave(2, -1)[{axes}]"
    return f"np.repeat({made}, 2, axis=-1)[{axes}]"


def _dtype(value: Array, *inferred: str) -> str:
    return "" if value.dtype in inferred else f", dtype={_MODULES[value.library]}.{value.dtype}"


def _listed(values: np.ndarray, exact: bool) -> str:
    if values.ndim == 0:
        return _number(values[()], exact=exact)
    return f"[{', '.join(_listed(row, exact) for row in values)}]"


def _number(number: Any, *, exact: bool = True) -> str:  # noqa: ANN401  a scalar of any dtype
    """Return a number of an array as Python reads it back; a real number always shows that it is one."""
    if not isinstance(number, np.floating):
        return str(number)
    text = str(number) if exact else f"{number:.6g}"
    return text if set(text) & set(".en") else f"{text}.0"


def _words(value: Array, style: Style) -> str:
    values = value.values
    first = ", ".join(_number(number, exact=False) for number in values.flat[:FIRST])
    ends = " to ".join(_number(end, exact=False) for end in (values.min(), values.max()))
    view = ", not contiguous" if style == "typed" and is_view(value) else ""
    return f"<{value.dtype} {_KINDS[value.library]} of shape {values.shape}{view}, from {ends}: {first}, …>"
