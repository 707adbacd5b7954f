import pytest

from quizlib.zoo.counting import count_operations


@pytest.mark.parametrize("threshold", [0.0, 1.5, 9.0])
def test_a_threshold_tests_each_weight_whatever_is_kept(threshold):
    assert count_operations(lambda weights: [w for w in weights if abs(w) > threshold], [0.5, -1.0, 2.0]) == 3


def test_products_count_from_either_side():
    assert count_operations(lambda weights: [2.0 * weights[0], weights[1] * 2.0], [1.0, 1.0]) == 2


def test_products_with_zeros_count_too():
    assert count_operations(lambda weights: sum(w * 3.0 for w in weights), [0.0, 0.0]) == 2


def test_counted_weights_compute_as_numbers_do():
    results = []
    count_operations(lambda weights: results.extend([abs(weights[0]), weights[0] * 3.0, 3.0 * weights[0]]), [-2.0])
    assert results == [2.0, -6.0, -6.0]


def test_a_product_is_a_plain_number_that_counts_no_more():
    assert count_operations(lambda weights: weights[0] * 2.0 * 2.0, [1.0]) == 1


def test_counts_start_at_zero_each_time():
    assert [count_operations(lambda weights: abs(weights[0]), [1.0]) for _ in range(2)] == [1, 1]
