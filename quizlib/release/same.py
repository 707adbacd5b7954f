"""Whether two released files say the same, up to the rounding of different processors.

A release stores results of running code: expected outputs, and outputs of known wrong attempts. Sums and matrix
products differ in their last digits from one processor to the next, so these files are compared number by number:
real numbers within 1e-4 relative (1e-5 absolute in arrays), integer codes within 1. Whatever a person edits shows
all the same: the release id in the notebook is a hash of every file of the lesson.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from quizlib.release.readable import decoded

RTOL = 1e-4
ATOL = 1e-5


def is_same_text(one: Path, other: Path) -> bool:
    """Say whether two text files have the same content, whatever their line ends."""
    try:
        return one.read_text(encoding="utf-8") == other.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False


def same_sheet(one: Path, other: Path) -> bool:
    """Say whether two halves of sheets (both JSON, or both safetensors) agree."""
    try:
        if one.suffix == ".safetensors":
            return _same_arrays(safetensors.numpy.load_file(one), safetensors.numpy.load_file(other))
        return same_tree(json.loads(one.read_bytes()), json.loads(other.read_bytes()))
    except (ValueError, safetensors.SafetensorError):
        return False


def same_tree(one: Any, other: Any) -> bool:  # noqa: ANN401  whatever JSON holds
    """Say whether two JSON values agree: real numbers up to rounding, encoded texts by what they decode to.

    >>> same_tree({"a": [1.0, "x"]}, {"a": [1.00001, "x"]}), same_tree([1.0], [1.1])
    (True, False)
    """
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same_tree(one[key], other[key]) for key in one)
        case list(), list():
            return len(one) == len(other) and all(map(same_tree, one, other))
        case float(), float():
            return math.isclose(one, other, rel_tol=RTOL, abs_tol=ATOL)
        case str(), str():
            return one == other or (decoded(one) is not None and decoded(one) == decoded(other))
    return type(one) is type(other) and bool(one == other)


def _same_arrays(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return one.keys() == other.keys() and all(same_array(one[name], other[name]) for name in one)


def same_array(one: np.ndarray, other: np.ndarray) -> bool:
    """Say whether two arrays agree in dtype and shape, and in values up to rounding.

    >>> same_array(np.array([1, 2], np.int8), np.array([1, 3], np.int8)), same_array(np.zeros(2), np.ones(2))
    (True, False)
    """
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype.kind == "f":
        return bool(np.allclose(one, other, rtol=RTOL, atol=ATOL))
    if one.dtype.kind in "iu":
        return bool((np.abs(one.astype(np.int64) - other.astype(np.int64)) <= 1).all())
    return bool((one == other).all())
