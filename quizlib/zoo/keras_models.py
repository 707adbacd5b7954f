"""The digits MLP in Keras 2 (`tf_keras`), the version that tensorflow-model-optimization works on.

It carries the weights trained in PyTorch, transposed: the two models compute the same function, so that bytes,
errors and accuracies can be compared across the two libraries.
Importing this module loads neither TensorFlow nor Keras; building a model does, quietly.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from quizlib.zoo.arrays import Array, check_arrays, read_checkpoint
from quizlib.zoo.quiet import quiet


def keras_mlp_architecture() -> Any:  # noqa: ANN401 - tf_keras has no types; a tf_keras.Sequential
    """Return the untrained `tf_keras.Sequential`, 64 → 256 → 128 → 10, with layers hidden1, hidden2 and output.

    Input: pixels, float32, shape (n, 64). Output: logits, float32, shape (n, 10). It is not compiled.

    >>> [layer.name for layer in keras_mlp_architecture().layers]
    ['hidden1', 'hidden2', 'output']
    """
    quiet()
    import tf_keras as keras

    return keras.Sequential(
        [
            keras.layers.Input((64,)),
            keras.layers.Dense(256, activation="relu", name="hidden1"),
            keras.layers.Dense(128, activation="relu", name="hidden2"),
            keras.layers.Dense(10, name="output"),
        ],
        name="digits_mlp",
    )


def digits_mlp_keras() -> Any:  # noqa: ANN401 - tf_keras has no types; a tf_keras.Sequential
    """Return `keras_mlp_architecture` with the trained weights of the PyTorch `digits_mlp`.

    >>> digits_mlp_keras().predict(np.zeros((2, 64), np.float32), verbose=0).shape
    (2, 10)
    """
    return load_keras_arrays(keras_mlp_architecture(), to_keras_arrays(read_checkpoint("digits_mlp")))


def to_keras_arrays(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return dense layers' arrays as Keras names and orients them: a kernel is the transposed weight, a bias stays.

    Args:
        arrays: By PyTorch name, as "hidden1.weight" of shape (out, in) and "hidden1.bias" of shape (out,).

    >>> {name: array.shape for name, array in to_keras_arrays({"a.weight": np.ones((2, 3))}).items()}
    {'a/kernel': (3, 2)}
    """
    return {name.replace(".weight", "/kernel").replace(".bias", "/bias"): array.T for name, array in arrays.items()}


def keras_arrays_of(model: Any) -> dict[str, Array]:  # noqa: ANN401 - as above
    """Return copies of a Keras model's variables by name, without the ":0" that TensorFlow adds.

    >>> {name: array.shape for name, array in keras_arrays_of(keras_mlp_architecture()).items()}["hidden1/kernel"]
    (64, 256)
    """
    return {_variable_name(variable): np.array(variable.numpy()) for variable in model.weights}


def load_keras_arrays(model: Any, arrays: Mapping[str, Array]) -> Any:  # noqa: ANN401 - as above
    """Assign arrays to the variables of a Keras model and return it.

    Args:
        model: Receives the values; it is changed only if all of them fit.
        arrays: One array for each name of `keras_arrays_of(model)`, of the same shape and dtype.

    Raises:
        ArgumentError: A name is missing or unexpected, or a dtype differs; it says which.
        ShapeError: A shape differs; it says which.

    >>> model = keras_mlp_architecture()
    >>> load_keras_arrays(model, keras_arrays_of(model)) is model
    True
    """
    check_arrays(keras_arrays_of(model), arrays)
    model.set_weights([arrays[_variable_name(variable)] for variable in model.weights])
    return model


def _variable_name(variable: Any) -> str:  # noqa: ANN401 - as above
    return str(variable.name).removesuffix(":0")
