import numpy as np
import pytest
import torch

from quizlib.errors import ArgumentError, ShapeError
from quizlib.zoo.digits import load_digits
from quizlib.zoo.keras_models import (
    digits_mlp_keras,
    keras_arrays_of,
    keras_mlp_architecture,
    load_keras_arrays,
    to_keras_arrays,
)
from quizlib.zoo.torch_models import arrays_of, digits_mlp, mlp_architecture


def test_keras_mlp_has_test_accuracy_of_at_least_095():
    digits = load_digits()
    predicted = digits_mlp_keras()(digits.x_test).numpy().argmax(1)
    assert np.mean(predicted == digits.y_test) >= 0.95


@torch.no_grad()
def test_keras_mlp_computes_the_same_logits_as_torchs():
    x = load_digits().x_val
    expected = digits_mlp()(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(digits_mlp_keras()(x).numpy(), expected, rtol=1e-4, atol=1e-4)


def test_model_is_one_that_tfmot_accepts():
    import tf_keras

    model = digits_mlp_keras()
    assert type(model) is tf_keras.Sequential
    assert [type(layer) for layer in model.layers] == [tf_keras.layers.Dense] * 3


def test_architecture_is_not_the_trained_model():
    assert not np.allclose(
        keras_arrays_of(keras_mlp_architecture())["hidden1/kernel"],
        keras_arrays_of(digits_mlp_keras())["hidden1/kernel"],
    )


def test_torch_arrays_are_renamed_and_turned():
    arrays = to_keras_arrays(arrays_of(mlp_architecture()))
    assert {name: array.shape for name, array in arrays.items()} == {
        "hidden1/kernel": (64, 256),
        "hidden1/bias": (256,),
        "hidden2/kernel": (256, 128),
        "hidden2/bias": (128,),
        "output/kernel": (128, 10),
        "output/bias": (10,),
    }


def test_arrays_survive_the_way_into_another_model():
    source = keras_arrays_of(keras_mlp_architecture())
    loaded = keras_arrays_of(load_keras_arrays(keras_mlp_architecture(), source))
    assert all(np.array_equal(source[name], loaded[name]) for name in source)


def test_kernel_in_torchs_orientation_is_refused_by_name():
    model = keras_mlp_architecture()
    arrays = keras_arrays_of(model)
    with pytest.raises(ShapeError, match=r"'hidden1/kernel' has shape \(256, 64\), but the model expects"):
        load_keras_arrays(model, arrays | {"hidden1/kernel": arrays["hidden1/kernel"].T})


def test_torchs_names_are_refused():
    with pytest.raises(ArgumentError, match=r"missing hidden1/bias, .* unexpected hidden1\.bias"):
        load_keras_arrays(keras_mlp_architecture(), arrays_of(mlp_architecture()))
