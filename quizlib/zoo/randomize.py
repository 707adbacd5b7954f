"""A trained model's arrays moved by a seed: other weights in other places, about the same accuracy."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from quizlib.errors import ArgumentError
from quizlib.zoo.arrays import Array

_NOISE = 0.1  # in standard deviations of each array: moves every weight, costs a point or two of accuracy

# Per checkpoint, each set of hidden units: the layers that hold one entry per unit, and the layer that reads the units.
_HIDDEN_UNITS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "digits_cnn": ((("conv1", "bn1"), "conv2"), (("conv2", "bn2"), "output")),
    "digits_mlp": ((("hidden1",), "hidden2"), (("hidden2",), "output")),
}


def randomized_arrays(checkpoint: str, arrays: Mapping[str, Array], seed: int) -> dict[str, Array]:
    """Return the arrays with hidden units in another order and noise on every real value, with no two magnitudes equal.

    The order of hidden units does not change what the network computes, only where each weight stands;
    w' = w + 0.1 std(w) n with n standard normal, drawn again wherever |w'| repeats anywhere in the model.
    A variance of a batch norm stays positive: it becomes its magnitude.

    Args:
        checkpoint: "digits_cnn" or "digits_mlp", whose layers are known.
        arrays: Its arrays by PyTorch name; they are not changed.
        seed: 0 or more; the same seed gives the same arrays.

    Raises:
        ArgumentError: `seed` is not an integer >= 0.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ArgumentError(f"seed is {seed!r}; pass an integer >= 0")
    rng = np.random.default_rng(seed)
    moved = dict(arrays)
    for holders, reader in _HIDDEN_UNITS[checkpoint]:
        _reorder_units(moved, holders, reader, rng)
    return _with_noise(moved, rng)


def _reorder_units(arrays: dict[str, Array], holders: tuple[str, ...], reader: str, rng: np.random.Generator) -> None:
    units = len(arrays[f"{holders[0]}.weight"])
    order = rng.permutation(units)
    for name, array in arrays.items():
        if name.split(".")[0] in holders and array.ndim > 0:
            arrays[name] = array[order]
    weight = arrays[f"{reader}.weight"]  # (out, in, ...); after a flatten each unit owns a run of inputs
    arrays[f"{reader}.weight"] = weight.reshape(len(weight), units, -1)[:, order].reshape(weight.shape)


def _with_noise(arrays: dict[str, Array], rng: np.random.Generator) -> dict[str, Array]:
    real = {name: array for name, array in arrays.items() if array.dtype.kind == "f"}  # not a batch norm's counter
    flat = np.concatenate([array.ravel() for array in real.values()])
    step = np.concatenate([np.full(array.size, _NOISE * array.std()) for array in real.values()])
    noisy = flat.copy()
    redraw = np.ones(flat.size, dtype=bool)
    while redraw.any():
        noisy[redraw] = flat[redraw] + step[redraw] * rng.standard_normal(np.count_nonzero(redraw))
        redraw = _repeats(np.abs(noisy))
    ends = np.cumsum([array.size for array in real.values()])
    pieces = np.split(noisy, ends[:-1])
    for (name, array), piece in zip(real.items(), pieces, strict=True):
        values = np.abs(piece) if name.endswith("running_var") else piece
        arrays[name] = values.reshape(array.shape)
    return arrays


def _repeats(values: Array) -> NDArray[np.bool_]:
    """Mark each value that stands earlier in the array already."""
    mask = np.ones(values.size, dtype=bool)
    mask[np.unique(values, return_index=True)[1]] = False
    return mask
