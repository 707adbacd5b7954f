import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize, prune

from quizlib import zoo
from quizlib.errors import FactError
from quizlib.evidence.encode import encode
from quizlib.evidence.values import KerasLayer, KerasModel
from tests.judging.facts.models import dense, fact

KERNEL = dense([[1.0]])


PLAIN = KerasLayer("output", "Dense", "", {}, {"kernel": KERNEL, "bias": KERNEL})


WRAPPED = KerasLayer(
    "prune_low_magnitude_hidden1",
    "PruneLowMagnitude",
    "Dense",
    {},
    dict.fromkeys(("kernel", "mask", "threshold", "mask_1", "threshold_1", "pruning_step"), KERNEL),
)


def test_wrappers_and_their_variables_are_counted():
    assert fact("wrappers_left", KerasModel((PLAIN, WRAPPED))) == 1
    assert fact("mask_variables", KerasModel((PLAIN, WRAPPED))) == 5


def test_plain_model_has_none():
    assert fact("wrappers_left", KerasModel((PLAIN,))) == 0
    assert fact("mask_variables", KerasModel((PLAIN,))) == 0


@pytest.mark.parametrize("name", ["wrappers_left", "mask_variables"])
def test_what_is_no_keras_model_is_told_in_words(name):
    with pytest.raises(FactError, match="expected a Keras model"):
        fact(name, [PLAIN])


def test_traces_of_pruning_are_hook_original_and_mask():
    model = zoo.build("digits_mlp")
    assert fact("pruning_leftovers", model) == 0
    prune.l1_unstructured(model.hidden1, "weight", amount=0.5)
    assert fact("pruning_leftovers", model) == 3
    prune.remove(model.hidden1, "weight")
    assert fact("pruning_leftovers", model) == 0
    parametrize.register_parametrization(model.hidden1, "weight", nn.Identity())
    assert fact("pruning_leftovers", model) == 1


@pytest.mark.parametrize("name", ["pruning_leftovers", "unsaved_tensors"])
@pytest.mark.parametrize("value", [None, KerasModel(())])
def test_what_is_no_torch_model_is_told_in_words(name, value):
    with pytest.raises(FactError, match="expected a torch model"):
        fact(name, value)


def test_modules_and_layers_are_counted_by_the_end_of_their_class():
    layers = KerasModel((KerasLayer("a", "tf_keras.layers.Dense", "", {}, {}),))

    assert fact("modules_of_class", zoo.build("digits_mlp"), ends_with=".Linear") == 3
    assert fact("modules_of_class", layers, ends_with="Dense") == 1
    with pytest.raises(FactError, match="expected a model"):
        fact("modules_of_class", encode(np.zeros(1)), ends_with="Dense")


def test_tensors_that_a_state_dict_lacks_are_counted():
    model = zoo.digits_residual()
    assert fact("unsaved_tensors", model) == 0
    model.stem.codes = torch.zeros(3, dtype=torch.int8)
    model.block.scale = torch.ones(3)
    assert fact("unsaved_tensors", model) == 2
    model.stem.register_buffer("mean", torch.ones(3))
    assert fact("unsaved_tensors", model) == 2
    model.stem.register_buffer("passing", torch.ones(3), persistent=False)
    assert fact("unsaved_tensors", model) == 3


def test_parameters_and_plain_attributes_are_told_from_buffers():
    model = zoo.digits_residual()
    model.stem.register_buffer("codes", torch.zeros(3, dtype=torch.int8))
    model.stem.register_buffer("scale", torch.ones(3), persistent=False)
    names = ["codes", "scale"]
    assert fact("tensors_not_buffers", model, names=names) == 0
    model.block.scale = torch.nn.Parameter(torch.ones(3))
    model.output.codes = torch.zeros(3)
    assert fact("tensors_not_buffers", model, names=names) == 2


def test_unsaved_tensors_may_be_counted_by_name():
    layer = nn.Linear(2, 2)
    layer.register_buffer("scale", torch.ones(2), persistent=False)

    assert fact("unsaved_tensors", layer) == 1
    assert fact("unsaved_tensors", layer, names=["scale"]) == 1
    assert fact("unsaved_tensors", layer, names=["codes"]) == 0


def test_parameters_that_became_buffers_or_plain_tensors_are_counted_as_lost():
    mlp = zoo.digits_mlp()
    assert fact("lost_parameters", encode(mlp), origin="digits_mlp") == 0
    prune.l1_unstructured(mlp.output, "weight", amount=0.5)
    assert fact("lost_parameters", encode(mlp), origin="digits_mlp") == 0

    for name, keep in (("hidden1", mlp.hidden1.register_buffer), ("hidden2", mlp.hidden2.__setattr__)):
        layer = mlp.get_submodule(name)
        weight = layer.weight.detach()
        del layer.weight
        keep("weight", weight)

    assert fact("lost_parameters", encode(mlp), origin="digits_mlp") == 2


def test_sizes_that_layers_tell_are_held_against_their_weights():
    model = zoo.build("digits_cnn")
    assert fact("sizes_off", model) == 0
    for layer in (model.conv1, model.bn1):
        layer.weight = nn.Parameter(layer.weight.detach()[:5])
    assert fact("sizes_off", model) == 2
    model.conv1.out_channels, model.bn1.num_features = 5, 5
    assert fact("sizes_off", model) == 0


def test_sizes_of_grouped_and_transposed_convolutions_are_right():
    assert fact("sizes_off", nn.Sequential(nn.Conv2d(6, 4, 1, groups=2), nn.ConvTranspose2d(4, 3, 1))) == 0
