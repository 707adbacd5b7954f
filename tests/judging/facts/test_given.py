import numpy as np
import pytest
import torch
from torch import nn

from quizlib import zoo
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Array, CaseEvidence, KerasLayer, KerasModel, Plain, ZooModel
from quizlib.judging.facts.arrays import find
from quizlib.judging.facts.given import changed_weights, error_of_stored, inputs_changed, zeros_off
from quizlib.judging.facts.registry import FactContext, FactError

GIVEN = FactContext(ProbeCase("case", (ZooModel("digits_mlp"), 0.5)))


def pruned(count: int) -> Plain:
    """The digits model with `count` zeros in its output layer."""
    model = zoo.digits_mlp()
    with torch.no_grad():
        model.output.weight.view(-1)[:count] = 0.0
    return encode(model)


def called(model: nn.Module, x: torch.Tensor, output: torch.Tensor | None = None) -> tuple[Plain, FactContext]:
    got = model(x) if output is None else output
    return encode(model), FactContext(ProbeCase("case", (encode(x),)), None, CaseEvidence("case", encode(got)))


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


def test_zeros_off_takes_the_sparsity_from_the_case():
    assert zeros_off(pruned(640), GIVEN, weights=["output.weight"]) == 0  # round(0.5 · 1280)
    assert zeros_off(pruned(630), GIVEN, weights=["output.weight"]) == 10


def test_zeros_off_takes_a_sparsity_that_is_given_over_that_of_the_case():
    assert zeros_off(pruned(640), GIVEN, weights=["output.weight"], sparsity=0.25) == 320


def test_zeros_off_is_that_of_the_worst_weight():
    assert zeros_off(pruned(640), GIVEN, weights=["output.weight", "hidden1.weight"]) == 8192  # half of 16,384


def test_zeros_off_says_that_a_case_lacks_the_number():
    with pytest.raises(FactError, match="no number as argument 2"):
        zeros_off(pruned(1), GIVEN, weights=["output.weight"], argument=2)


@pytest.mark.parametrize("is_changed", [True, False])
def test_inputs_changed_is_what_the_kernel_saw(is_changed):
    context = FactContext(got=CaseEvidence("case", None, None, is_changed))
    assert inputs_changed(None, context) is is_changed


def test_inputs_changed_needs_a_call():
    with pytest.raises(FactError, match="called"):
        inputs_changed(None, FactContext())


def test_error_of_stored_is_rounding_alone_for_a_float_model():
    model, context = called(zoo.digits_mlp(), torch.rand(5, 64, generator=torch.manual_seed(0)))
    assert error_of_stored(model, context, origin="digits_mlp") < 1e-5


def test_error_of_stored_is_the_largest_difference():
    x = torch.zeros(2, 64)
    moved = zoo.digits_mlp()(x).detach() + torch.tensor([[0.0] * 9 + [0.25], [0.0] * 10])
    model, context = called(zoo.digits_mlp(), x, moved)
    assert error_of_stored(model, context, origin="digits_mlp") == pytest.approx(0.25, abs=1e-5)


def test_error_of_stored_refuses_outputs_of_another_shape():
    model, context = called(zoo.digits_mlp(), torch.zeros(2, 64), torch.zeros(2, 3))
    with pytest.raises(FactError, match=r"shape \(2, 10\), found \(2, 3\)"):
        error_of_stored(model, context, origin="digits_mlp")


def test_error_of_stored_needs_a_model_that_was_called():
    with pytest.raises(FactError, match="called on a case"):
        error_of_stored(encode(zoo.digits_mlp()), FactContext(), origin="digits_mlp")


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
