import io

import numpy as np
import pytest
import torch

from quizlib.errors import ArgumentError
from quizlib.measures import file_size_bytes
from quizlib.zoo import digits_mlp, digits_mlp_keras, load_digits
from quizlib.zoo.serving import predictor, serving_costs


@pytest.fixture(scope="module")
def litert_file():
    model = digits_mlp_keras()
    import tensorflow as tf

    return tf.lite.TFLiteConverter.from_keras_model(model).convert()


def test_a_torch_module_predicts_as_when_called():
    model, x = digits_mlp(), load_digits().x_test
    with torch.no_grad():
        assert np.array_equal(predictor(model, x)(), model(torch.from_numpy(x)).numpy())


def test_a_litert_file_predicts_what_the_torch_module_predicts(litert_file):
    x = load_digits().x_test
    assert np.allclose(predictor(litert_file, x)(), predictor(digits_mlp(), x)(), atol=1e-4)


def test_a_prediction_repeats(litert_file):
    predict = predictor(litert_file, load_digits().x_test[:3])
    assert np.array_equal(predict().copy(), predict())


def test_a_keras_model_is_refused_with_what_to_pass():
    with pytest.raises(ArgumentError, match=r"served is a str; pass a torch.nn.Module or the bytes"):
        predictor("model", load_digits().x_test)


def test_costs_of_a_torch_module_are_those_of_its_state_dict():
    digits = load_digits()
    costs = serving_costs(digits_mlp(), digits.x_test, digits.y_test, repeats=3)
    assert costs["file (bytes)"] == file_size_bytes(digits_mlp())
    assert 0 < costs["gzip (bytes)"] < costs["file (bytes)"]
    assert costs["latency (µs)"] > 0


def test_accuracy_is_taken_on_all_examples():
    digits = load_digits()
    with torch.no_grad():
        right = digits_mlp()(torch.from_numpy(digits.x_test)).argmax(1).numpy() == digits.y_test
    assert serving_costs(digits_mlp(), digits.x_test, digits.y_test, repeats=3)["accuracy"] == right.mean()


def test_costs_of_a_litert_file_are_those_of_its_bytes(litert_file):
    digits = load_digits()
    costs = serving_costs(litert_file, digits.x_test, digits.y_test, repeats=3)
    assert costs["file (bytes)"] == len(litert_file)


def test_pruning_shows_in_the_compressed_file_only():
    digits, pruned = load_digits(), digits_mlp()
    with torch.no_grad():
        pruned.hidden2.weight[:64] = 0.0
    before, after = (serving_costs(model, digits.x_test, digits.y_test, repeats=3) for model in (digits_mlp(), pruned))
    assert after["file (bytes)"] == before["file (bytes)"] == len(_saved(pruned))
    assert after["gzip (bytes)"] < before["gzip (bytes)"]


def _saved(model):
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    return file.getvalue()
