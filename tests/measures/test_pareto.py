import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from quizlib.errors import ShapeError
from quizlib.measures import is_pareto_optimal

COSTS = npst.arrays(np.int64, st.tuples(st.integers(1, 8), st.integers(1, 3)), elements=st.integers(0, 4))


def test_a_variant_beaten_in_one_and_equal_in_the_other_is_not_optimal():
    assert is_pareto_optimal([[1, 2], [1, 3], [0, 9]]).tolist() == [True, False, True]


def test_equal_variants_stand_or_fall_together():
    assert is_pareto_optimal([[1, 1], [1, 1]]).tolist() == [True, True]
    assert is_pareto_optimal([[1, 1], [1, 1], [0, 0]]).tolist() == [False, False, True]


def test_with_one_cost_only_the_cheapest_is_optimal():
    assert is_pareto_optimal([[3.0], [1.0], [2.0]]).tolist() == [False, True, False]


@given(COSTS)
def test_the_front_equals_a_plain_double_loop(costs):
    rows = costs.tolist()
    beaten = [any(all(a <= b for a, b in zip(o, r, strict=True)) and o != r for o in rows) for r in rows]
    assert is_pareto_optimal(costs).tolist() == [not lost for lost in beaten]


@given(COSTS)
def test_someone_is_always_optimal_and_the_order_does_not_matter(costs):
    front = is_pareto_optimal(costs)
    assert front.any()
    assert is_pareto_optimal(costs[::-1]).tolist() == front[::-1].tolist()


def test_a_single_column_without_rows_of_its_own_is_refused():
    with pytest.raises(ShapeError, match=r"costs has shape \(3,\); pass one row per variant"):
        is_pareto_optimal([1, 2, 3])
