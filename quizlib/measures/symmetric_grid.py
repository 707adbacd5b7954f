"""Put real values on a symmetric grid: one scale for all of them, or one for each channel."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError
from quizlib.measures._arguments import axis_index, real_array
from quizlib.measures.integer_grid import integer_range


def quantize_symmetric(
    x: ArrayLike, bits: int, *, axis: int | None = None, clip: float | None = None
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the codes and the scale of `x` on the narrow symmetric grid of `bits` bits; x_hat = codes * scale.

    scale = max(|x|) / quant_max with quant_max = 2 ** (bits - 1) - 1, and 1.0 where all values are 0;
    codes = clamp(round(x / scale), -quant_max, quant_max), ties to even, in float64.

    Args:
        x: Real values, finite, any shape (..., C, ...).
        bits: Width of a code, 2 to 32.
        axis: The axis of the channels, each of which gets a scale of its own; by default one scale for all values.
        clip: The end of the grid in the unit of `x`, > 0, in place of the largest magnitude; not together with `axis`.

    Returns:
        The codes, int32, in the shape of `x`; and the scale, float64, of shape () or, with `axis`, with as many axes
        as `x`, each of length 1 but `axis`.

    Raises:
        ArgumentError: `bits` or `axis` out of range, `clip` not above 0 or given with `axis`, NaN or infinite values.
        ShapeError: `x` is empty, or has no axis that `axis` could name.

    Source: Wu et al. 2020, "Integer Quantization", section 3.1.

    >>> quantize_symmetric([0.875, -0.25, 0.3125], bits=4)
    (array([ 7, -2,  2], dtype=int32), array(0.125))
    >>> quantize_symmetric([[0.875, -0.25], [0.0, 14.0]], bits=4, axis=0)[1].tolist()
    [[0.125], [2.0]]
    """
    real = real_array("x", x)
    quant_max = integer_range(bits, symmetric=True)[1]
    reach = _reach(real, axis) if clip is None else _given_end(clip, axis)
    scale = np.asarray(np.where(reach == 0, 1.0, reach / quant_max))
    return np.clip(np.rint(real / scale), -quant_max, quant_max).astype(np.int32), scale


def _reach(x: NDArray[np.float64], axis: int | None) -> NDArray[np.float64]:
    """Return the largest magnitude of all values, shape (), or of each channel, with as many axes as `x`."""
    if axis is None:
        return np.asarray(np.abs(x).max())
    channels = axis_index("x", x, axis)
    return np.asarray(np.abs(x).max(axis=tuple(i for i in range(x.ndim) if i != channels), keepdims=True))


def _given_end(clip: float, axis: int | None) -> NDArray[np.float64]:
    if axis is not None:
        raise ArgumentError(f"clip is {clip!r} and axis is {axis!r}; pass one of them, or clip each channel by itself.")
    end = real_array("clip", clip)
    if end.ndim or end <= 0:
        raise ArgumentError(f"clip is {clip!r}; pass one number above 0, the real value of the largest code.")
    return end
