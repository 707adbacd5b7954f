"""Read an argument as an array or a whole number, or say in one sentence what is wrong with it."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError, ShapeError

# Types that the package ml_dtypes adds to NumPy; NumPy itself files them under "void".
_ML_DTYPES = ("bfloat16", "float8", "float6", "float4", "int4", "uint4", "int2", "uint2")


def finite_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return `value` as an array of finite real numbers or booleans with at least one element.

    Raises:
        ArgumentError: it is no array, has another dtype, NaN or an infinity. ShapeError: it is empty.
    """
    array = _as_array(name, value)
    if array.dtype.kind not in "biuf":
        raise ArgumentError(f"{name} has dtype {array.dtype}; pass an array of real numbers, integers or booleans.")
    if array.size == 0:
        raise ShapeError(f"{name} is empty, shape {array.shape}; pass an array with at least one element.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        bad = int(array.size - np.isfinite(array).sum())
        raise ArgumentError(
            f"{name} has {bad} NaN or infinite values of {array.size}; find the step that made them and pass "
            "finite values."
        )
    return array


def real_array(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return `value` as finite float64, so that no integer wraps and no half-precision sum is lost."""
    return finite_array(name, value).astype(np.float64)


def integer_array(name: str, value: ArrayLike) -> NDArray[np.int64]:
    """Return `value` as int64; floats pass when each is a whole number.

    Raises:
        ArgumentError: a value is no whole number, or beyond the 64-bit signed range.
    """
    array = finite_array(name, value)
    if array.dtype.kind == "f" and not (array == np.round(array)).all():
        raise ArgumentError(f"{name} has values that are not whole numbers, dtype {array.dtype}; pass integer codes.")
    if float(np.abs(array.astype(np.float64)).max()) >= 2.0**63:
        raise ArgumentError(f"{name} has values beyond the 64-bit signed range; pass codes of at most 32 bits.")
    return array.astype(np.int64)


def named_arrays(name: str, named: Mapping[str, ArrayLike]) -> dict[str, NDArray[Any]]:
    """Return each entry of `named` as a finite array, in its order.

    Raises:
        ArgumentError: `named` is no dict, or is empty.
    """
    if not isinstance(named, Mapping):
        raise ArgumentError(f"{name} is a {type(named).__name__}; pass a dict from a weight's name to its array.")
    if not named:
        raise ArgumentError(f"{name} has no entries; pass a dict with at least one named array.")
    return {key: finite_array(f"{name}[{key!r}]", value) for key, value in named.items()}


def require_same_shape(name_a: str, a: NDArray[Any], name_b: str, b: NDArray[Any]) -> None:
    """Raise ShapeError when the two arrays differ in shape."""
    if a.shape != b.shape:
        raise ShapeError(
            f"{name_a} has shape {a.shape}, but {name_b} has shape {b.shape}; pass two arrays of one shape."
        )


def whole_number(name: str, value: SupportsIndex, low: int, high: int | None = None) -> int:
    """Return `value` as an int within low..high, both included.

    Raises:
        ArgumentError: it is no whole number, or outside.
    """
    expected = f"a whole number >= {low}" if high is None else f"a whole number in {low}..{high}"
    try:
        number = operator.index(value)
    except TypeError as error:
        raise ArgumentError(f"{name} is {value!r}; pass {expected}.") from error
    if isinstance(value, bool) or number < low or (high is not None and number > high):
        raise ArgumentError(f"{name} is {value!r}; pass {expected}.")
    return number


def read_shape(name: str, shape: Sequence[SupportsIndex]) -> tuple[int, ...]:
    """Return `shape` as a tuple of ints >= 0.

    Raises:
        ArgumentError: `shape` is no sequence of whole numbers, or one of them is negative.
    """
    if isinstance(shape, (str, bytes)) or not isinstance(shape, Sequence):
        raise ArgumentError(f"{name} is {shape!r}; pass a tuple of whole numbers, such as (64, 128).")
    return tuple(whole_number(f"{name}[{i}]", length, 0) for i, length in enumerate(shape))


def axis_index(name: str, array: NDArray[Any], axis: SupportsIndex) -> int:
    """Return `axis` as a number in 0..ndim - 1; negative axes count from the last.

    Raises:
        ShapeError: `array` has no axes. ArgumentError: `axis` is none of them.
    """
    if array.ndim == 0:
        raise ShapeError(f"{name} is a single number without axes; pass an array with at least one axis.")
    return whole_number("axis", axis, -array.ndim, array.ndim - 1) % array.ndim


def _as_array(name: str, value: ArrayLike) -> NDArray[Any]:
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ArgumentError(
            f"{name} of type {type(value).__name__} cannot be read as a NumPy array ({error}); pass an array or nested "
            "lists of equal length; for a torch tensor, tensor.detach().float().cpu().numpy()."
        ) from error
    if array.dtype.kind == "V" and array.dtype.name.startswith(_ML_DTYPES):
        return array.astype(np.float32)
    return array
