import hashlib

import numpy as np
import pytest

from quizlib.errors import ArgumentError, ShapeError
from quizlib.zoo.arrays import CHECKPOINTS, check_arrays, read_checkpoint, read_manifest

EXPECTED = {"w": np.zeros((2, 3), np.float32), "b": np.zeros(2, np.float32)}


def test_arrays_that_fit_pass():
    check_arrays(EXPECTED, {name: array + 1 for name, array in EXPECTED.items()})


def test_missing_and_unexpected_names_are_both_told():
    with pytest.raises(ArgumentError, match="missing b, unexpected bias; pass exactly b, w"):
        check_arrays(EXPECTED, {"w": EXPECTED["w"], "bias": EXPECTED["b"]})


def test_wrong_shape_tells_name_and_both_shapes():
    with pytest.raises(ShapeError, match=r"array 'w' has shape \(3, 2\), but the model expects \(2, 3\)"):
        check_arrays(EXPECTED, EXPECTED | {"w": np.zeros((3, 2), np.float32)})


def test_integer_codes_are_not_taken_for_weights():
    with pytest.raises(ArgumentError, match="array 'b' has dtype int8, but the model expects float32"):
        check_arrays(EXPECTED, EXPECTED | {"b": np.zeros(2, np.int8)})


def test_unknown_checkpoint_lists_the_known_ones():
    with pytest.raises(ArgumentError, match=r"no checkpoint 'resnet'; pass one of digits_cnn, .*digits_residual"):
        read_checkpoint("resnet")


@pytest.mark.parametrize("name", ["digits_cnn", "digits_mlp"])
def test_checkpoint_is_small_and_has_the_recorded_bytes(name):
    recorded = read_manifest()["models"][name]
    content = (CHECKPOINTS / recorded["file"]).read_bytes()
    assert len(content) == recorded["bytes"] < 300_000
    assert hashlib.sha256(content).hexdigest() == recorded["sha256"]


def test_checkpoints_hold_safetensors_and_the_manifest_alone():
    assert {path.name for path in CHECKPOINTS.iterdir()} == {
        "digits_cnn.safetensors",
        "digits_lstm.safetensors",
        "digits_mlp.safetensors",
        "digits_residual.safetensors",
        "manifest.json",
    }
