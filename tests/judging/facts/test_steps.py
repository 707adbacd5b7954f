import numpy as np
import pytest
import torch
from torch import nn

from quizlib import zoo
from quizlib.judging.facts.registry import FactContext
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
        patch.setattr("quizlib.judging.facts.steps.original_weight", lambda context, origin, name: weight)
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
        patch.setattr("quizlib.judging.facts.steps.original_weight", lambda *asked: np.zeros((1, 2)))
        assert fact("step_excess", found, FactContext(), weight="weight", origin="digits_mlp") == 0


def test_scales_follow_units_that_were_made_stronger():
    weight = zoo.digits_mlp().hidden1.weight.detach().numpy()
    strengths = [-2, -1, 0, 1, 2]
    powers = 2.0 ** np.resize(strengths, 256)
    for grown, slope in ((powers, 1.0), (np.ones(256), 0.0)):
        scales = (np.abs(weight).max(1) * grown / 1.5).astype(np.float32)[:, None]
        model = holding(**{"hidden1.weight": coded(np.zeros((256, 64), np.int8), scales)})
        trend = fact(
            "scale_trend", model, FactContext(), weight="hidden1.weight", strengths=strengths, origin="digits_mlp"
        )
        assert trend == pytest.approx(slope, abs=1e-4)


def test_drift_within_a_row_does_not_see_a_row_that_is_shifted():
    context = FactContext(None, holding(weight=dense([[1.0, 2.0], [3.0, 4.0]])))
    shifted = holding(weight=coded([[6, 8], [0, 2]], [[0.5], [0.5]]))
    assert fact("row_drift_in_steps", shifted, context, weight="weight") == 0.0
    bent = holding(weight=coded([[6, 7], [0, 2]], [[0.5], [0.5]]))
    assert fact("row_drift_in_steps", bent, context, weight="weight") == 1.0
