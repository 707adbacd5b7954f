"""Named weights out of model evidence, and of the model that it started from."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from quizlib.evidence.build import build
from quizlib.evidence.encode import encode
from quizlib.evidence.values import Array, KerasModel, Plain, QuantizedArray, SparseArray, TorchModel, ZooModel
from quizlib.judging.compare import kind_of
from quizlib.judging.facts.registry import FactError

Stored = Array | QuantizedArray | SparseArray


def stored(model: Plain) -> dict[str, Stored]:
    """Return what a model stores, by name: `hidden1.weight` in torch, `hidden1/kernel` in tf_keras.

    Raises:
        FactError: `model` is neither.
    """
    if isinstance(model, TorchModel):
        return {
            f"{module.name}.{key}".lstrip("."): tensor
            for module in model.modules
            for key, tensor in module.tensors.items()
            if isinstance(tensor, Stored)
        }
    if isinstance(model, KerasModel):
        return {
            f"{layer.name}/{key}": weight
            for layer in model.layers
            for key, weight in layer.weights.items()
            if isinstance(weight, Array)
        }
    raise FactError(f"expected a torch or Keras model, but it is {kind_of(model)}")


def find(model: Plain, weight: str) -> Stored:
    """Return what a model stores under one name."""
    table = stored(model)
    if weight not in table:
        raise FactError(f"the model has no {weight}; it has {', '.join(table) or 'no weights'}")
    return table[weight]


def real(value: Stored) -> np.ndarray:
    """Return the real numbers that a stored weight stands for, dense, float or integer as stored."""
    match value:
        case QuantizedArray():
            return value.dequantize()
        case Array():
            return value.values
        case SparseArray():
            return _dense(value)


def _dense(value: SparseArray) -> np.ndarray:
    dense = np.zeros(value.shape, value.parts["values"].dtype)
    try:
        if value.layout == "csr":
            rows = np.repeat(np.arange(value.shape[0]), np.diff(value.parts["crow_indices"]))
            dense[rows, value.parts["col_indices"]] = value.parts["values"]
        else:
            dense[tuple(value.parts["indices"])] = value.parts["values"]
    except (IndexError, KeyError, ValueError) as error:
        raise FactError(f"a sparse {value.layout} tensor has indices that do not fit its shape") from error
    return dense


def original(model: ZooModel, weight: str) -> np.ndarray:
    """Return a weight of the zoo's own copy of a model, which no learner code has touched."""
    return real(find(_zoo_evidence(model), weight))


def original_stored(model: ZooModel) -> dict[str, Stored]:
    """Return all weights of the zoo's own copy of a model."""
    return stored(_zoo_evidence(model))


@lru_cache(maxsize=32)
def _zoo_evidence(model: ZooModel) -> Plain:
    return encode(build(model))


def same_shape(found: np.ndarray, wanted: np.ndarray, weight: str) -> None:
    """Raise FactError unless both have one shape."""
    if found.shape != wanted.shape:
        raise FactError(f"{weight} has shape {found.shape}, but the original has {wanted.shape}")
