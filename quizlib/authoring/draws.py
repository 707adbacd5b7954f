"""Numbers for the cases of a spec: far from ties, of mixed signs, in memory that is not contiguous."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Kind = TypeVar("Kind", bound=np.generic)

NO_FLOOR = 2.0**-100
"""The least scale of an observer that serves as an oracle; its default would enlarge the scale of an idle channel."""


def far_from_ties(generator: np.random.Generator, codes: ArrayLike, scale: float) -> NDArray[np.float32]:
    """Return real values up to 0.4 steps from `codes`, so that no rounding mode and no float error matters.

    Args:
        generator: What draws how far each value is from its code.
        codes: Whole numbers, any shape.
        scale: Step, > 0.

    >>> far_from_ties(np.random.default_rng(0), [3, -2], 1.0).round().tolist()
    [3.0, -2.0]
    """
    centres = np.asarray(codes)
    return ((centres + generator.uniform(-0.4, 0.4, centres.shape)) * scale).astype(np.float32)


def strided(values: NDArray[Kind]) -> NDArray[Kind]:
    """Return the same numbers in memory that is not contiguous.

    >>> strided(np.arange(3)).flags.c_contiguous
    False
    """
    return np.stack([values, values], -1)[..., 0]


def shuffled_signs(generator: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Return as many ones below 0 as above, or one more below, in any order.

    >>> sorted(shuffled_signs(np.random.default_rng(0), 3).tolist())
    [-1.0, -1.0, 1.0]
    """
    return generator.permutation(np.resize([-1.0, 1.0], size))
