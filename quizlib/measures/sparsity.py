"""How many weights are exactly zero."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from quizlib.measures._arguments import finite_array, named_arrays


def nonzeros(weights: ArrayLike) -> int:
    """Count the weights that are not exactly zero; -0.0 is a zero, the smallest subnormal is not.

    Args:
        weights: Finite numbers, any shape, at least one element.

    Returns:
        A count in 0..size.

    Raises:
        ArgumentError: `weights` has NaN, infinite or non-numeric values.
        ShapeError: `weights` is empty.

    >>> nonzeros([[0.5, 0.0], [-0.0, -2.0]])
    2
    """
    return int(np.count_nonzero(finite_array("weights", weights)))


def sparsity(weights: ArrayLike) -> float:
    """Return the fraction of weights that are exactly zero.

    sparsity = zeros / size. A small weight is no zero: sparsity promises that a value need not be stored.

    Args:
        weights: Finite numbers, any shape, at least one element.

    Returns:
        A fraction in 0..1 (0.75, not 75 per cent).

    Raises:
        ArgumentError: `weights` has NaN, infinite or non-numeric values.
        ShapeError: `weights` is empty.

    Source: Hoefler et al. 2021, "Sparsity in Deep Learning", section 1.

    >>> sparsity([[0.5, 0.0], [0.0, 0.0]])
    0.75
    """
    array = finite_array("weights", weights)
    return (array.size - int(np.count_nonzero(array))) / array.size


def layer_sparsity(named: Mapping[str, ArrayLike]) -> dict[str, float]:
    """Return the sparsity of each named array, in the order given.

    Args:
        named: From a weight's name to its array; leave out the biases to speak of weights alone.

    Returns:
        From name to a fraction in 0..1.

    Raises:
        ArgumentError: `named` has no entries, or an array holds NaN, infinite or non-numeric values.
        ShapeError: An array is empty.

    >>> layer_sparsity({"first": [0.0, 1.0], "second": [2.0, 3.0]})
    {'first': 0.5, 'second': 0.0}
    """
    return {name: sparsity(array) for name, array in named_arrays("named", named).items()}


def global_sparsity(named: Mapping[str, ArrayLike]) -> float:
    """Return the fraction of zeros among all the named arrays taken together.

    Each weight counts once, so that a large layer weighs more than a small one; the mean of `layer_sparsity` differs.

    Args:
        named: From a weight's name to its array.

    Returns:
        A fraction in 0..1.

    Raises:
        ArgumentError: `named` has no entries, or an array holds NaN, infinite or non-numeric values.
        ShapeError: An array is empty.

    >>> global_sparsity({"small": [0.0, 1.0], "large": [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]})
    0.125
    """
    arrays = named_arrays("named", named).values()
    size = sum(array.size for array in arrays)
    return (size - sum(int(np.count_nonzero(array)) for array in arrays)) / size
