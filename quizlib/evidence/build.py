"""Live arguments for a learner's function from the plain values of a probe."""

from __future__ import annotations

import importlib
from typing import Any, assert_never

import numpy as np

from quizlib.errors import EvidenceError
from quizlib.evidence.python_objects import live_key
from quizlib.evidence.values import (
    LIBRARIES,
    Array,
    Blob,
    KerasModel,
    Name,
    Plain,
    QuantizedArray,
    SparseArray,
    TorchModel,
    Unreadable,
    ZooModel,
)


def build(value: Plain) -> Any:  # noqa: ANN401  arguments are of any type
    """Return a fresh live object for `value`: an array or tensor of its library, a model of the zoo, a dtype.

    Raises:
        EvidenceError: nothing live can be made of it, such as of the evidence of a model.

    >>> build(Array(np.array([1, 2]), "int64", "numpy"))
    array([1, 2])
    """
    match value:
        case list():
            return [build(item) for item in value]
        case tuple():
            return tuple(build(item) for item in value)
        case dict():
            return {live_key(key): build(item) for key, item in value.items()}
        case Array():
            return _array(value)
        case Blob():
            return value.content
        case Name():
            return _named(value)
        case ZooModel():
            from quizlib import zoo

            return zoo.build(value.name) if value.seed is None else zoo.randomized(value.name, value.seed)
        case None | bool() | int() | float() | str():
            return value
        case QuantizedArray() | SparseArray() | TorchModel() | KerasModel() | Unreadable():
            raise EvidenceError(f"{type(value).__name__} cannot be an argument of a probe.")
        case _:
            assert_never(value)


def _array(value: Array) -> Any:  # noqa: ANN401  a NumPy array, a torch tensor or a TensorFlow tensor
    if value.library == "numpy":
        return value.values.copy() if value.is_contiguous else np.stack([value.values] * 2, -1)[..., 0]
    if value.library == "torch":
        import torch

        built = torch.tensor(value.values).to(getattr(torch, value.dtype))
        # Every second number of twice as many: the same numbers, in strides that are not contiguous.
        return built if value.is_contiguous else torch.stack([built, built], -1)[..., 0]
    import tensorflow

    return tensorflow.constant(value.values, dtype=value.dtype)


def _named(value: Name) -> Any:  # noqa: ANN401  a dtype
    library, _, name = value.text.partition(".")
    if library not in LIBRARIES or not name.isidentifier():
        raise EvidenceError(f"{value.text} names no dtype of {', '.join(LIBRARIES)}.")
    return getattr(importlib.import_module(library), name)
