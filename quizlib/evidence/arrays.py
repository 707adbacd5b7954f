"""What holds of every array that crosses; the encoder and the reader ask the same questions."""

from __future__ import annotations

import math

import numpy as np

ARRAY_DTYPES = frozenset(
    [
        "bool",
        "int8",
        "uint8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "float16",
        "float32",
        "float64",
    ]
)
"""The dtypes in which numbers may cross."""

WIDENED = frozenset(
    [
        "bfloat16",
        "float8_e4m3fn",
        "float8_e4m3fnuz",
        "float8_e5m2",
        "float8_e5m2fnuz",
        "float8_e8m0fnu",
    ]
)
"""The dtypes that NumPy lacks; their numbers cross as float32, which holds each of them exactly."""

MAX_VALUES = 2**24
"""Values of one array at most, and of the dense form of a sparse one."""

SPARSE_PARTS = {"csr": ("crow_indices", "col_indices", "values"), "coo": ("indices", "values")}
"""The layouts of sparse tensors that can cross, and the arrays that each is made of."""


def flaw_of(values: np.ndarray) -> str | None:
    """Return why an array cannot cross, or None.

    >>> flaw_of(np.array([1.0, np.inf]))
    'holds NaN or infinity in 1 of its 2 values'
    """
    if values.dtype.name not in ARRAY_DTYPES:
        return f"has dtype {values.dtype.name}, which holds no plain numbers"
    # An axis of length 0 makes an array empty, whatever the others claim.
    if math.prod(max(1, size) for size in values.shape) > MAX_VALUES:
        return f"has shape {values.shape}; at most {MAX_VALUES:,} values can be read"
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        return f"holds NaN or infinity in {int((~np.isfinite(values)).sum())} of its {values.size} values"
    return None


def is_name_of(dtype: str, values: np.ndarray) -> bool:
    """Say whether an array whose owner calls its dtype so may be carried in `values`."""
    return dtype == values.dtype.name or (dtype in WIDENED and values.dtype.name == "float32")


def quantized_flaw_of(codes: np.ndarray, scales: np.ndarray, zero_points: np.ndarray) -> str | None:
    """Return why codes and their grid cannot cross, or None.

    Codes and zero points are whole numbers; scales and zero points have as many axes as the codes,
    each of a length that divides the codes' own.
    """
    if codes.dtype.kind not in "iu" or zero_points.dtype.kind not in "iu" or scales.dtype.kind != "f":
        return "has codes or zero points that are not whole numbers, or scales that are not real ones"
    if not (is_blocked(scales.shape, codes.shape) and is_blocked(zero_points.shape, codes.shape)):
        return (
            f"has codes of shape {codes.shape}, which scales of shape {scales.shape} and zero points of shape "
            f"{zero_points.shape} do not fit"
        )
    steps = scales.astype(np.float64)
    largest = np.finfo(np.float32).max / 2.0**65  # no code minus its zero point is above 2 ** 65
    if not ((steps >= np.finfo(np.float32).tiny) & (steps < largest)).all():
        return "has a scale that is not above zero, or too large for its codes"
    return None


def is_blocked(grid: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Say whether each axis of `grid` divides that of `shape` into blocks of one length.

    >>> is_blocked((4, 2), (4, 64)), is_blocked((3, 1), (4, 64))
    (True, False)
    """
    return len(grid) == len(shape) and all(
        blocks == size or (blocks > 0 and size % blocks == 0) for blocks, size in zip(grid, shape, strict=True)
    )


def sparse_flaw_of(layout: str, shape: tuple[int, ...], parts: dict[str, np.ndarray]) -> str | None:
    """Return why the parts of a sparse tensor cannot cross, or None; its indices are whole, in range and distinct."""
    if layout not in SPARSE_PARTS or set(parts) != set(SPARSE_PARTS[layout]):
        return f"has layout {layout[:20]!r}, which is not read here"
    if math.prod(max(1, size) for size in shape) > MAX_VALUES:
        return f"has shape {shape}; at most {MAX_VALUES:,} values can be read"
    if any(part.dtype.kind not in "iu" for name, part in parts.items() if name != "values"):
        return "has indices that are not whole numbers"
    fits = _csr_fits(shape, **parts) if layout == "csr" else _coo_fits(shape, **parts)
    return None if fits else f"has indices that do not fit its shape {shape}"


def _csr_fits(shape: tuple[int, ...], *, crow_indices: np.ndarray, col_indices: np.ndarray, values: np.ndarray) -> bool:
    if len(shape) != 2 or crow_indices.shape != (shape[0] + 1,) or col_indices.shape != values.shape:
        return False
    ends = [int(end) for end in crow_indices]
    if values.ndim != 1 or ends[0] != 0 or ends[-1] != len(values) or ends != sorted(ends):
        return False
    rows = np.repeat(np.arange(shape[0]), np.diff(ends))
    return _coo_fits(shape, indices=np.stack([rows, col_indices.astype(np.int64)]), values=values)


def _coo_fits(shape: tuple[int, ...], *, indices: np.ndarray, values: np.ndarray) -> bool:
    if values.ndim != 1 or indices.shape != (len(shape), len(values)):
        return False
    places = tuple(indices.astype(np.int64))
    if not all(((axis >= 0) & (axis < size)).all() for axis, size in zip(places, shape, strict=True)):
        return False
    if not shape or not len(values):
        return len(values) <= 1
    return len(np.unique(np.ravel_multi_index(places, shape))) == len(values)
