"""Which weights a pruning step kept, against the weights it started from."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizlib.errors import ArgumentError
from quizlib.measures._arguments import finite_array, named_arrays, real_array, require_same_shape

# What a library adds to a model's state while it still trains masks, fake-quantizers or clusters.
_WRAPPER = re.compile(
    r"(^|\.)parametrizations\."  # torch.nn.utils.parametrize
    r"|(^|\.)(weight_fake_quant|activation_post_process)\."  # torch.ao.quantization, before convert
    r"|(^|/)prune_low_magnitude_"  # tfmot, before strip_pruning
    r"|(^|/)quantize_layer/|(^|/)quant_[^/]+/(\w+_(min|max)|optimizer_step)\b"  # tfmot QAT, before conversion
    r"|(^|/)cluster_[^/]+/(cluster_centroids|pulling_indices)"  # tfmot, before strip_clustering
)


def is_mask(mask: ArrayLike) -> bool:
    """Tell whether each value is 0 or 1, as a mask that multiplies weights must be.

    Args:
        mask: Finite numbers or booleans, any shape.

    Returns:
        True when no other value occurs.

    Raises:
        ArgumentError: `mask` has NaN, infinite or non-numeric values.
        ShapeError: `mask` is empty.

    >>> is_mask([1.0, 0.0, 1.0]), is_mask([1.0, 0.5])
    (True, False)
    """
    array = finite_array("mask", mask)
    return bool(((array == 0) | (array == 1)).all())


def mask_violations(weights: ArrayLike, mask: ArrayLike) -> int:
    """Count the weights that are not zero although the mask prunes them.

    Args:
        weights: Finite numbers, any shape, such as the weights after fine-tuning.
        mask: 0 where a weight is pruned, non-zero where it is kept; same shape.

    Returns:
        A count in 0..size; 0 when the mask held.

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: The shapes differ, or an array is empty.

    >>> mask_violations([0.5, 0.1, 0.0], [1, 0, 0])
    1
    """
    kept = finite_array("mask", mask)
    array = finite_array("weights", weights)
    require_same_shape("weights", array, "mask", kept)
    return int(((array != 0) & (kept == 0)).sum())


def magnitude_agreement(original: ArrayLike, pruned: ArrayLike) -> float:
    """Return the fraction of kept weights that belong among the largest magnitudes of the original.

    With k weights kept, it is the largest overlap of the kept set with any set of k largest |original|, over k: each
    way to break a tie is as good as another, but a tie never excuses the loss of a larger weight. Only the places of
    the non-zeros of `pruned` count, so that it may be fine-tuned, or be the mask itself.

    Args:
        original: Weights before pruning, finite, any shape.
        pruned: Weights after pruning, or their mask; same shape.

    Returns:
        A fraction in 0..1; 1.0 for magnitude pruning, and, for want of a mistake, when nothing is kept. A random mask
        scores about its density.

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: The shapes differ, or an array is empty.

    >>> magnitude_agreement([4.0, -3.0, 2.0, 1.0], [4.0, 0.0, 2.0, 0.0])
    0.5
    """
    magnitudes = np.abs(real_array("original", original))
    kept = finite_array("pruned", pruned) != 0
    require_same_shape("original", magnitudes, "pruned", kept)
    return _agreement(magnitudes.ravel(), kept.ravel())


def global_magnitude_agreement(original: Mapping[str, ArrayLike], pruned: Mapping[str, ArrayLike]) -> float:
    """Return `magnitude_agreement` over all named arrays taken as one, the measure of global magnitude pruning.

    Args:
        original: From name to weights before pruning.
        pruned: The same names, each with weights after pruning (or masks) of the same shape.

    Returns:
        A fraction in 0..1.

    Raises:
        ArgumentError: The names differ, there are none, or values are NaN, infinite or non-numeric.
        ShapeError: Shapes differ, or an array is empty.

    >>> global_magnitude_agreement({"a": [1.0, 2.0], "b": [3.0, 4.0]}, {"a": [0.0, 2.0], "b": [0.0, 4.0]})
    0.5
    """
    before, after = _paired(original, pruned)
    magnitudes = np.concatenate([np.abs(array.astype(np.float64)).ravel() for array in before.values()])
    kept = np.concatenate([(after[name] != 0).ravel() for name in before])
    return _agreement(magnitudes, kept)


def retained_energy(original: ArrayLike, pruned: ArrayLike) -> float:
    """Return the share of the original's squared magnitude that lies where weights were kept.

    energy = sum(original[kept] ** 2) / sum(original ** 2); at a given sparsity, magnitude pruning has the largest.

    Args:
        original: Weights before pruning, finite, any shape.
        pruned: Weights after pruning, or their mask; same shape; its non-zeros are kept.

    Returns:
        A fraction in 0..1; 1.0 when the original has no energy to lose.

    Raises:
        ArgumentError: NaN, infinite or non-numeric values.
        ShapeError: The shapes differ, or an array is empty.

    >>> retained_energy([3.0, 4.0], [0.0, 4.0])
    0.64
    """
    array = real_array("original", original)
    kept = finite_array("pruned", pruned) != 0
    require_same_shape("original", array, "pruned", kept)
    peak = float(np.abs(array).max())
    if peak == 0.0:
        return 1.0
    energy = np.square(array / peak)  # scaled, so that no square overflows
    return float(energy[kept].sum() / energy.sum())


def leftover_wrappers(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that a model's state only has while a training wrapper is still in place.

    Known are torch's `prune` (a `w_orig` beside its `w_mask`), parametrizations, fake-quantizers and observers, and the
    wrappers of TensorFlow Model Optimization before `strip_pruning`, `strip_clustering` and conversion.

    Args:
        names: Keys of a torch state_dict, or names of Keras weights.

    Returns:
        The names that tell of a wrapper, in the order given; empty for a model ready to deploy.

    Raises:
        ArgumentError: `names` is one text, or holds something else than texts.

    >>> leftover_wrappers(["0.bias", "0.weight_orig", "0.weight_mask"])
    ('0.weight_orig', '0.weight_mask')
    """
    listed = [names] if isinstance(names, str) else list(names)
    if isinstance(names, str) or not all(isinstance(name, str) for name in listed):
        raise ArgumentError(f"names is {names!r}; pass a list of texts, such as list(model.state_dict()).")
    pruned = {name.removesuffix("_orig") for name in listed if name.endswith("_orig")}
    pruned &= {name.removesuffix("_mask") for name in listed if name.endswith("_mask")}
    pairs = {stem + end for stem in pruned for end in ("_orig", "_mask")}
    return tuple(name for name in listed if name in pairs or _WRAPPER.search(name))


def _agreement(magnitudes: NDArray[np.float64], kept: NDArray[np.bool_]) -> float:
    count = int(kept.sum())
    if count == 0:
        return 1.0
    threshold = np.partition(magnitudes, magnitudes.size - count)[magnitudes.size - count]  # the k-th largest
    above, tied = magnitudes > threshold, magnitudes == threshold
    places_for_ties = count - int(above.sum())
    return (int((kept & above).sum()) + min(int((kept & tied).sum()), places_for_ties)) / count


def _paired(
    original: Mapping[str, ArrayLike], pruned: Mapping[str, ArrayLike]
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    before, after = named_arrays("original", original), named_arrays("pruned", pruned)
    if before.keys() != after.keys():
        unmatched = sorted(before.keys() ^ after.keys())
        raise ArgumentError(f"original and pruned differ in the names {unmatched}; pass the same names in both.")
    for name, array in before.items():
        require_same_shape(f"original[{name!r}]", array, f"pruned[{name!r}]", after[name])
    return before, after
