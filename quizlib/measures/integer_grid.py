"""How integer codes use their grid: range, zero, saturation, distinct values, entropy."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError
from quizlib.measures._arguments import finite_array, integer_array, whole_number


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
