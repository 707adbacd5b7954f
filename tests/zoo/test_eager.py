import importlib

import pytest
import torch
from torch import nn

from quizlib import zoo
from quizlib.errors import MissingLibraryError
from quizlib.zoo import eager, quiet


@pytest.fixture(autouse=True)
def without_the_known_noise():
    quiet.quiet()


@pytest.fixture
def removed(monkeypatch):
    """A torch that has no eager mode any more."""
    monkeypatch.setattr(eager, "legacy_module", lambda name: None)


@pytest.mark.parametrize("name", ["quantize_dynamic", "QuantStub", "prepare", "convert", "MinMaxObserver"])
def test_names_are_those_of_torch(name):
    assert getattr(eager, name) is getattr(importlib.import_module("torch.ao.quantization"), name)


def test_float_functional_comes_from_the_quantized_modules():
    assert eager.FloatFunctional is importlib.import_module("torch.ao.nn.quantized").FloatFunctional


def test_a_name_that_torch_lacks_is_an_attribute_error():
    with pytest.raises(AttributeError, match="quantize_everything"):
        eager.quantize_everything  # noqa: B018 - reading it is the test


def test_a_package_that_misses_something_else_is_not_taken_for_removed(monkeypatch):
    def broken(name):
        raise ModuleNotFoundError("No module named 'sympy'", name="sympy")

    monkeypatch.setattr(eager, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="sympy"):
        eager.legacy_module("torch.ao.broken")


def test_without_it_a_name_says_which_torch_has_it(removed):
    with pytest.raises(MissingLibraryError, match=r"to which QuantStub belongs; .* install torch==2\.13\.0"):
        eager.QuantStub  # noqa: B018 - reading it is the test


def test_without_it_importing_a_name_raises_the_same_error(removed):
    with pytest.raises(MissingLibraryError, match="to which prepare belongs"):
        exec("from quizlib.zoo.eager import prepare")


@torch.no_grad()
def test_without_it_dynamic_quantization_goes_through_torchao(removed):
    model, x = zoo.digits_mlp(), torch.from_numpy(zoo.load_digits().x_val)
    converted = eager.quantize_dynamic(model, {"hidden1", nn.ReLU}, dtype=torch.qint8)
    assert converted.hidden1.weight.qdata.dtype == torch.int8
    assert not hasattr(converted.hidden2.weight, "qdata")
    assert not hasattr(model.hidden1.weight, "qdata")
    assert (converted(x).argmax(1) == model(x).argmax(1)).double().mean() > 0.98


def test_without_it_every_linear_layer_is_the_default_and_inplace_is_obeyed(removed):
    model = zoo.digits_mlp()
    assert eager.quantize_dynamic(model, inplace=True) is model
    assert all(hasattr(layer.weight, "qdata") for layer in (model.hidden1, model.hidden2, model.output))


def test_without_it_float16_is_refused(removed):
    with pytest.raises(MissingLibraryError, match=r"dtype is torch\.float16"):
        eager.quantize_dynamic(zoo.digits_mlp(), {nn.Linear}, dtype=torch.float16)


def test_without_it_observers_give_the_same_grid(monkeypatch):
    x = torch.tensor([-1.0, 0.3, 4.1])
    grids = []
    for is_removed in (False, True):
        if is_removed:
            monkeypatch.setattr(eager, "legacy_module", lambda name: None)
        observer = eager.MinMaxObserver(dtype=torch.qint8, qscheme=torch.per_tensor_affine)
        observer(x)
        grids.append([float(part) for part in observer.calculate_qparams()])
    assert grids[0] == grids[1]
