import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from quizlib.errors import ArgumentError
from quizlib.zoo import randomize
from quizlib.zoo.arrays import read_checkpoint
from quizlib.zoo.digits import load_digits
from quizlib.zoo.randomize import randomized_arrays
from quizlib.zoo.registry import build
from quizlib.zoo.torch_models import ARCHITECTURES, digits_inputs, load_arrays

NAMES = tuple(ARCHITECTURES)


def moved(name, seed):
    return randomized_arrays(name, read_checkpoint(name), seed)


@torch.no_grad()
def logits(name, model):
    return model(digits_inputs(name, load_digits(), "val")).numpy()


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_gives_the_same_arrays(name):
    first, second = moved(name, 5), moved(name, 5)
    assert all(np.array_equal(first[key], second[key]) for key in first)


@pytest.mark.parametrize("name", NAMES)
def test_every_real_array_differs_from_the_trained_and_between_seeds(name):
    trained, first, second = read_checkpoint(name), moved(name, 1), moved(name, 2)
    for key, array in trained.items():
        if array.dtype.kind == "f":
            assert np.mean(first[key] == array) < 0.01
            assert np.mean(first[key] == second[key]) < 0.01


@pytest.mark.parametrize("name", NAMES)
def test_names_shapes_and_dtypes_stay(name):
    def form(arrays):
        return {key: (array.shape, array.dtype) for key, array in arrays.items()}

    assert form(moved(name, 1)) == form(read_checkpoint(name))


@pytest.mark.parametrize("name", NAMES)
def test_no_two_magnitudes_are_equal_in_the_whole_model(name):
    for seed in range(5):
        real = [array.ravel() for array in moved(name, seed).values() if array.dtype.kind == "f"]
        magnitudes = np.abs(np.concatenate(real))
        assert np.unique(magnitudes).size == magnitudes.size


@pytest.mark.parametrize("name", NAMES)
def test_accuracy_stays_above_09_for_any_seed(name):
    labels = load_digits().y_val
    for seed in range(5):
        model = load_arrays(ARCHITECTURES[name](), moved(name, seed))
        assert np.mean(logits(name, model).argmax(1) == labels) > 0.9


@pytest.mark.parametrize("name", NAMES)
def test_reordered_units_without_noise_compute_the_same_function(monkeypatch, name):
    monkeypatch.setattr(randomize, "_NOISE", 1e-7)  # not 0, since ties would be drawn again for ever
    model = load_arrays(ARCHITECTURES[name](), moved(name, 3))
    np.testing.assert_allclose(logits(name, model), logits(name, build(name)), rtol=1e-3, atol=1e-3)


def test_mask_of_the_trained_model_fits_the_moved_one_no_better_than_chance():
    def mask(arrays):
        magnitudes = np.abs(arrays["hidden2.weight"])
        return magnitudes > np.median(magnitudes)

    agreement = np.mean(mask(read_checkpoint("digits_mlp")) == mask(moved("digits_mlp", 4)))
    assert 0.4 < agreement < 0.6


def test_variances_stay_positive():
    assert all(moved("digits_cnn", seed)["bn2.running_var"].min() > 0 for seed in range(20))


def test_given_arrays_are_not_changed():
    arrays = read_checkpoint("digits_mlp")
    randomized_arrays("digits_mlp", arrays, 1)
    assert all(np.array_equal(arrays[key], array) for key, array in read_checkpoint("digits_mlp").items())


@pytest.mark.parametrize("seed", [-1, 1.5, True, "1"])
def test_seed_that_is_no_natural_number_is_refused(seed):
    with pytest.raises(ArgumentError, match=f"seed is {seed!r}; pass an integer >= 0"):
        moved("digits_mlp", seed)


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, 3.0]) | st.floats(0, 1, width=32)))
def test_each_value_that_stands_earlier_already_is_marked(numbers):
    found = randomize._repeats(np.array(numbers, dtype=np.float32))

    assert found.tolist() == [number in numbers[:at] for at, number in enumerate(numbers)]
