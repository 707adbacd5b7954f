import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from torch.nn.utils import prune

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import block_sparsity, channel_sparsity, is_n_m_sparse, n_m_violations, sparsity, zero_channels

GRID = npst.arrays(np.float32, (4, 8), elements=st.sampled_from([0.0, 1.0, -1.0]))


def test_two_of_four_is_met_by_two_kept_in_each_group():
    assert is_n_m_sparse([[1, 1, 0, 0, 0, 1, 1, 0]], 2, 4)


def test_half_sparsity_in_the_wrong_place_is_no_two_of_four():
    weights = [[1, 1, 1, 0, 1, 0, 0, 0]]
    assert sparsity(weights) == 0.5
    assert not is_n_m_sparse(weights, 2, 4)
    assert n_m_violations(weights, 2, 4) == 1


def test_groups_do_not_run_over_the_end_of_a_row():
    assert n_m_violations([[0, 0, 1, 1], [1, 1, 0, 0]], 2, 4) == 0


def test_n_m_is_told_apart_by_axis():
    torch_weight = np.tile([1.0, 1.0, 0.0, 0.0], (4, 1))  # (out, in): sparse along the input axis
    assert is_n_m_sparse(torch_weight, 2, 4, axis=-1)
    assert n_m_violations(torch_weight, 2, 4, axis=0) == 2
    assert is_n_m_sparse(torch_weight.T, 2, 4, axis=0)  # a Keras kernel is (in, out)


def test_n_m_counts_groups_along_the_middle_axis_of_a_convolution():
    kernel = np.zeros((2, 4, 3, 3))
    kernel[0, :3, 1, 2] = 1.0
    assert n_m_violations(kernel, 2, 4, axis=1) == 1
    assert n_m_violations(kernel, 3, 4, axis=1) == 0


def test_a_row_that_is_no_multiple_of_m_is_refused():
    with pytest.raises(ShapeError, match=r"6 on axis 1 is no multiple of m = 4"):
        is_n_m_sparse(np.ones((2, 6)), 2, 4)


@pytest.mark.parametrize(("n", "m"), [(5, 4), (-1, 4), (0, 0), (1.5, 4)])
def test_n_m_out_of_range_is_refused(n, m):
    with pytest.raises(ArgumentError, match=r"^[nm] is"):
        is_n_m_sparse(np.ones((2, 4)), n, m)


@given(GRID, st.integers(0, 4))
def test_n_m_violations_equals_a_plain_loop(weights, n):
    groups = [row[i : i + 4] for row in weights.tolist() for i in (0, 4)]
    assert n_m_violations(weights, n, 4) == sum(sum(value != 0 for value in group) > n for group in groups)


@given(GRID)
def test_zeroing_weights_never_breaks_n_m(weights):
    fewer = weights.copy()
    fewer[:, ::2] = 0
    assert is_n_m_sparse(fewer, 2, 4)
    assert n_m_violations(fewer, 1, 4) <= n_m_violations(weights, 1, 4)


def test_zero_channels_marks_output_rows_and_input_columns():
    weights = [[0, 0, 0], [0, 1, -1]]
    assert zero_channels(weights).tolist() == [True, False]
    assert zero_channels(weights, axis=1).tolist() == [True, False, False]
    assert zero_channels(weights, axis=-1).tolist() == [True, False, False]


def test_values_that_cancel_are_no_zero_channel():
    assert zero_channels([[1.0, -1.0]]).tolist() == [False]


def test_zero_channels_finds_what_torch_structured_prune_removed(one_thread):
    layer = torch.nn.Conv2d(4, 8, 3)
    prune.ln_structured(layer, "weight", amount=0.25, n=2, dim=0)
    pruned = ~layer.weight_mask.flatten(1).any(dim=1)
    weights = layer.weight.detach().numpy()
    assert zero_channels(weights).tolist() == pruned.tolist()
    assert channel_sparsity(weights) == 0.25
    assert channel_sparsity(weights, axis=1) == 0.0


def test_unstructured_zeros_make_no_channel_sparsity():
    weights = np.eye(4)
    assert sparsity(weights) == 0.75
    assert channel_sparsity(weights) == 0.0


def test_block_sparsity_counts_blocks_and_not_zeros():
    weights = np.zeros((4, 6))
    weights[0, 0] = weights[3, 5] = 1.0
    assert block_sparsity(weights, (2, 3)) == 0.5
    assert block_sparsity(weights, (4, 1)) == 4 / 6


@given(GRID)
def test_blocks_of_one_give_the_plain_sparsity_and_whole_rows_the_channels(weights):
    assert block_sparsity(weights, (1, 1)) == sparsity(weights)
    assert block_sparsity(weights, (1, 8)) == channel_sparsity(weights)


@pytest.mark.parametrize("block", [(3, 2), (2,), (2, 2, 2), (2, 16)])
def test_blocks_that_do_not_tile_are_refused(block):
    with pytest.raises(ShapeError, match="do not tile"):
        block_sparsity(np.ones((4, 8)), block)


@pytest.mark.parametrize("block", [(0, 2), (1.5, 2), "44", 4])
def test_blocks_that_are_no_lengths_are_refused(block):
    with pytest.raises(ArgumentError, match="block_shape"):
        block_sparsity(np.ones((4, 8)), block)


def test_the_smallest_group_and_the_smallest_block_hold_one_weight():
    assert n_m_violations([[1, 0, 2]], 0, 1) == 2
    assert is_n_m_sparse([[1, 0, 2]], 1, 1)
    assert block_sparsity([[0.0, 1.0]], (1, 1)) == 0.5
    with pytest.raises(ArgumentError, match="m is 0"):
        is_n_m_sparse([[1.0]], 0, 0)
