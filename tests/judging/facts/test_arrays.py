import numpy as np
import pytest
import torch
from torch import nn

from quizlib import zoo
from quizlib.errors import FactError, SpecError
from quizlib.evidence.encode import encode
from quizlib.evidence.values import Array, KerasLayer, KerasModel, SparseArray, ZooModel
from quizlib.judging.facts.arrays import find, numbers, original, original_names, real, stored
from tests.judging.facts.models import coded, dense, holding


def test_torch_weights_go_by_the_names_of_the_state_dict():
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))

    assert set(stored(encode(model))) == set(model.state_dict())


def test_keras_weights_go_by_layer_whatever_wraps_it():
    kernel = dense([[1.0]])
    layers = (
        KerasLayer("output", "Dense", "", {}, {"kernel": kernel}),
        KerasLayer("prune_low_magnitude_hidden1", "PruneLowMagnitude", "Dense", {}, {"kernel": kernel}),
    )

    assert list(stored(KerasModel(layers))) == ["output/kernel", "hidden1/kernel"]


@pytest.mark.parametrize("value", [None, 3, "text", [encode(nn.Linear(1, 1))], ZooModel("digits_mlp")])
def test_what_is_no_model_stores_nothing(value):
    with pytest.raises(FactError, match="expected a torch or Keras model, but it is"):
        stored(value)


def test_missing_weight_is_told_with_those_there_are():
    with pytest.raises(FactError, match="the model has no weight; it has kernel"):
        find(holding(kernel=dense([1.0])), "weight")
    with pytest.raises(FactError, match="it has no weights"):
        find(holding(), "weight")


def test_real_numbers_of_each_way_to_store_them():
    parts = {"indices": np.array([[1]]), "values": np.array([5.0])}

    assert real(dense([1, 2], np.int8)).tolist() == [1, 2]
    assert real(coded([2, -4], [0.5])).tolist() == [1.0, -2.0]
    assert real(SparseArray("coo", (2,), parts)).tolist() == [0.0, 5.0]


@pytest.mark.parametrize("seed", [None, 3])
def test_original_is_the_zoos_own(seed):
    expected = zoo.build("digits_mlp") if seed is None else zoo.randomized("digits_mlp", seed)
    model = ZooModel("digits_mlp", seed)

    assert original_names(model) == list(expected.state_dict())
    before = original(model, ["output.weight"])["output.weight"]
    assert torch.equal(torch.from_numpy(before), expected.output.weight)


def test_numbers_come_by_name():
    assert numbers(holding(a=dense([1.0]), b=dense([2.0])), ["b"])["b"].tolist() == [2.0]


def test_original_that_the_zoo_lacks_is_the_courses_fault():
    with pytest.raises(SpecError, match="cannot be built: there is no model 'resnet'"):
        original_names(ZooModel("resnet"))


@pytest.mark.parametrize(
    ("name", "wraps", "found"),
    [
        ("prune_low_magnitude_hidden1", "Dense", "hidden1/kernel"),
        ("outer/quant_hidden1", "Dense", "outer/hidden1/kernel"),
        ("cluster_hidden1", "", "cluster_hidden1/kernel"),  # a layer that was only called so
    ],
)
def test_a_wrapped_layer_is_found_under_the_name_inside(name, wraps, found):
    kernel = Array(np.ones((2, 2), np.float32), "float32", "tensorflow")
    model = KerasModel((KerasLayer(name, "Layer", wraps, {}, {"kernel": kernel}),))
    assert find(model, found) is kernel
