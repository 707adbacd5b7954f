import numpy as np
import pytest
import torch

from quizlib.errors import ArgumentError, ShapeError
from quizlib.zoo.arrays import read_checkpoint
from quizlib.zoo.digits import load_digits
from quizlib.zoo.registry import build
from quizlib.zoo.torch_models import (
    ARCHITECTURES,
    arrays_of,
    digits_cnn,
    digits_inputs,
    digits_lstm,
    digits_mlp,
    digits_residual,
    load_arrays,
    mlp_architecture,
)


@torch.no_grad()
def logits(model, x):
    return model(torch.from_numpy(x)).numpy()


@pytest.mark.parametrize("name", ARCHITECTURES)
@torch.no_grad()
def test_models_have_test_accuracy_of_at_least_095(name):
    digits = load_digits()
    predicted = build(name)(digits_inputs(name, digits, "test")).argmax(1).numpy()
    assert np.mean(predicted == digits.y_test) >= 0.95


def test_residual_mlp_computes_what_numpy_does_with_its_arrays():
    x, arrays = load_digits().x_val[:50], read_checkpoint("digits_residual")

    def linear(layer, h):
        return h @ arrays[f"{layer}.weight"].T + arrays[f"{layer}.bias"]

    stem = np.maximum(linear("stem", x), 0)
    added = np.maximum(stem + linear("block.second", np.maximum(linear("block.first", stem), 0)), 0)
    np.testing.assert_allclose(logits(digits_residual(), x), linear("output", added), rtol=1e-4, atol=1e-4)


def test_lstm_computes_what_numpy_does_with_its_arrays():
    rows, arrays = load_digits().images("val")[:50, 0], read_checkpoint("digits_lstm")
    hidden = cell = np.zeros((50, 64), np.float32)
    for step in range(8):
        gates = rows[:, step] @ arrays["lstm.weight_ih_l0"].T + hidden @ arrays["lstm.weight_hh_l0"].T
        gates = gates + arrays["lstm.bias_ih_l0"] + arrays["lstm.bias_hh_l0"]
        let_in, forget, update, out = np.split(gates, 4, axis=1)
        cell = cell / (1 + np.exp(-forget)) + np.tanh(update) / (1 + np.exp(-let_in))
        hidden = np.tanh(cell) / (1 + np.exp(-out))
    expected = hidden @ arrays["output.weight"].T + arrays["output.bias"]
    np.testing.assert_allclose(logits(digits_lstm(), rows), expected, rtol=1e-4, atol=1e-4)


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


@pytest.mark.parametrize("model", [digits_mlp, digits_cnn, digits_lstm, digits_residual, *ARCHITECTURES.values()])
def test_models_come_in_evaluation_mode(model):
    assert not any(module.training for module in model().modules())


def test_two_models_share_no_weights():
    first, second = digits_mlp(), digits_mlp()
    with torch.no_grad():
        first.hidden1.weight.zero_()
    assert second.hidden1.weight.count_nonzero() > 0


@pytest.mark.parametrize("architecture", ARCHITECTURES.values())
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
