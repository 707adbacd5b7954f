"""A trained model's arrays moved by a seed: other weights in other places, about the same accuracy."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizlib.errors import ArgumentError
from quizlib.zoo.arrays import Array

_NOISE = 0.1  # in standard deviations of each array: moves every weight, costs a point or two of accuracy


@dataclass(frozen=True)
class _HiddenUnits:
    """One set of hidden units: how many, and the axes along which each of them has its entries.

    `places` are (array, axis, gates): an LSTM holds its units once for each gate; elsewhere gates is 1.
    After a flatten each unit owns a run of entries on the axis.
    """

    count: int
    places: tuple[tuple[str, int, int], ...]


def _rows(*layers: str, keys: tuple[str, ...] = ("weight", "bias"), gates: int = 1) -> tuple[tuple[str, int, int], ...]:
    return tuple((f"{layer}.{key}", 0, gates) for layer in layers for key in keys)


def _columns(array: str) -> tuple[str, int, int]:
    return array, 1, 1


_NORM = ("weight", "bias", "running_mean", "running_var")
_GATED = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")

_HIDDEN_UNITS: dict[str, tuple[_HiddenUnits, ...]] = {
    # Those of the last block stay in their order: the linear layer reads them place after place in time.
    "crepe_tiny": tuple(
        _HiddenUnits(count, (*_rows(f"conv{at}"), *_rows(f"bn{at}", keys=_NORM), _columns(f"conv{at + 1}.weight")))
        for at, count in enumerate((128, 16, 16, 16, 32), start=1)
    ),
    "digits_cnn": (
        _HiddenUnits(16, (("conv1.weight", 0, 1), *_rows("bn1", keys=_NORM), _columns("conv2.weight"))),
        _HiddenUnits(32, (("conv2.weight", 0, 1), *_rows("bn2", keys=_NORM), _columns("output.weight"))),
    ),
    "digits_lstm": (
        _HiddenUnits(
            64,
            (*_rows("lstm", keys=_GATED, gates=4), _columns("lstm.weight_hh_l0"), _columns("output.weight")),
        ),
    ),
    "digits_mlp": (
        _HiddenUnits(256, (*_rows("hidden1"), _columns("hidden2.weight"))),
        _HiddenUnits(128, (*_rows("hidden2"), _columns("output.weight"))),
    ),
    "digits_residual": (
        # The sum of a residual block ties the units of stem and block together.
        _HiddenUnits(64, (*_rows("stem", "block.second"), _columns("block.first.weight"), _columns("output.weight"))),
        _HiddenUnits(64, (*_rows("block.first"), _columns("block.second.weight"))),
    ),
}


def randomized_arrays(checkpoint: str, arrays: Mapping[str, Array], seed: int) -> dict[str, Array]:
    """Return the arrays with hidden units in another order and noise on every real value, with no two magnitudes equal.

    The order of hidden units does not change what the network computes, only where each weight stands;
    w' = w + 0.1 std(w) n with n standard normal, drawn again wherever |w'| repeats anywhere in the model.
    A variance of a batch norm stays positive: it becomes its magnitude.

    Args:
        checkpoint: One of the zoo's, whose layers are known.
        arrays: Its arrays by PyTorch name; they are not changed.
        seed: 0 or more; the same seed gives the same arrays.

    Raises:
        ArgumentError: `seed` is not an integer >= 0.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ArgumentError(f"seed is {seed!r}; pass an integer >= 0")
    rng = np.random.default_rng(seed)
    moved = dict(arrays)
    for units in _HIDDEN_UNITS[checkpoint]:
        _reorder(moved, units, rng.permutation(units.count))
    return _with_noise(moved, rng)


def _reorder(arrays: dict[str, Array], units: _HiddenUnits, order: NDArray[np.int64]) -> None:
    for name, axis, gates in units.places:
        front = np.moveaxis(arrays[name], axis, 0)
        split = front.reshape(gates, units.count, -1, *front.shape[1:])  # (gates, units, run, ...)
        arrays[name] = np.ascontiguousarray(np.moveaxis(split[:, order].reshape(front.shape), 0, axis))


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
    """Mark each value that stands earlier in the array already.

    Values are sorted without their places, which is many times faster; places are looked at where a value repeats.
    """
    ordered = np.sort(values)
    several = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    mask = np.zeros(values.size, dtype=bool)
    if several.size:
        nearest = np.minimum(np.searchsorted(several, values), several.size - 1)
        places = np.flatnonzero(several[nearest] == values)
        first = np.unique(values[places], return_index=True)[1]
        mask[np.delete(places, first)] = True
    return mask
