"""Take plain values from live objects; what is not plain data becomes `Unreadable` with its reason."""

from __future__ import annotations

import sys

from quizlib.evidence import keras_objects, python_objects
from quizlib.evidence.values import Plain


def encode(value: object) -> Plain:
    """Return `value` as plain data: scalars, text, containers, arrays, tensors, models, bytes, dtypes.

    An object of any other type, a number that is not finite, and anything over the caps become `Unreadable`.
    A subclass of a plain type is read as that type, so that an overridden `__eq__` never reaches the judge.

    >>> import numpy as np
    >>> encode({"bits": 8, "scale": np.float32(0.5)})["scale"].values
    array(0.5, dtype=float32)
    >>> encode(float("nan")).reason
    'is nan, which is not a finite number'
    """
    return python_objects.read(value, _read_framework)


def _read_framework(value: object) -> Plain:
    """Read objects of torch, TensorFlow and tf_keras, without importing what the learner has not."""
    if "torch" in sys.modules:
        from quizlib.evidence import torch_objects  # which imports torch

        if torch_objects.is_known(value):
            return torch_objects.read(value)
    if keras_objects.is_known(value):
        return keras_objects.read(value)
    return python_objects.unreadable(value)
