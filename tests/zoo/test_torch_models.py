import numpy as np
import pytest
import torch

from quizlib.errors import ArgumentError, ShapeError
from quizlib.zoo.arrays import read_checkpoint
from quizlib.zoo.digits import load_digits
from quizlib.zoo.torch_models import (
    arrays_of,
    cnn_architecture,
    digits_cnn,
    digits_mlp,
    load_arrays,
    mlp_architecture,
)


@torch.no_grad()
def logits(model, x):
    return model(torch.from_numpy(x)).numpy()


def test_mlp_has_test_accuracy_of_at_least_095():
    digits = load_digits()
    assert np.mean(logits(digits_mlp(), digits.x_test).argmax(1) == digits.y_test) >= 0.95


def test_cnn_has_test_accuracy_of_at_least_095():
    digits = load_digits()
    assert np.mean(logits(digits_cnn(), digits.images("test")).argmax(1) == digits.y_test) >= 0.95


def test_mlp_computes_what_numpy_does_with_its_arrays():
    x, arrays = load_digits().x_val[:50], read_checkpoint("digits_mlp")
    h = x
    for layer in ("hidden1", "hidden2"):
        h = np.maximum(h @ arrays[f"{layer}.weight"].T + arrays[f"{layer}.bias"], 0)
    expected = h @ arrays["output.weight"].T + arrays["output.bias"]
    np.testing.assert_allclose(logits(digits_mlp(), x), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (digits_mlp, "hidden1 relu1 hidden2 relu2 output"),
        (digits_cnn, "conv1 bn1 relu1 pool1 conv2 bn2 relu2 pool2 flatten output"),
    ],
)
def test_layers_are_named(model, names):
    assert [name for name, _ in model().named_children()] == names.split()


@pytest.mark.parametrize("model", [digits_mlp, digits_cnn, mlp_architecture, cnn_architecture])
def test_models_come_in_evaluation_mode(model):
    assert not any(module.training for module in model().modules())


def test_two_models_share_no_weights():
    first, second = digits_mlp(), digits_mlp()
    with torch.no_grad():
        first.hidden1.weight.zero_()
    assert second.hidden1.weight.count_nonzero() > 0


@pytest.mark.parametrize("architecture", [mlp_architecture, cnn_architecture])
def test_arrays_survive_the_way_into_another_model(architecture):
    source = arrays_of(architecture())
    loaded = arrays_of(load_arrays(architecture(), source))
    assert source.keys() == loaded.keys()
    assert all(np.array_equal(source[name], loaded[name]) for name in source)


def test_arrays_of_are_copies():
    model = mlp_architecture()
    arrays_of(model)["output.bias"][:] = 9.0
    assert not (model.output.bias == 9.0).any()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"hidden9.bias": np.zeros(3, np.float32)}, ArgumentError, "missing none, unexpected hidden9.bias"),
        ({"hidden1.bias": np.zeros(3, np.float32)}, ShapeError, r"'hidden1.bias' has shape \(3,\)"),
        ({"output.bias": np.zeros(10, np.float64)}, ArgumentError, "'output.bias' has dtype float64"),
    ],
)
def test_arrays_that_do_not_fit_are_named_and_change_nothing(change, error, message):
    model = mlp_architecture()
    before = arrays_of(model)
    with pytest.raises(error, match=message):
        load_arrays(model, read_checkpoint("digits_mlp") | change)
    assert all(np.array_equal(before[name], array) for name, array in arrays_of(model).items())


def test_read_only_arrays_are_taken_without_a_warning():
    arrays = read_checkpoint("digits_mlp")
    for array in arrays.values():
        array.setflags(write=False)
    assert load_arrays(mlp_architecture(), arrays).hidden1.weight.shape == (256, 64)
