"""How integer codes use their grid: range, zero, saturation, distinct values, entropy."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError
from quizlib.measures._arguments import axis_index, finite_array, integer_array, real_array, whole_number
from quizlib.measures.reconstruction import aligned, aligned_scale


def integer_range(bits: int, *, signed: bool = True, symmetric: bool = False) -> tuple[int, int]:
    """Return the smallest and the largest code of a `bits`-bit grid, (quant_min, quant_max).

    Signed: -2 ** (bits - 1) .. 2 ** (bits - 1) - 1; symmetric drops the lowest code; unsigned: 0 .. 2 ** bits - 1.

    Args:
        bits: Width of a code, 1 to 32 (2 to 32 when symmetric).
        signed: Two's complement, or from 0 up.
        symmetric: As many codes below 0 as above.

    Raises:
        ArgumentError: `bits` out of range, or symmetric and unsigned at once.

    Source: Jacob et al. 2018, section 3; Wu et al. 2020, "Integer Quantization", section 3.1.

    >>> integer_range(8), integer_range(8, symmetric=True), integer_range(4, signed=False)
    ((-128, 127), (-127, 127), (0, 15))
    """
    width = whole_number("bits", bits, 2 if symmetric else 1, 32)
    if symmetric and not signed:
        raise ArgumentError("symmetric is True, but signed is False; unsigned codes have no negative half.")
    if not signed:
        return 0, 2**width - 1
    half = 2 ** (width - 1)
    return (1 - half if symmetric else -half), half - 1


def is_zero_representable(scale: ArrayLike, zero_point: ArrayLike, quant_min: int, quant_max: int) -> bool:
    """Tell whether real 0.0 is exactly a point of the grid, as padding and ReLU need it.

    0.0 = scale * (q - zero_point) holds for q = zero_point alone, so each zero point must be a code: whole, and within
    quant_min..quant_max.

    Args:
        scale: Steps, > 0, one number or one per channel.
        zero_point: Codes of real 0.0, one number or one per channel.
        quant_min: Smallest code.
        quant_max: Largest code, > quant_min.

    Raises:
        ArgumentError: A scale that is not positive, an empty range, or NaN, infinite or non-numeric values.
        ShapeError: An array is empty.

    Source: Jacob et al. 2018, section 2.1.

    >>> is_zero_representable(0.5, -3, -128, 127), is_zero_representable(0.5, 200, -128, 127)
    (True, False)
    """
    low, high = _code_range(quant_min, quant_max)
    steps, zeros = real_array("scale", scale), real_array("zero_point", zero_point)
    if (steps <= 0).any():
        raise ArgumentError(f"scale has {int((steps <= 0).sum())} values that are not positive; pass scales > 0.")
    return bool(((zeros == np.round(zeros)) & (zeros >= low) & (zeros <= high)).all())


def codes_outside(codes: ArrayLike, quant_min: int, quant_max: int) -> int:
    """Count the codes that are not in quant_min..quant_max, such as a zero point that nobody clamped.

    Args:
        codes: Whole numbers, any shape.
        quant_min: Smallest code.
        quant_max: Largest code, > quant_min.

    Raises:
        ArgumentError: An empty range, or codes that are not whole numbers.
        ShapeError: `codes` is empty.

    >>> codes_outside([-129, -128, 0, 127, 300], -128, 127)
    2
    """
    low, high = _code_range(quant_min, quant_max)
    array = integer_array("codes", codes)
    return int(((array < low) | (array > high)).sum())


def saturated_fraction(codes: ArrayLike, quant_min: int, quant_max: int) -> float:
    """Return the fraction of codes on either end of the range, or beyond it.

    Min-max calibration leaves about two codes there; many mean that the range was clipped.

    Args:
        codes: Whole numbers, any shape.
        quant_min: Smallest code.
        quant_max: Largest code, > quant_min.

    Returns:
        A fraction in 0..1.

    Raises:
        ArgumentError: An empty range, or codes that are not whole numbers.
        ShapeError: `codes` is empty.

    >>> saturated_fraction([-8, 0, 3, 7], -8, 7)
    0.5
    """
    low, high = _code_range(quant_min, quant_max)
    array = integer_array("codes", codes)
    return float(((array <= low) | (array >= high)).mean())


def codes_used(codes: ArrayLike) -> int:
    """Count the distinct codes; of the 2 ** bits possible, few mean that the scale is too large.

    Args:
        codes: Whole numbers, any shape.

    Raises:
        ArgumentError: Codes that are not whole numbers.
        ShapeError: `codes` is empty.

    >>> codes_used([0, 1, 1, -7])
    3
    """
    return int(np.unique(integer_array("codes", codes)).size)


def codebook_size(weights: ArrayLike) -> int:
    """Count the distinct values of real weights; -0.0 and 0.0 are one.

    Weights quantized per tensor to `bits` bits have at most 2 ** bits; weights clustered to k have at most k.

    Args:
        weights: Finite numbers, any shape.

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: `weights` is empty.

    >>> codebook_size([0.5, -0.0, 0.0, 0.5])
    2
    """
    return int(np.unique(finite_array("weights", weights)).size)


def channel_codebook_sizes(weights: ArrayLike, axis: int = 0) -> NDArray[np.int64]:
    """Count the distinct values of each channel along `axis`.

    Weights quantized per channel to `bits` bits have at most 2 ** bits in each channel, and may have many more in all.

    Args:
        weights: Finite numbers, at least one axis.
        axis: The channels' axis: 0 for the outputs of a torch layer, -1 in Keras.

    Returns:
        Counts, shape (channels,).

    Raises:
        ArgumentError: `axis` out of range, or NaN, infinite or non-numeric values.
        ShapeError: `weights` is empty or a single number.

    >>> channel_codebook_sizes([[0.5, 0.5, 0.0], [1.0, 2.0, 3.0]])
    array([2, 3])
    """
    array = finite_array("weights", weights)
    rows = np.moveaxis(array, axis_index("weights", array, axis), 0)
    return np.array([np.unique(row).size for row in rows], dtype=np.int64)


def off_grid_fraction(
    x_hat: ArrayLike,
    scale: ArrayLike,
    zero_point: ArrayLike,
    quant_min: int,
    quant_max: int,
    *,
    axis: int | None = None,
    tolerance_steps: float = 1e-3,
) -> float:
    """Return the fraction of values that no code of the grid reconstructs.

    A value is on the grid when x_hat / scale + zero_point is within `tolerance_steps` of a whole number in
    quant_min..quant_max.

    Args:
        x_hat: Real values that are said to be quantized, finite, any shape.
        scale: Steps, > 0: one number; with `axis` shape (C,); or as many axes as `x_hat`, each of its length or 1.
        zero_point: Codes of real 0.0; shaped as `scale`, or one number.
        quant_min: Smallest code.
        quant_max: Largest code, > quant_min.
        axis: The axis of `x_hat` that the parameters run along, per channel.
        tolerance_steps: Slack for float32's rounding, in steps, 0 to 0.5.

    Returns:
        A fraction in 0..1; 0.0 for weights that were fake-quantized with these parameters.

    Raises:
        ArgumentError: A number out of range, or NaN, infinite or non-numeric values.
        ShapeError: The shapes do not fit, or an array is empty.

    >>> off_grid_fraction([0.5, 1.0, 1.2, 9.0], scale=0.5, zero_point=0, quant_min=-8, quant_max=7)
    0.5
    """
    low, high = _code_range(quant_min, quant_max)
    if not 0 <= tolerance_steps <= 0.5:
        raise ArgumentError(f"tolerance_steps is {tolerance_steps!r}; pass a fraction of a step in 0..0.5.")
    values = real_array("x_hat", x_hat)
    with np.errstate(over="ignore"):
        codes = values / aligned_scale(scale, values, axis) + aligned("zero_point", zero_point, values, axis)
    nearest = np.clip(np.round(codes), low, high)
    return float((np.abs(codes - nearest) > tolerance_steps).mean())


def entropy_bits(codes: ArrayLike) -> float:
    """Return the Shannon entropy of the codes, in bits per code.

    entropy = -sum(p * log2(p)) over the distinct values: no lossless code of single symbols gets below it.

    Args:
        codes: Finite numbers, any shape.

    Returns:
        0.0 (all equal) to log2(distinct values).

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: `codes` is empty.

    Source: Shannon 1948; Han et al. 2016, "Deep Compression", section 4.

    >>> entropy_bits([0, 0, 1, 2])
    1.5
    """
    return _entropy(np.unique(finite_array("codes", codes), return_counts=True)[1])


def _entropy(counts: NDArray[Any]) -> float:
    total = int(counts.sum())
    return math.fsum(count / total * math.log2(total / count) for count in counts.tolist())


def _code_range(quant_min: int, quant_max: int) -> tuple[int, int]:
    low = whole_number("quant_min", quant_min, -(2**31), 2**32 - 1)
    return low, whole_number("quant_max", quant_max, low + 1, 2**32 - 1)
