import numpy as np
import pytest
import torch
from torch import nn

from quizlib import zoo
from quizlib.evidence.encode import encode
from quizlib.evidence.values import KerasLayer, KerasModel
from quizlib.judging.facts.registry import FactContext, FactError
from quizlib.zoo import eager
from tests.judging.facts.models import coded, dense, fact, holding

MODEL = holding(weight=coded([[2, -4], [6, 8]], [[0.5], [0.25]]), bias=dense([1.0, 2.0]))


def quantized_mlp(bits=8):
    """Return the digits MLP with its first weight rounded to a symmetric grid a row, by hand."""
    model = zoo.build("digits_mlp")
    weight = model.hidden1.weight.detach()
    scale = weight.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
    codes = torch.round(weight / scale)
    tensors = {"hidden1.weight": coded(codes.numpy(), scale.numpy())}
    return tensors, weight, scale, codes


def test_codes_and_scales_are_counted():
    assert fact("quantized_weights", MODEL) == 1
    assert fact("is_quantized", MODEL, weight="weight") is True
    assert fact("is_quantized", MODEL, weight="bias") is False
    assert fact("code_dtype", MODEL, weight="weight") == "int8"
    assert fact("scale_count", MODEL, weight="weight") == 2


@pytest.mark.parametrize("name", ["code_dtype", "scale_count"])
def test_weight_of_real_numbers_has_no_codes(name):
    with pytest.raises(FactError, match="bias is stored as float32, not as integer codes"):
        fact(name, MODEL, weight="bias")


def test_error_of_rounding_to_nearest_is_half_a_step():
    tensors, weight, scale, codes = quantized_mlp()
    expected = float(((codes * scale - weight).abs() / scale).max())

    assert fact("error_in_steps", holding(**tensors), weight="hidden1.weight") == pytest.approx(expected, rel=1e-4)
    assert 0.45 < expected <= 0.5001


def test_error_of_rounding_down_is_a_step():
    tensors, weight, scale, _ = quantized_mlp()
    floor = coded(torch.floor(weight / scale).numpy(), scale.numpy())

    assert fact("error_in_steps", holding(**{"hidden1.weight": floor}), weight="hidden1.weight") > 0.9
    context = FactContext(None, holding(**{"hidden1.weight": dense(weight.numpy())}))
    assert fact("error_in_steps_of_expected", holding(**tensors), context, weight="hidden1.weight") < 0.5001


def test_error_against_an_expected_quantized_weight_counts_what_it_stands_for():
    context = FactContext(None, holding(weight=coded([[2, -4], [6, 10]], [[0.5], [0.25]])))

    assert fact("error_in_steps_of_expected", MODEL, context, weight="weight") == 2.0


@pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated:DeprecationWarning")
def test_dynamically_quantized_model_is_within_half_a_step():
    model = eager.quantize_dynamic(zoo.build("digits_mlp"), {nn.Linear}, dtype=torch.qint8)

    assert fact("quantized_weights", model) == 3
    assert fact("error_in_steps", model, weight="hidden1.weight") <= 0.51
    assert fact("modules_of_class", model, ends_with="quantized.dynamic.modules.linear.Linear") == 3


def test_modules_and_layers_are_counted_by_the_end_of_their_class():
    layers = KerasModel((KerasLayer("a", "tf_keras.layers.Dense", "", {}, {}),))

    assert fact("modules_of_class", zoo.build("digits_mlp"), ends_with=".Linear") == 3
    assert fact("modules_of_class", layers, ends_with="Dense") == 1
    with pytest.raises(FactError, match="expected a model"):
        fact("modules_of_class", encode(np.zeros(1)), ends_with="Dense")


@pytest.mark.parametrize("grid", [(1, 1), (4, 1), (4, 2)])
def test_step_excess_is_how_much_wider_the_steps_are_than_the_weights_need(grid):
    weight = zoo.build("digits_mlp").output.weight.detach().numpy()[:4, :64]
    blocks = weight.reshape(grid[0], 4 // grid[0], grid[1], 64 // grid[1])
    scales = np.abs(blocks).max((1, 3)) / 127.5
    wide = scales.copy()
    wide[0, 0] *= 3
    spread = np.repeat(np.repeat(wide, 4 // grid[0], 0), 64 // grid[1], 1)
    found = coded(np.clip(np.round(weight / spread), -128, 127), wide)

    excess, steps = _measured(found, weight)
    assert excess == pytest.approx(3, rel=1e-5)
    assert steps <= 0.51


def _measured(found, weight):
    """Measure both facts against a model of the zoo whose output layer was replaced by `weight`."""
    context = FactContext()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quizlib.judging.facts.quantized.original", lambda model, names: {"weight": weight})
        return [
            fact(name, holding(weight=found), context, weight="weight", origin="digits_mlp")
            for name in ("step_excess", "error_in_steps")
        ]


def test_zeros_on_a_huge_step_are_within_half_a_step_and_in_excess():
    found = holding(**{"hidden1.weight": coded(np.zeros((256, 64)), np.full((256, 1), 1e3))})
    assert fact("error_in_steps", found, weight="hidden1.weight") <= 0.51
    assert fact("step_excess", found, weight="hidden1.weight") > 1e5


def test_a_block_of_zeros_needs_no_step():
    found = holding(weight=coded(np.zeros((1, 2)), np.ones((1, 1))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quizlib.judging.facts.quantized.original", lambda model, names: {"weight": np.zeros((1, 2))})
        assert fact("step_excess", found, FactContext(), weight="weight", origin="digits_mlp") == 0
