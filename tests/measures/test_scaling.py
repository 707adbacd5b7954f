import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from quizlib.errors import ArgumentError, ShapeError
from quizlib.measures import linear_macs, loglog_slope

SIZES = np.array([10.0, 20.0, 50.0, 100.0, 400.0])


@pytest.mark.parametrize("exponent", [-1.0, 0.5, 1.0, 2.0, 3.0])
def test_an_exact_power_law_is_found_without_error(exponent):
    fit = loglog_slope(SIZES, 0.25 * SIZES**exponent)
    assert fit.exponent == pytest.approx(exponent)
    assert fit.coefficient == pytest.approx(0.25)
    assert fit.standard_error == pytest.approx(0.0, abs=1e-12)
    assert fit.r_squared == pytest.approx(1.0)


@given(st.lists(st.floats(1e-3, 1e3), min_size=5, max_size=5))
def test_the_fit_equals_scipy_linregress(costs):
    assume(np.ptp(np.log(costs)) > 1e-6)  # scipy returns NaN for a flat line
    fit, expected = loglog_slope(SIZES, costs), stats.linregress(np.log(SIZES), np.log(costs))
    assert fit.exponent == pytest.approx(expected.slope, abs=1e-9)
    assert np.log(fit.coefficient) == pytest.approx(expected.intercept, abs=1e-8)
    assert fit.standard_error == pytest.approx(expected.stderr, abs=1e-6)
    assert fit.r_squared == pytest.approx(expected.rvalue**2, abs=1e-6)


@pytest.mark.parametrize("cost", [1.0, 7.0])
def test_constant_costs_have_exponent_zero_and_nothing_to_explain(cost):
    fit = loglog_slope(SIZES, np.full(5, cost))
    assert (fit.exponent, fit.r_squared) == (pytest.approx(0.0, abs=1e-12), 0.0)


def test_the_exponent_does_not_depend_on_units():
    costs = np.array([1.0, 3.0, 4.0, 9.0, 60.0])
    assert loglog_slope(SIZES / 1024, costs * 1e3).exponent == pytest.approx(loglog_slope(SIZES, costs).exponent)


def test_a_constant_overhead_hides_the_square():
    assert loglog_slope([1, 2, 4, 8], [100 + n**2 for n in (1, 2, 4, 8)]).exponent < 0.5


def test_square_layers_grow_with_the_square_of_their_width():
    widths = [8, 16, 32, 64]
    assert loglog_slope(widths, [linear_macs(n, n) for n in widths]).exponent == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("sizes", "costs", "error", "message"),
    [
        ([1, 2], [1, 2], ShapeError, "at least 3"),
        ([[1, 2, 3]], [[1, 2, 3]], ShapeError, "in one row"),
        ([1, 2, 3], [1, 2], ShapeError, "costs has shape"),
        ([0, 1, 2], [1, 2, 3], ArgumentError, "positive"),
        ([1, 2, 3], [1, -2, 3], ArgumentError, "positive"),
        ([1, 2, 3], [1, 0, 3], ArgumentError, "positive"),
        ([5, 5, 5], [1, 2, 3], ArgumentError, "sizes are all 5"),
    ],
)
def test_points_that_fix_no_line_are_refused(sizes, costs, error, message):
    with pytest.raises(error, match=message):
        loglog_slope(sizes, costs)
