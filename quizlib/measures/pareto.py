"""Which variants of a model no other variant beats in everything."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ShapeError
from quizlib.measures._arguments import real_array


def is_pareto_optimal(costs: ArrayLike) -> NDArray[np.bool_]:
    """Mark the variants that no other variant beats: none is at most as costly in all and less costly in one.

    Args:
        costs: One row per variant, one column per cost (bytes, MACs, error = 1 - accuracy), lower is better; finite,
            shape (N, K). Negate what should be high.

    Returns:
        Booleans, shape (N,); equal variants stand or fall together.

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: `costs` is empty or not (N, K).

    >>> is_pareto_optimal([[100, 0.02], [50, 0.03], [60, 0.05]])
    array([ True,  True, False])
    """
    rows = real_array("costs", costs)
    if rows.ndim != 2:
        raise ShapeError(f"costs has shape {rows.shape}; pass one row per variant and one column per cost, (N, K).")
    return np.array([not _is_beaten(row, rows) for row in rows], dtype=np.bool_)


def _is_beaten(row: NDArray[np.float64], rows: NDArray[np.float64]) -> bool:
    return bool(((rows <= row).all(axis=1) & (rows < row).any(axis=1)).any())
