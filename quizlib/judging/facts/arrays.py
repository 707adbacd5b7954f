"""Named weights out of model evidence, and of the model that it started from; no facts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import assert_never

import numpy as np

from quizlib.errors import ArgumentError, FactError, KindError, SpecError
from quizlib.evidence.build import build
from quizlib.evidence.encode import encode
from quizlib.evidence.values import (
    Array,
    KerasLayer,
    KerasModel,
    Plain,
    QuantizedArray,
    SparseArray,
    Stored,
    TorchModel,
    TorchModule,
    ZooModel,
)
from quizlib.judging.describing import kind_of
from quizlib.judging.facts.registry import FactContext

MODELS = (TorchModel, KerasModel)

WRAPPER = re.compile(r"^(prune_low_magnitude|cluster|quantize_annotate|quant)_")
"""What the wrappers of tensorflow-model-optimization put before the name of the layer inside."""


def stored(model: Plain) -> dict[str, Stored]:
    """Return what a model stores, by name: `hidden1.weight` in torch, `hidden1/kernel` in tf_keras.

    Raises:
        KindError: `model` is neither.

    >>> from quizlib.judging.facts.example import model
    >>> list(stored(model(weight=[[1.0]], bias=[0.0])))
    ['weight', 'bias']
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
    raise KindError(f"expected a torch or Keras model, but it is {kind_of(model)}")


def _inner_name(layer: KerasLayer) -> str:
    """Return a layer's name without what its wrapper puts before it, so that a wrapped weight is still found."""
    if not layer.wraps:
        return layer.name
    *outer, own = layer.name.split("/")
    return "/".join([*outer, WRAPPER.sub("", own)])


def torch_modules(model: Plain) -> tuple[TorchModule, ...]:
    """Return the modules of a torch model, itself first.

    Raises:
        KindError: `model` is none.
    """
    if not isinstance(model, TorchModel):
        raise KindError("expected a torch model")
    return model.modules


def keras_layers(model: Plain) -> tuple[KerasLayer, ...]:
    """Return the layers of a tf_keras model in order.

    Raises:
        KindError: `model` is none.
    """
    if not isinstance(model, KerasModel):
        raise KindError("expected a Keras model")
    return model.layers


def listed(names: list[str], most: int = 4) -> str:
    """Return names in a row, and how many more there are.

    >>> listed(["a", "b", "c"], 2), listed([])
    ('a, b and 1 more', 'none')
    """
    shown = ", ".join(names[:most]) or "none"
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def find(model: Plain, weight: str) -> Stored:
    """Return what a model stores under one name.

    Raises:
        FactError: it stores nothing under that name, or is no model.
    """
    table = stored(model)
    if weight not in table:
        raise FactError(f"the model has no {weight}; it has {_alike(weight, list(table))}")
    return table[weight]


def _alike(weight: str, names: list[str]) -> str:
    """Return the names of what a model stores, those of the same layer first."""
    layer = re.split(r"[./][^./]*$", weight)[0]
    own = [name for name in names if name.startswith((f"{layer}.", f"{layer}/"))]
    return listed([*own, *(name for name in names if name not in own)]) if names else "no weights"


def real(value: Stored) -> np.ndarray:
    """Return the real numbers that a stored weight stands for, dense, float or integer as stored.

    >>> from quizlib.judging.facts.example import coded
    >>> real(coded([[2, -4]], [[0.5]]))
    array([[ 1., -2.]], dtype=float32)
    """
    match value:
        case QuantizedArray():
            return value.dequantize()
        case Array():
            return value.values
        case SparseArray():
            return value.dense()
        case _:
            assert_never(value)


def numbers(model: Plain, weights: list[str]) -> dict[str, np.ndarray]:
    """Return several weights of a model as the real numbers that they stand for, by name.

    Raises:
        FactError: one of them is not stored, or `model` is no model.
    """
    return {weight: real(find(model, weight)) for weight in weights}


def original(model: ZooModel, weights: list[str]) -> dict[str, np.ndarray]:
    """Return weights of the zoo's own copy of a model, which no learner code has touched.

    Raises:
        FactError: it stores none of that name. SpecError: the zoo has no such model.
    """
    return numbers(_zoo_evidence(model), weights)


def original_names(model: ZooModel) -> list[str]:
    """Return the names of all that the zoo's own copy of a model stores.

    Raises:
        SpecError: the zoo has no such model.
    """
    return list(stored(_zoo_evidence(model)))


def original_model(model: ZooModel) -> Plain:
    """Return the zoo's own copy of a model.

    Raises:
        SpecError: the zoo has no such model.
    """
    return _zoo_evidence(model)


@lru_cache(maxsize=32)
def _zoo_evidence(model: ZooModel) -> Plain:
    try:
        return encode(build(model))
    except ArgumentError as error:
        raise SpecError(f"the original model of an exercise cannot be built: {error}") from error


def original_weight(context: FactContext, origin: str | None, weight: str) -> np.ndarray:
    """Return one weight of the model that a response started from, float32 or as stored there.

    Raises:
        FactError: it stores none of that name. SpecError: neither case nor exercise name an original.
    """
    return original(context.zoo_model(origin), [weight])[weight]


def require_same_shape(weight: str, before: np.ndarray, after: np.ndarray) -> None:
    """Raise a FactError unless two states of a weight have one shape."""
    if before.shape != after.shape:
        raise FactError(f"{weight} should have shape {before.shape}, but it has shape {after.shape}")
