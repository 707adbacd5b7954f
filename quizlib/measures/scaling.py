"""With which power of the size a cost grows."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures._arguments import real_array, require_same_shape


@dataclass(frozen=True)
class PowerLaw:
    """A fit of cost = coefficient * size ** exponent.

    Attributes:
        exponent: Slope on log-log axes; 1 is linear growth, 2 quadratic, 0 none.
        coefficient: Cost at size 1, in the unit of the costs.
        standard_error: Of the exponent; twice it on either side holds the true one about 19 times in 20.
        r_squared: Share of the costs' variance on log axes that the line explains, 0..1; 0.0 when costs are all equal.
    """

    exponent: float
    coefficient: float
    standard_error: float
    r_squared: float


def loglog_slope(sizes: ArrayLike, costs: ArrayLike) -> PowerLaw:
    """Fit a power law by least squares of log(costs) against log(sizes).

    The measured complexity of code is the exponent, given sizes that span a decade or more: at small sizes a constant
    overhead flattens the line.

    Args:
        sizes: Problem sizes, > 0, shape (N,) with N >= 3, at least two distinct.
        costs: Their costs, > 0, shape (N,), such as milliseconds, bytes or MACs.

    Raises:
        ArgumentError: A number that is not positive, all sizes equal, or NaN, infinite or non-numeric values.
        ShapeError: The shapes differ, are not (N,), or N < 3.

    >>> fit = loglog_slope([10, 100, 1000], [2.0, 200.0, 20000.0])
    >>> round(fit.exponent, 6), round(fit.coefficient, 6)
    (2.0, 0.02)
    """
    x, y = real_array("sizes", sizes), real_array("costs", costs)
    require_same_shape("sizes", x, "costs", y)
    if x.ndim != 1 or x.size < 3:
        raise ShapeError(f"sizes has shape {x.shape}; pass at least 3 sizes in one row, or no error can be estimated.")
    if (x <= 0).any() or (y <= 0).any():
        raise ArgumentError("sizes and costs must all be positive to have logarithms; leave out the zeros.")
    log_sizes = np.log(x)
    if np.ptp(log_sizes) == 0:
        raise ArgumentError(f"sizes are all {x[0]:g}; pass at least two distinct sizes.")
    return _fit_line(log_sizes, np.log(y))


def _fit_line(x: NDArray[np.float64], y: NDArray[np.float64]) -> PowerLaw:
    dx, dy = x - x.mean(), y - y.mean()
    slope = float((dx * dy).sum() / (dx * dx).sum())
    residual = float(np.square(dy - slope * dx).sum())
    total = float(np.square(dy).sum())
    explained = 0.0 if np.ptp(y) == 0 else max(0.0, 1 - residual / total)
    error = math.sqrt(residual / (x.size - 2) / float((dx * dx).sum()))
    return PowerLaw(slope, math.exp(float(y.mean() - slope * x.mean())), error, explained)
