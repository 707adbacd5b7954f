import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from torch.nn.utils import prune

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import (
    global_magnitude_agreement,
    is_mask,
    leftover_wrappers,
    magnitude_agreement,
    mask_violations,
    retained_energy,
)

# Few distinct magnitudes, so that ties are the rule.
ORIGINAL = npst.arrays(np.float64, 6, elements=st.sampled_from([0.0, 1.0, -1.0, 2.0, -3.0]))
MASK = npst.arrays(np.bool_, 6)


def test_a_mask_holds_zero_and_one_only():
    assert is_mask(np.array([True, False]))
    assert is_mask([-0.0, 1.0])
    assert not is_mask([0.0, 1.0, 1.0001])
    assert not is_mask([-1, 1])


def test_mask_violations_counts_revived_weights_only():
    assert mask_violations([[0.0, 1.0], [2.0, 3.0]], [[0, 0], [1, 0]]) == 2
    assert mask_violations([[0.0, 0.0], [2.0, 0.0]], [[1, 0], [1, 0]]) == 0


def test_mask_violations_shows_fine_tuning_that_dropped_the_mask(one_thread):
    layer = torch.nn.Linear(8, 4)
    prune.l1_unstructured(layer, "weight", amount=0.5)
    mask = layer.weight_mask.numpy()
    prune.remove(layer, "weight")
    assert mask_violations(layer.weight.detach().numpy(), mask) == 0
    with torch.no_grad():
        layer.weight -= 0.1
    assert mask_violations(layer.weight.detach().numpy(), mask) == 16


def test_agreement_is_one_for_the_largest_and_zero_for_the_smallest():
    original = [4.0, -3.0, 2.0, -1.0]
    assert magnitude_agreement(original, [9.0, 9.0, 0.0, 0.0]) == 1.0
    assert magnitude_agreement(original, [0.0, 0.0, 9.0, 9.0]) == 0.0


def test_agreement_judges_magnitude_and_not_value():
    assert magnitude_agreement([-4.0, 1.0], [0.0, 1.0]) == 0.0


@pytest.mark.parametrize("kept", list(itertools.combinations(range(5), 2)))
def test_agreement_takes_each_way_to_break_a_tie(kept):
    mask = np.isin(np.arange(5), kept)
    assert magnitude_agreement(np.ones(5), mask) == 1.0


def test_a_tie_does_not_excuse_the_loss_of_a_larger_weight():
    assert magnitude_agreement([3.0, 1.0, 1.0], [0, 1, 1]) == 0.5


def test_agreement_of_nothing_kept_and_of_all_kept_is_one():
    assert magnitude_agreement([1.0, 2.0], [0, 0]) == 1.0
    assert magnitude_agreement([1.0, 2.0], [5, 5]) == 1.0


@given(ORIGINAL, MASK)
def test_agreement_is_the_best_overlap_with_any_set_of_largest(original, mask):
    count = int(mask.sum())
    subsets = [list(subset) for subset in itertools.combinations(range(6), count)]
    largest = max(np.sort(np.abs(original[subset])).tolist()[::-1] for subset in subsets)
    best = [s for s in subsets if np.sort(np.abs(original[s])).tolist()[::-1] == largest]
    overlap = max(int(mask[subset].sum()) for subset in best)
    assert magnitude_agreement(original, mask) == (overlap / count if count else 1.0)


@pytest.mark.parametrize("amount", [1, 10, 37, 63])
def test_torch_magnitude_pruning_agrees_fully_whatever_the_fine_tuning(one_thread, amount):
    layer = torch.nn.Linear(8, 8)
    with torch.no_grad():
        layer.weight.copy_((layer.weight * 10).round())  # makes ties
        layer.weight[layer.weight == 0] = 1.0
    original = layer.weight.detach().numpy().copy()
    prune.l1_unstructured(layer, "weight", amount=amount)
    assert magnitude_agreement(original, layer.weight_mask.numpy()) == 1.0
    assert magnitude_agreement(original, layer.weight_mask.numpy() * 0.123) == 1.0


def test_a_random_mask_agrees_to_about_its_density():
    rng = np.random.default_rng(0)
    original = rng.normal(size=10_000)
    assert magnitude_agreement(original, rng.random(10_000) < 0.3) == pytest.approx(0.3, abs=0.03)


def test_global_agreement_tells_global_from_local_pruning(one_thread):
    original = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])}
    assert global_magnitude_agreement(original, {"b": [3.0, 4.0], "a": [0.0, 0.0]}) == 1.0
    assert global_magnitude_agreement(original, {"a": [0.0, 2.0], "b": [0.0, 4.0]}) == 0.5


def test_global_agreement_equals_torch_global_pruning(one_thread):
    layers = {"0": torch.nn.Linear(6, 5), "1": torch.nn.Linear(5, 4)}
    original = {name: layer.weight.detach().numpy().copy() for name, layer in layers.items()}
    prune.global_unstructured(
        [(layer, "weight") for layer in layers.values()], pruning_method=prune.L1Unstructured, amount=0.6
    )
    masks = {name: layer.weight_mask.numpy() for name, layer in layers.items()}
    assert global_magnitude_agreement(original, masks) == 1.0


def test_global_agreement_refuses_other_names_and_shapes():
    with pytest.raises(ArgumentError, match=r"differ in the names \['a', 'b'\]"):
        global_magnitude_agreement({"a": [1.0]}, {"b": [1.0]})
    with pytest.raises(ShapeError, match=r"original\['a'\] has shape \(1,\), but pruned\['a'\] has shape \(2,\)"):
        global_magnitude_agreement({"a": [1.0]}, {"a": [1.0, 2.0]})


def test_retained_energy_squares_magnitudes():
    assert retained_energy([3.0, -4.0], [1, 0]) == pytest.approx(9 / 25)
    assert retained_energy([0.0, 0.0], [0, 0]) == 1.0


def test_retained_energy_neither_overflows_nor_vanishes():
    assert retained_energy([1e200, 1e200], [0, 1]) == 0.5
    assert retained_energy([1e-200, 1e-200], [0, 1]) == 0.5


@given(ORIGINAL, MASK)
def test_no_mask_of_equal_size_retains_more_energy_than_the_largest_magnitudes(original, mask):
    largest = np.zeros(6, dtype=bool)
    largest[np.argsort(-np.abs(original), kind="stable")[: mask.sum()]] = True
    assert retained_energy(original, mask) <= retained_energy(original, largest) + 1e-12


# Names as the libraries print them: tensorflow-model-optimization 0.8.1 with tf-keras 2.21.
TFMOT = {
    "pruning": [
        "prune_low_magnitude_dense/mask:0",
        "prune_low_magnitude_dense/threshold:0",
        "prune_low_magnitude_dense/pruning_step:0",
    ],
    "quantization": [
        "quantize_layer/quantize_layer_min:0",
        "quantize_layer/optimizer_step:0",
        "quant_dense_2/optimizer_step:0",
        "quant_dense_2/kernel_min:0",
        "quant_dense_2/post_activation_max:0",
    ],
    "clustering": ["cluster_dense_4/cluster_centroids_kernel:0", "cluster_dense_4/pulling_indices_kernel:0"],
}
KERAS = ["dense/kernel:0", "dense/bias:0", "kernel:0", "quant_head/kernel:0", "cluster_dense/bias:0", "mask:0"]


@pytest.mark.parametrize("stage", TFMOT)
def test_leftover_wrappers_finds_each_wrapper_of_tfmot_and_nothing_else(stage):
    assert leftover_wrappers([*KERAS, *TFMOT[stage]]) == tuple(TFMOT[stage])


def test_leftover_wrappers_finds_torch_prune_until_remove(one_thread):
    model = torch.nn.Sequential(torch.nn.Linear(4, 3))
    prune.l1_unstructured(model[0], "bias", amount=1)
    assert leftover_wrappers(model.state_dict()) == ("0.bias_orig", "0.bias_mask")
    prune.remove(model[0], "bias")
    assert leftover_wrappers(model.state_dict()) == ()


def test_leftover_wrappers_finds_parametrizations(one_thread):
    layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(4, 3))
    assert leftover_wrappers(layer.state_dict()) == (
        "parametrizations.weight.original0",
        "parametrizations.weight.original1",
    )


def test_leftover_wrappers_finds_observers_and_fake_quantizers():
    names = ["1.weight", "1.weight_fake_quant.scale", "0.activation_post_process.eps", "1.scale", "1.zero_point"]
    assert leftover_wrappers(names) == ("1.weight_fake_quant.scale", "0.activation_post_process.eps")


def test_leftover_wrappers_leaves_a_lone_mask_or_original_alone():
    assert leftover_wrappers(["attention_mask", "weight_orig"]) == ()


@pytest.mark.parametrize("names", ["0.weight_orig", [1, 2]])
def test_leftover_wrappers_refuses_what_is_no_list_of_names(names):
    with pytest.raises(ArgumentError, match="pass a list of texts"):
        leftover_wrappers(names)
