import pytest
import torch
from torch.nn.utils import prune

from quizlib import zoo
from quizlib.errors import FactError, QuizError, SpecError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import Plain, ZooModel
from quizlib.judging.facts.example import model
from quizlib.judging.facts.pruning import zeros_off
from quizlib.judging.facts.registry import FactContext
from tests.judging.facts.models import WEIGHTS, changed_mlp, coded, dense, fact, holding


def pruned(method, amount, **options):
    model = zoo.build("digits_mlp")
    layers = [(model.hidden1, "weight"), (model.hidden2, "weight"), (model.output, "weight")]
    if method == "global":
        prune.global_unstructured(layers, pruning_method=prune.L1Unstructured, amount=amount)
    for layer, name in layers:
        if method != "global":
            getattr(prune, method)(layer, name, amount=amount, **options)
        prune.remove(layer, name)
    return model


def test_sparsity_is_what_torch_pruned():
    model = pruned("l1_unstructured", 0.5)

    assert fact("sparsity", model, weight="hidden1.weight") == pytest.approx(0.5, abs=1e-4)
    assert fact("global_sparsity", model, weights=WEIGHTS) == pytest.approx(0.5, abs=1e-4)
    assert fact("smallest_layer_sparsity", model, weights=WEIGHTS) == pytest.approx(0.5, abs=1e-3)


def test_global_and_layer_sparsity_differ_where_layers_do():
    model = pruned("global", 0.6)
    by_layer = [float((getattr(model, name[:-7]).weight == 0).float().mean()) for name in WEIGHTS]

    assert fact("global_sparsity", model, weights=WEIGHTS) == pytest.approx(0.6, abs=1e-4)
    assert fact("smallest_layer_sparsity", model, weights=WEIGHTS) == pytest.approx(min(by_layer))
    assert max(by_layer) - min(by_layer) > 0.1


def test_codes_that_stand_for_zero_are_zeros():
    model = holding(weight=coded([[3, 4], [3, 3]], [[0.5]], 3))

    assert fact("sparsity", model, weight="weight") == 0.75


def test_magnitude_pruning_keeps_the_largest_and_random_pruning_does_not():
    torch.manual_seed(0)
    options = {"weights": WEIGHTS}

    assert fact("kept_are_largest", pruned("global", 0.5), **options) == 1.0
    assert fact("kept_are_largest", pruned("random_unstructured", 0.5), **options) < 0.6
    assert fact("kept_are_largest", pruned("l1_unstructured", 0.5), **options) < 1.0
    assert fact("kept_are_largest", pruned("l1_unstructured", 0.5), weights=["hidden1.weight"]) == 1.0


def test_change_of_kept_looks_past_what_was_pruned():
    assert fact("change_of_kept", pruned("l1_unstructured", 0.5), weights=WEIGHTS) == 0.0

    model = changed_mlp(lambda named: named["output.weight"][0, :2].copy_(named["output.weight"][0, :2] * 0))
    with torch.no_grad():
        model.output.weight[3, 3] += 0.25
    assert fact("change_of_kept", model, weights=WEIGHTS) == pytest.approx(0.25)


def test_zeros_kept_is_a_share_of_the_expected_zeros():
    expected = holding(weight=dense([0.0, 0.0, 0.0, 0.0, 5.0]))
    context = FactContext(None, expected)

    assert fact("zeros_kept", holding(weight=dense([0, 0, 0, 1, 0])), context, weight="weight") == 0.75
    assert fact("zeros_kept", holding(weight=coded([0, 0, 0, 0, 9], [0.5])), context, weight="weight") == 1.0
    none = FactContext(None, holding(weight=dense([1.0])))
    assert fact("zeros_kept", holding(weight=dense([1.0])), none, weight="weight") == 1.0


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("change_of_weight", {"weight": "output.bias"}),
        ("change_of_kept", {"weights": ["output.bias"]}),
        ("kept_are_largest", {"weights": ["output.bias"]}),
    ],
)
def test_weight_of_another_shape_is_told_in_words(name, arguments):
    model = holding(**{"output.bias": dense([1.0, 2.0])})

    with pytest.raises(QuizError, match=r"\(2,\).*\(10,\)|\(10,\).*\(2,\)"):
        fact(name, model, **arguments)


GIVEN = FactContext(ProbeCase("case", (ZooModel("digits_mlp"), 0.5)))


def with_zeros(count: int) -> Plain:
    """The digits model with `count` zeros in its output layer."""
    model = zoo.digits_mlp()
    with torch.no_grad():
        model.output.weight.view(-1)[:count] = 0.0
    return encode(model)


def test_zeros_off_takes_the_sparsity_from_the_case():
    assert zeros_off(with_zeros(640), GIVEN, weights=["output.weight"]) == 0  # round(0.5 · 1280)
    assert zeros_off(with_zeros(630), GIVEN, weights=["output.weight"]) == 10


def test_zeros_off_takes_a_sparsity_that_is_given_over_that_of_the_case():
    assert zeros_off(with_zeros(640), GIVEN, weights=["output.weight"], sparsity=0.25) == 320


def test_zeros_off_is_that_of_the_worst_weight():
    assert zeros_off(with_zeros(640), GIVEN, weights=["output.weight", "hidden1.weight"]) == 8192  # half of 16,384


def test_zeros_off_says_that_a_case_lacks_the_number():
    with pytest.raises(FactError, match="no number as argument 2"):
        zeros_off(with_zeros(1), GIVEN, weights=["output.weight"], argument=2)


ORIGIN = {"weight": "hidden2.weight"}


def test_random_removal_is_told_from_rankings_by_sign_and_by_row():
    torch.manual_seed(0)
    chance = pruned("random_unstructured", 0.5)
    signed = changed_mlp(lambda p: p["hidden2.weight"].clamp_(min=0))

    def cut_rows(parameters):
        weight = parameters["hidden2.weight"]
        weight.scatter_(1, weight.abs().argsort(dim=1)[:, :128], 0.0)

    rows = changed_mlp(cut_rows)

    positive = float((zoo.build("digits_mlp").hidden2.weight > 0).float().mean())
    assert fact("removed_positive", chance, **ORIGIN) == pytest.approx(positive, abs=0.02)
    assert fact("removed_positive", signed, **ORIGIN) == 0.0
    assert fact("zeros_unevenness", chance, weight="hidden2.weight") == pytest.approx(1, abs=0.4)
    assert fact("zeros_unevenness", rows, weight="hidden2.weight") == 0.0
    assert fact("kept_by_order", signed, order="value", **ORIGIN) == 1.0
    assert fact("kept_by_order", rows, order="row", **ORIGIN) == 1.0
    assert fact("kept_by_order", chance, order="value", **ORIGIN) < 0.6
    assert fact("kept_by_order", chance, order="row", **ORIGIN) < 0.6


def test_an_unknown_order_is_the_courses_fault():
    with pytest.raises(SpecError, match="one of value, row, found 'size'"):
        fact("kept_by_order", pruned("l1_unstructured", 0.5), order="size", **ORIGIN)


def test_weights_without_zeros_tell_nothing_of_them():
    model = zoo.build("digits_mlp")

    for name in ("removed_positive", "zeros_unevenness"):
        with pytest.raises(FactError):
            fact(name, model, **ORIGIN)


def test_zeros_are_counted_of_each_weight_and_of_all_together():
    model = pruned("global", 0.6)

    assert fact("zeros_off", model, weights=WEIGHTS, sparsity=0.6, together=True) == 0
    assert fact("zeros_off", model, weights=WEIGHTS, sparsity=0.6) > 100
    assert fact("zero_count_spread", pruned("l1_unstructured", 50), weights=WEIGHTS) == 0
    assert fact("zero_count_spread", model, weights=WEIGHTS) > 100


@pytest.mark.parametrize(
    ("count", "zeros"), [("nearest", 6), ("down", 5), ("up", 6), ("below-quantile", 5), ("kept", 2)]
)
def test_zeros_are_held_against_counts_that_mistakes_give(count, zeros):
    holed = model(weight=[0.0] * zeros + [1.0] * (8 - zeros))  # 0.7 of 8 is 5.6

    assert fact("zeros_off", holed, weights=["weight"], sparsity=0.7, count=count) == 0


def test_a_count_that_nobody_knows_is_the_courses_fault():
    with pytest.raises(SpecError, match="nearest"):
        fact("zeros_off", model(weight=[0.0]), weights=["weight"], sparsity=0.7, count="most")
