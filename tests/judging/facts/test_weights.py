import numpy as np
import pytest
import torch
from torch import nn

from quizlib import zoo
from quizlib.errors import FactError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import ZooModel
from quizlib.judging.facts.registry import FactContext
from quizlib.judging.facts.weights import changed_weights
from tests.judging.facts.models import ON_MLP, changed_mlp, coded, dense, fact, holding

GIVEN = FactContext(ProbeCase("case", (ZooModel("digits_mlp"), 0.5)))


def test_changed_weights_counts_nothing_on_a_copy():
    assert changed_weights(encode(zoo.digits_mlp()), GIVEN) == 0
    assert changed_weights(encode(zoo.digits_mlp()), FactContext(), origin="digits_mlp") == 0


def test_changed_weights_counts_arrays_that_differ_or_are_gone():
    model = zoo.digits_mlp()
    with torch.no_grad():
        model.hidden1.bias[3] += 1e-6
    model.output = nn.Identity()
    assert changed_weights(encode(model), GIVEN) == 3  # hidden1.bias, output.weight, output.bias


def test_changed_weights_compares_with_the_model_of_the_case():
    assert changed_weights(encode(zoo.digits_mlp()), FactContext(ProbeCase("case", (ZooModel("digits_mlp", 1),)))) == 6


def test_change_of_weight_is_the_largest_difference():
    model = changed_mlp(lambda named: named["output.bias"][2].add_(-0.5))

    assert fact("change_of_weight", model, weight="output.bias") == pytest.approx(0.5)
    assert fact("change_of_weight", model, weight="hidden1.bias") == 0.0


def test_original_may_be_given_by_name():
    model = zoo.build("digits_mlp")

    assert fact("change_of_weight", model, FactContext(), weight="output.bias", origin="digits_mlp") == 0.0


def test_change_of_a_weight_is_found_under_any_name():
    bias = zoo.build("digits_mlp").output.bias.detach().numpy()
    near, far = dense(bias + 0.25), dense(bias + 2)

    model = holding(other=far, **{"module.last.bias": near})
    assert fact("change_under_any_name", model, weight="output.bias") == pytest.approx(0.25)
    with pytest.raises(FactError, match=r"no array of shape \(10,\), as output.bias has it"):
        fact("change_under_any_name", holding(bias=dense([1.0])), weight="output.bias")


@pytest.mark.parametrize(("value", "dtype"), [(dense([1.0]), "float32"), (coded([1], [0.5], dtype="qint8"), "qint8")])
def test_dtype_of_a_weight_is_that_of_its_codes_or_numbers(value, dtype):
    assert fact("weight_dtype", holding(weight=value), weight="weight") == dtype


def test_bytes_are_those_of_every_array():
    model = zoo.build("digits_mlp")
    expected = sum(tensor.numel() * tensor.element_size() for tensor in model.state_dict().values())

    assert fact("weight_bytes", model) == expected
    grouped = holding(weight=coded(np.zeros((4, 64)), np.ones((4, 2))), bias=dense(np.zeros(4)))
    assert fact("weight_bytes", grouped) == 4 * 64 + 4 * 2 * (4 + 1) + 4 * 4
    with pytest.raises(FactError, match="stores no weights"):
        fact("weight_bytes", holding())


def test_each_measure_needs_its_weight():
    for name in ("sparsity", "weight_dtype", "change_of_weight"):
        with pytest.raises(FactError, match="the model has no gone"):
            fact(name, zoo.build("digits_mlp"), ON_MLP, weight="gone") if name != "change_of_weight" else fact(
                name, zoo.build("digits_mlp"), weight="gone"
            )


def test_entries_of_a_scale_are_counted():
    model = holding(scale=dense(np.ones(5, np.float32)))
    assert fact("entry_count", model, weight="scale") == 5


def test_shape_and_distinct_numbers_of_an_array():
    model = holding(scale=dense(np.full((4, 1), 0.5, np.float32)))
    assert fact("array_shape", model, weight="scale") == "(4, 1)"
    assert fact("distinct_numbers", model, weight="scale") == 1
    assert fact("distinct_numbers", holding(scale=dense([1.0, 2.0, 1.0])), weight="scale") == 2


def test_change_from_the_expected_weight_is_its_largest_difference():
    context = FactContext(None, holding(bias=dense([1.0, 2.5])))
    assert fact("change_from_expected", holding(bias=dense([1.0, 2.0])), context, weight="bias") == 0.5
    with pytest.raises(FactError, match=r"should have shape \(2,\)"):
        fact("change_from_expected", holding(bias=dense([1.0])), context, weight="bias")


def test_fresh_weights_are_unlike_the_original_and_scaled_or_clamped_ones_alike():
    torch.manual_seed(0)
    options = {"weight": "hidden1.weight"}

    assert abs(fact("likeness", changed_mlp(lambda p: p["hidden1.weight"].normal_()), **options)) < 0.05
    assert fact("likeness", changed_mlp(lambda p: p["hidden1.weight"].mul_(3)), **options) == pytest.approx(1)
    assert fact("likeness", changed_mlp(lambda p: p["hidden1.weight"].clamp_(-0.1, 0.1)), **options) > 0.9
    with pytest.raises(FactError, match="zeros alone"):
        fact("likeness", changed_mlp(lambda p: p["hidden1.weight"].zero_()), **options)


def test_weights_of_another_layer_are_like_the_expected_ones():
    torch.manual_seed(0)
    expected = FactContext(expected=encode(zoo.digits_residual()))
    swapped = zoo.digits_residual()
    swapped.stem, swapped.block.first = swapped.block.first, swapped.stem
    fresh = zoo.residual_architecture()

    assert fact("likeness_of_expected", swapped, expected, weight="stem.weight") == pytest.approx(1)
    assert fact("likeness_of_expected", fresh, expected, weight="stem.weight") < 0.3


def test_float16_is_told_from_other_small_changes():
    halved = changed_mlp(lambda p: p["hidden1.weight"].copy_(p["hidden1.weight"].half()))
    brain = changed_mlp(lambda p: p["hidden1.weight"].copy_(p["hidden1.weight"].bfloat16()))

    assert fact("change_from_half", halved, weight="hidden1.weight") == 0
    assert fact("change_from_half", brain, weight="hidden1.weight") > 0


def test_a_weight_rounded_on_the_grid_of_its_row_is_half_a_step_off():
    def round_rows(parameters):
        weight = parameters["hidden2.weight"]
        step = weight.abs().amax(1, keepdim=True) / 127.5
        weight.copy_(torch.round(weight / step).clamp(-128, 127) * step)

    assert fact("change_in_row_steps", changed_mlp(round_rows), weight="hidden2.weight") == pytest.approx(0.5, abs=0.01)
    halved = changed_mlp(lambda p: p["hidden2.weight"].copy_(p["hidden2.weight"].half()))
    assert fact("change_in_row_steps", halved, weight="hidden2.weight") < 0.1
    with pytest.raises(FactError, match="rows"):
        fact("change_in_row_steps", halved, weight="hidden2.bias")


def test_floats_off_expected_may_be_of_one_part():
    expected = FactContext(expected=(holding(bias=dense([1.0, 2.0])), 3))

    assert fact("floats_off_expected", (holding(shift=dense([1.0, 2.5])), 3), expected, part=0) == 0.25
