"""How far a reconstruction `x_hat` lies from the real values `x`."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures._arguments import axis_index, real_array, require_same_shape


def sqnr_db(x: ArrayLike, x_hat: ArrayLike) -> float:
    """Return the signal-to-quantization-noise ratio in decibels.

    sqnr = 10 * log10(sum(x ** 2) / sum((x - x_hat) ** 2)); each further bit adds about 6.02 dB.

    Args:
        x: Real values, finite, any shape.
        x_hat: Their reconstruction, same shape.

    Returns:
        Decibels; inf when the two are equal, -inf when `x` is all zeros and `x_hat` is not.

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: The shapes differ, or an array is empty.

    Source: Gersho and Gray 1992, "Vector Quantization and Signal Compression", section 5.

    >>> round(sqnr_db([3.0, 4.0], [3.0, 3.5]), 6)
    20.0
    """
    signal, noise = _signal_and_noise(x, x_hat)
    signal_db, noise_db = _norm_db(signal), _norm_db(noise)
    return math.inf if noise_db == -math.inf else signal_db - noise_db


def max_abs_error(x: ArrayLike, x_hat: ArrayLike) -> float:
    """Return the largest absolute difference, max(|x - x_hat|), in the unit of `x`.

    Args:
        x: Real values, finite, any shape.
        x_hat: Their reconstruction, same shape.

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: The shapes differ, or an array is empty.

    >>> max_abs_error([1.0, 2.0], [1.25, 1.5])
    0.5
    """
    return float(np.abs(_signal_and_noise(x, x_hat)[1]).max())


def mean_squared_error(x: ArrayLike, x_hat: ArrayLike) -> float:
    """Return the mean squared difference, mean((x - x_hat) ** 2); uniform rounding errors give scale ** 2 / 12.

    Args:
        x: Real values, finite, any shape.
        x_hat: Their reconstruction, same shape.

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: The shapes differ, or an array is empty.

    >>> mean_squared_error([1.0, 2.0], [1.5, 2.0])
    0.125
    """
    with np.errstate(over="ignore"):  # beyond float64's range inf is the honest answer
        return float(np.square(_signal_and_noise(x, x_hat)[1]).mean())


def max_error_steps(x: ArrayLike, x_hat: ArrayLike, scale: ArrayLike, axis: int | None = None) -> float:
    """Return the largest absolute error in steps of the grid, max(|x - x_hat| / scale).

    Rounding to nearest stays within 0.5 where nothing saturates; floor comes near 1, and saturation may go anywhere.

    Args:
        x: Real values, finite, any shape.
        x_hat: Their reconstruction, same shape.
        scale: Steps in the unit of `x`, > 0: one number; with `axis` shape (C,); or as many axes as `x`, each of its
            length or 1. For groups repeat each scale over its group.
        axis: The axis of `x` that `scale` runs along, for a scale per channel.

    Raises:
        ArgumentError: A scale that is not positive, `axis` out of range, or NaN, infinite or non-numeric values.
        ShapeError: The shapes do not fit, or an array is empty.

    >>> max_error_steps([0.0, 1.0], [0.0, 0.75], scale=0.5)
    0.5
    """
    noise = _signal_and_noise(x, x_hat)[1]
    with np.errstate(over="ignore"):
        return float((np.abs(noise) / aligned_scale(scale, noise, axis)).max())


def aligned_scale(scale: ArrayLike, x: NDArray[np.float64], axis: int | None) -> NDArray[np.float64]:
    """Return `scale`, checked to be positive, in a shape that broadcasts against `x` as meant.

    Raises:
        ArgumentError: a scale is not positive. ShapeError: it does not fit `x`.
    """
    steps = aligned("scale", scale, x, axis)
    if (steps <= 0).any():
        raise ArgumentError(f"scale has {int((steps <= 0).sum())} values that are not positive; pass scales > 0.")
    return steps


def aligned(name: str, values: ArrayLike, x: NDArray[np.float64], axis: int | None) -> NDArray[np.float64]:
    """Return one value per tensor, channel or place, in a shape that broadcasts against `x` as meant.

    Raises:
        ShapeError: `values` fit neither a channel axis nor `x`.
    """
    array = real_array(name, values)
    if array.ndim == 0:
        return array
    if axis is not None:
        position = axis_index("x", x, axis)
        if array.shape != (x.shape[position],):
            raise ShapeError(
                f"{name} has shape {array.shape}, but x has {x.shape[position]} channels on axis {position}; pass one "
                "value per channel or a single number."
            )
        return array.reshape([-1 if i == position else 1 for i in range(x.ndim)])
    # Broadcasting alone would lay a (C,) scale along the last axis in silence.
    if array.ndim != x.ndim or any(have not in (1, want) for have, want in zip(array.shape, x.shape, strict=False)):
        raise ShapeError(
            f"{name} has shape {array.shape}, which does not fit x of shape {x.shape}; pass a single number, one "
            f"value per channel with axis=, or {x.ndim} axes of length 1 or that of x."
        )
    return array


def _signal_and_noise(x: ArrayLike, x_hat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    signal, reconstruction = real_array("x", x), real_array("x_hat", x_hat)
    require_same_shape("x", signal, "x_hat", reconstruction)
    with np.errstate(over="ignore"):
        return signal, signal - reconstruction


def _norm_db(values: NDArray[np.float64]) -> float:
    """Return 20 * log10 of the Euclidean norm, scaled by the peak so that no square overflows or vanishes."""
    peak = float(np.abs(values).max())
    if peak == 0.0 or peak == math.inf:
        return -math.inf if peak == 0.0 else math.inf
    return 20 * math.log10(peak) + 10 * math.log10(float(np.square(values / peak).sum()))
