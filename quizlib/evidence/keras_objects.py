"""TensorFlow tensors and tf_keras models as plain data."""

from __future__ import annotations

import sys
from typing import Any

from quizlib.evidence.encode import array, class_name, encode
from quizlib.evidence.values import Array, KerasLayer, KerasModel, Unreadable

SETTINGS = ("units", "activation", "filters", "kernel_size", "strides", "padding", "groups", "use_bias")
"""The entries of a layer's configuration that say what it computes."""


def is_tensor(value: object) -> bool:
    """Say whether `value` is an eager tensor or a variable of TensorFlow."""
    tensorflow: Any = sys.modules.get("tensorflow")
    return tensorflow is not None and isinstance(value, tensorflow.Tensor | tensorflow.Variable)


def is_model(value: object) -> bool:
    """Say whether `value` is a model of tf_keras."""
    keras: Any = sys.modules.get("tf_keras")
    return keras is not None and isinstance(value, keras.Model)


def tensor(value: Any) -> Array | Unreadable:  # noqa: ANN401  TensorFlow publishes no types
    """Return an eager tensor or variable as an `Array`."""
    if not hasattr(value, "numpy"):
        return Unreadable(class_name(value), "is symbolic; it holds no numbers yet")
    return array(value.numpy(), value.dtype.name, "tensorflow")


def model(value: Any) -> KerasModel:  # noqa: ANN401  tf_keras publishes no types
    """Return the layers of a tf_keras model, a nested model's layers under `outer/inner`."""
    return KerasModel(tuple(_layers(value, "")))


def _layers(value: Any, prefix: str) -> list[KerasLayer]:  # noqa: ANN401  as above
    found = []
    for layer in value.layers:
        name = prefix + str(layer.name)
        found.append(_layer(layer, name))
        if hasattr(layer, "layers"):
            found += _layers(layer, name + "/")
    return found


def _layer(layer: Any, name: str) -> KerasLayer:  # noqa: ANN401  as above
    config = layer.get_config()
    inner = getattr(layer, "layer", None)
    if inner is not None:
        config = inner.get_config()
    settings = {key: encode(config[key]) for key in SETTINGS if isinstance(config.get(key), bool | int | str | tuple)}
    own = [] if hasattr(layer, "layers") else layer.weights
    weights = {_weight_name(weight): tensor(weight) for weight in own}
    return KerasLayer(name, class_name(layer), "" if inner is None else class_name(inner), settings, weights)


def _weight_name(weight: Any) -> str:  # noqa: ANN401  as above
    """Return the last part of a variable's name: `hidden1/kernel:0` is `kernel`."""
    return str(weight.name).rsplit("/", 1)[-1].split(":")[0]
