"""TensorFlow tensors and tf_keras models as plain data."""

from __future__ import annotations

import sys
from typing import Any

from quizlib.evidence import python_objects
from quizlib.evidence.python_objects import array, class_name
from quizlib.evidence.values import Array, KerasLayer, KerasModel, Name, Plain, Unreadable

SETTINGS = ("units", "activation", "filters", "kernel_size", "strides", "padding", "groups", "use_bias")
"""The entries of a layer's configuration that say what it computes."""


def is_known(value: object) -> bool:
    """Say whether `value` is a tensor, a variable or a dtype of TensorFlow, or a model of tf_keras."""
    tensorflow, keras = sys.modules.get("tensorflow"), sys.modules.get("tf_keras")
    return (keras is not None and isinstance(value, keras.Model)) or (
        tensorflow is not None and isinstance(value, tensorflow.Tensor | tensorflow.Variable | tensorflow.DType)
    )


def read(value: Any) -> Plain:  # noqa: ANN401  what `is_known` knows
    """Return what `is_known` knows as plain data."""
    if hasattr(value, "layers"):
        return model(value)
    return Name(f"tensorflow.{value.name}") if hasattr(value, "as_numpy_dtype") else tensor(value)


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
    stated = [key for key in SETTINGS if isinstance(config.get(key), bool | int | str | tuple)]
    settings = {key: python_objects.read(config[key]) for key in stated}
    return KerasLayer(name, class_name(layer), "" if inner is None else class_name(inner), settings, _weights(layer))


def _weights(layer: Any) -> dict[str, Array | Unreadable]:  # noqa: ANN401  as above
    """Return a layer's own weights by the last part of their names, `kernel` for `hidden1/kernel:0`.

    Where that is not unique, as inside attention, the weights after the first go by their full names.
    """
    named: dict[str, Array | Unreadable] = {}
    for weight in [] if hasattr(layer, "layers") else layer.weights:
        full = str(weight.name).split(":")[0]
        short = full.rsplit("/", 1)[-1]
        named[full if short in named else short] = tensor(weight)
    return named
