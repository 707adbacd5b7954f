import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import sparse
from torch.nn.utils import prune

from quizlib.measures import global_sparsity, layer_sparsity, nonzeros, sparsity

WEIGHTS = npst.arrays(
    np.float32,
    npst.array_shapes(max_dims=3, max_side=6),
    elements=st.sampled_from([0.0, -0.0, 1e-45, 0.5, -2.0]),
)


def test_sparsity_is_a_fraction_of_exact_zeros():
    assert sparsity([0.0, -0.0, 1e-300, 3.0]) == 0.5


def test_sparsity_of_a_single_number_is_zero_or_one():
    assert sparsity(0.0) == 1.0
    assert sparsity(3) == 0.0


def test_nonzeros_counts_the_smallest_subnormal():
    assert nonzeros(np.array([0.0, 5e-324, -0.0])) == 1


def test_sparsity_reads_non_contiguous_views():
    weights = np.arange(12).reshape(3, 4)
    assert sparsity(weights[:, ::2]) == 1 / 6
    assert sparsity(weights.T) == 1 / 12


def test_sparsity_equals_what_torch_prune_was_asked_for(one_thread):
    layer = torch.nn.Linear(20, 10)
    prune.l1_unstructured(layer, "weight", amount=0.35)
    assert sparsity(layer.weight.detach().numpy()) == 0.35


@given(WEIGHTS)
def test_nonzeros_equals_what_scipy_stores(weights):
    stored = sparse.csr_array(weights.reshape(weights.shape[0], -1)).nnz
    assert nonzeros(weights) == stored
    assert sparsity(weights) == (weights.size - stored) / weights.size


@given(WEIGHTS, st.floats(min_value=1, max_value=10))
def test_sparsity_does_not_change_when_weights_are_scaled_up_or_reordered(weights, factor):
    assert sparsity(weights[::-1] * np.float32(factor)) == sparsity(weights)


def test_layer_sparsity_keeps_the_order_of_names():
    assert list(layer_sparsity({"b": [0.0], "a": [1.0]}).items()) == [("b", 1.0), ("a", 0.0)]


def test_global_sparsity_weighs_layers_by_size_unlike_the_mean():
    named = {"small": np.zeros(2), "large": np.ones(8)}
    assert global_sparsity(named) == 0.2
    assert np.mean(list(layer_sparsity(named).values())) == 0.5


@given(st.lists(WEIGHTS, min_size=1, max_size=3))
def test_global_sparsity_equals_the_sparsity_of_the_concatenation(arrays):
    named = {str(i): array for i, array in enumerate(arrays)}
    assert global_sparsity(named) == sparsity(np.concatenate([array.ravel() for array in arrays]))


def test_global_sparsity_equals_what_torch_global_prune_was_asked_for(one_thread):
    layers = [torch.nn.Linear(8, 16), torch.nn.Linear(16, 2)]
    prune.global_unstructured([(layer, "weight") for layer in layers], pruning_method=prune.L1Unstructured, amount=40)
    named = {str(i): layer.weight.detach().numpy() for i, layer in enumerate(layers)}
    assert global_sparsity(named) == 40 / 160
