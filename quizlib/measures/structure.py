"""In which pattern the zeros lie: N:M groups, whole channels, blocks."""

from collections.abc import Sequence
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures._arguments import axis_index, finite_array, whole_number


def n_m_violations(weights: ArrayLike, n: int, m: int, axis: int = -1) -> int:
    """Count the groups of `m` consecutive weights along `axis` that have more than `n` non-zeros.

    Args:
        weights: Finite numbers, at least one axis; the length of `axis` is a multiple of `m`.
        n: Non-zeros allowed in a group, 0..m.
        m: Length of a group, >= 1.
        axis: The axis that a product sums over: -1 for a torch Linear (out, in), 0 for a Keras Dense (in, out).

    Returns:
        A count in 0..size / m.

    Raises:
        ArgumentError: `n`, `m` or `axis` out of range, or `weights` has NaN, infinite or non-numeric values.
        ShapeError: `axis` is not a multiple of `m` long, or `weights` is empty or a single number.

    Source: Mishra et al. 2021, "Accelerating Sparse Deep Neural Networks", section 3 (2:4).

    >>> n_m_violations([[1, 2, 0, 0, 3, 4, 5, 0]], n=2, m=4)
    1
    """
    group_length = whole_number("m", m, 1)
    allowed = whole_number("n", n, 0, group_length)
    array = finite_array("weights", weights)
    position = axis_index("weights", array, axis)
    length = array.shape[position]
    if length % group_length:
        raise ShapeError(
            f"weights has shape {array.shape}, and {length} on axis {position} is no multiple of m = {m}; pass the "
            "axis that the product sums over, or pad it with zeros."
        )
    rows = np.moveaxis(array, position, -1)
    groups = rows.reshape(*rows.shape[:-1], length // group_length, group_length)  # (..., length / m, m)
    return int((np.count_nonzero(groups, axis=-1) > allowed).sum())


def is_n_m_sparse(weights: ArrayLike, n: int, m: int, axis: int = -1) -> bool:
    """Tell whether each group of `m` consecutive weights along `axis` has at most `n` non-zeros.

    Args:
        weights: Finite numbers, at least one axis; the length of `axis` is a multiple of `m`.
        n: Non-zeros allowed in a group, 0..m (2:4 means n = 2, m = 4).
        m: Length of a group, >= 1.
        axis: The axis that a product sums over: -1 for a torch Linear (out, in), 0 for a Keras Dense (in, out).

    Returns:
        True when `n_m_violations` is 0.

    Raises:
        ArgumentError: `n`, `m` or `axis` out of range, or `weights` has NaN, infinite or non-numeric values.
        ShapeError: `axis` is not a multiple of `m` long, or `weights` is empty or a single number.

    Source: Mishra et al. 2021, "Accelerating Sparse Deep Neural Networks", section 3 (2:4).

    >>> is_n_m_sparse([[1, 0, 0, 2, 0, 0, 0, 3]], n=2, m=4)
    True
    """
    return n_m_violations(weights, n, m, axis) == 0


def zero_channels(weights: ArrayLike, axis: int = 0) -> NDArray[np.bool_]:
    """Mark the channels along `axis` whose every weight is zero.

    Args:
        weights: Finite numbers, at least one axis.
        axis: The channels' axis: 0 for the outputs of a torch layer, 1 for its inputs, -1 for the outputs in Keras.

    Returns:
        Booleans, shape (channels,).

    Raises:
        ArgumentError: `axis` out of range, or `weights` has NaN, infinite or non-numeric values.
        ShapeError: `weights` is empty or a single number.

    >>> zero_channels([[0, 0, 0], [0, 1, 0]])
    array([ True, False])
    """
    array = finite_array("weights", weights)
    rows = np.moveaxis(array, axis_index("weights", array, axis), 0)
    zero: NDArray[np.bool_] = ~(rows.reshape(rows.shape[0], -1) != 0).any(axis=1)
    return zero


def channel_sparsity(weights: ArrayLike, axis: int = 0) -> float:
    """Return the fraction of channels along `axis` whose every weight is zero.

    Args:
        weights: Finite numbers, at least one axis.
        axis: The channels' axis: 0 for the outputs of a torch layer, 1 for its inputs, -1 for the outputs in Keras.

    Returns:
        A fraction in 0..1. Where channels were removed, not zeroed, it is 0: compare the shapes instead.

    Raises:
        ArgumentError: `axis` out of range, or `weights` has NaN, infinite or non-numeric values.
        ShapeError: `weights` is empty or a single number.

    >>> channel_sparsity([[0, 0], [0, 1], [0, 0], [2, 3]])
    0.5
    """
    return float(zero_channels(weights, axis).mean())


def block_sparsity(weights: ArrayLike, block_shape: Sequence[SupportsIndex]) -> float:
    """Return the fraction of blocks whose every weight is zero.

    The array is cut into blocks from its first element on, without overlap.

    Args:
        weights: Finite numbers, at least one axis; each axis a multiple of the block's.
        block_shape: Lengths of a block, one per axis of `weights`, each >= 1.

    Returns:
        A fraction in 0..1.

    Raises:
        ArgumentError: A length below 1, or `weights` has NaN, infinite or non-numeric values.
        ShapeError: `weights` cannot be cut into such blocks, or is empty.

    >>> block_sparsity([[0, 0, 1, 0], [0, 0, 0, 0]], (2, 2))
    0.5
    """
    array = finite_array("weights", weights)
    block = _block_lengths(array, block_shape)
    split = [length for axis, part in zip(array.shape, block, strict=True) for length in (axis // part, part)]
    inside = tuple(range(1, 2 * array.ndim, 2))  # (blocks on axis 0, rows of a block, blocks on axis 1, ...)
    return float((~(array.reshape(split) != 0).any(axis=inside)).mean())


def _block_lengths(array: NDArray[Any], block_shape: Sequence[SupportsIndex]) -> tuple[int, ...]:
    if isinstance(block_shape, (str, bytes)) or not isinstance(block_shape, Sequence):
        raise ArgumentError(f"block_shape is {block_shape!r}; pass one whole number per axis, such as (4, 1).")
    block = tuple(whole_number(f"block_shape[{i}]", part, 1) for i, part in enumerate(block_shape))
    if len(block) != array.ndim or any(axis % part for axis, part in zip(array.shape, block, strict=False)):
        raise ShapeError(
            f"weights has shape {array.shape}, which blocks of shape {block} do not tile; pass one length per axis "
            "that divides it."
        )
    return block
