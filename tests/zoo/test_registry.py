import numpy as np
import pytest
import torch

from quizlib.errors import ArgumentError, MissingWeightsError
from quizlib.zoo import pitch_accuracy, tones
from quizlib.zoo.arrays import read_checkpoint
from quizlib.zoo.digits import load_digits
from quizlib.zoo.keras_models import keras_arrays_of, to_keras_arrays
from quizlib.zoo.registry import build, randomized, rebuild, require_weights
from quizlib.zoo.torch_models import ARCHITECTURES, arrays_of

KNOWN = ("crepe_tiny", "digits_cnn", "digits_lstm", "digits_mlp", "digits_mlp_keras", "digits_residual")


def named_arrays(model):
    return arrays_of(model) if isinstance(model, torch.nn.Module) else keras_arrays_of(model)


def equal(first, second):
    return first.keys() == second.keys() and all(np.array_equal(first[key], second[key]) for key in first)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_build_gives_the_trained_arrays(name):
    assert equal(arrays_of(build(name)), read_checkpoint(name))


def test_build_gives_keras_the_trained_arrays_turned():
    assert equal(keras_arrays_of(build("digits_mlp_keras")), to_keras_arrays(read_checkpoint("digits_mlp")))


@pytest.mark.parametrize("name", KNOWN)
def test_rebuild_takes_back_the_arrays_of_a_randomized_model(name):
    arrays = named_arrays(randomized(name, 11))
    assert equal(named_arrays(rebuild(name, arrays)), arrays)
    assert not equal(named_arrays(build(name)), arrays)


@torch.no_grad()
def test_randomized_mlp_is_the_same_function_in_both_libraries():
    x = load_digits().x_val[:40]
    torchs = randomized("digits_mlp", 3)(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(randomized("digits_mlp_keras", 3)(x).numpy(), torchs, rtol=1e-4, atol=1e-4)


def test_missing_weights_of_a_pretrained_model_are_told_and_no_others_are_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("QUIZLIB_MODELS", str(tmp_path))
    for name in ARCHITECTURES:
        require_weights(name)
    for call in (require_weights, build, lambda name: randomized(name, 1)):
        with pytest.raises(MissingWeightsError, match="run: quizlib models crepe-tiny"):
            call("crepe_tiny")


@torch.no_grad()
def test_a_randomized_crepe_still_hears():
    drawn = tones(4, 100)
    logits = randomized("crepe_tiny", 9)(torch.from_numpy(drawn.frames))
    assert pitch_accuracy(logits, torch.from_numpy(drawn.cents)) > 0.9


@pytest.mark.parametrize(
    "call",
    [build, lambda name: randomized(name, 1), lambda name: rebuild(name, {})],
    ids=["build", "randomized", "rebuild"],
)
def test_unknown_name_lists_the_known_ones(call):
    with pytest.raises(ArgumentError, match=f"no model 'mlp'; pass one of {', '.join(KNOWN)}"):
        call("mlp")
