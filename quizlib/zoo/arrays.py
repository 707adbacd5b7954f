"""Named arrays: reading the shipped checkpoints and checking arrays before a model takes them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizlib.errors import ArgumentError, ShapeError

CHECKPOINTS = Path(__file__).with_name("checkpoints")

Array = NDArray[Any]


def read_checkpoint(name: str) -> dict[str, Array]:
    """Return the trained arrays of a model by parameter name, read with safetensors and never with pickle.

    Args:
        name: "digits_cnn", "digits_lstm", "digits_mlp" or "digits_residual".

    Raises:
        ArgumentError: There is no such checkpoint.

    >>> read_checkpoint("digits_mlp")["output.weight"].shape
    (10, 128)
    """
    from safetensors.numpy import load_file

    known = read_manifest()["models"]
    if name not in known:
        raise ArgumentError(f"there is no checkpoint {name!r}; pass one of {', '.join(sorted(known))}")
    arrays: dict[str, Array] = load_file(CHECKPOINTS / known[name]["file"])
    return arrays


def read_manifest() -> dict[str, Any]:
    """Return what is recorded of each checkpoint (seed, test accuracy, bytes, sha256) and of the libraries (versions).

    >>> sorted(read_manifest()["models"])
    ['digits_cnn', 'digits_lstm', 'digits_mlp', 'digits_residual']
    """
    manifest: dict[str, Any] = json.loads((CHECKPOINTS / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def check_arrays(expected: Mapping[str, Array], given: Mapping[str, Array]) -> None:
    """Raise unless `given` has the names, shapes and dtypes of `expected`.

    Args:
        expected: The model's own arrays by name.
        given: The arrays meant to replace them.

    Raises:
        ArgumentError: A name is missing or unexpected, or a dtype differs; it says which.
        ShapeError: A shape differs; it says which.

    >>> check_arrays({"w": np.zeros(3)}, {"w": np.ones(3)})
    >>> check_arrays({"w": np.zeros(3)}, {"w": np.ones(2)})
    Traceback (most recent call last):
    quizlib.errors.ShapeError: array 'w' has shape (2,), but the model expects (3,)
    """
    missing, unexpected = expected.keys() - given.keys(), given.keys() - expected.keys()
    if missing or unexpected:
        raise ArgumentError(
            f"the names do not fit the model: missing {_listed(missing)}, unexpected {_listed(unexpected)}; "
            f"pass exactly {_listed(expected)}"
        )
    for name, array in expected.items():
        got = np.asarray(given[name])
        if got.shape != array.shape:
            raise ShapeError(f"array {name!r} has shape {got.shape}, but the model expects {array.shape}")
        if got.dtype != array.dtype:
            raise ArgumentError(
                f"array {name!r} has dtype {got.dtype}, but the model expects {array.dtype}; "
                "turn integer codes back into real values first"
            )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
