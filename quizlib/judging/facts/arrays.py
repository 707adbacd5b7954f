"""Named weights out of model evidence, and of the model that it started from."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from quizlib.errors import ArgumentError, SpecError
from quizlib.evidence.build import build
from quizlib.evidence.encode import encode
from quizlib.evidence.values import (
    Array,
    KerasLayer,
    KerasModel,
    Plain,
    QuantizedArray,
    SparseArray,
    TorchModel,
    ZooModel,
)
from quizlib.judging.describing import kind_of
from quizlib.judging.facts.registry import FactError

Stored = Array | QuantizedArray | SparseArray

WRAPPER = re.compile(r"^(prune_low_magnitude|cluster|quantize_annotate|quant)_")
"""What the wrappers of tensorflow-model-optimization put before the name of the layer inside."""


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
            f"{_inner_name(layer)}/{key}": weight
            for layer in model.layers
            for key, weight in layer.weights.items()
            if isinstance(weight, Array)
        }
    raise FactError(f"expected a torch or Keras model, but it is {kind_of(model)}")


def _inner_name(layer: KerasLayer) -> str:
    """Return a layer's name without what its wrapper puts before it, so that a wrapped weight is still found."""
    if not layer.wraps:
        return layer.name
    *outer, own = layer.name.split("/")
    return "/".join([*outer, WRAPPER.sub("", own)])


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
            return value.dense()


def numbers(model: Plain, weights: list[str]) -> dict[str, np.ndarray]:
    """Return several weights of a model as the real numbers that they stand for, by name."""
    return {weight: real(find(model, weight)) for weight in weights}


def original(model: ZooModel, weights: list[str]) -> dict[str, np.ndarray]:
    """Return weights of the zoo's own copy of a model, which no learner code has touched."""
    return numbers(_zoo_evidence(model), weights)


def original_names(model: ZooModel) -> list[str]:
    """Return the names of all that the zoo's own copy of a model stores."""
    return list(stored(_zoo_evidence(model)))


@lru_cache(maxsize=32)
def _zoo_evidence(model: ZooModel) -> Plain:
    try:
        return encode(build(model))
    except ArgumentError as error:
        raise SpecError(f"the original model of an exercise cannot be built: {error}") from error
