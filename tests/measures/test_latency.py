import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizlib.errors import ArgumentError
from quizlib.measures import Latency, latency_ms


class Clock:
    """A clock that only the timed work moves on."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


def work(clock, durations):
    remaining = iter(durations)

    def call():
        clock.seconds += next(remaining)

    return call


def test_samples_are_milliseconds_in_the_order_of_the_calls():
    clock = Clock()
    latency = latency_ms(work(clock, [0.001, 0.004, 0.002]), repeats=3, warmup=0, clock=clock)
    assert latency.samples_ms == pytest.approx((1.0, 4.0, 2.0))


def test_the_slow_first_calls_stay_out_of_the_samples():
    clock = Clock()
    latency = latency_ms(work(clock, [9.0, 9.0, 0.5, 0.25]), repeats=2, warmup=2, clock=clock)
    assert latency.samples_ms == (500.0, 250.0)


def test_the_call_runs_warm_up_and_repeats_and_no_more():
    calls = []
    latency_ms(lambda: calls.append(1), repeats=7, warmup=3)
    assert len(calls) == 10


def test_the_default_clock_measures_time_that_passes():
    assert latency_ms(lambda: sum(range(1000)), repeats=3).min_ms > 0


def test_one_slow_call_moves_the_mean_and_not_the_median():
    latency = Latency((1.0, 1.0, 1.0, 1.0, 96.0))
    assert (latency.median_ms, latency.mean_ms, latency.min_ms, latency.iqr_ms) == (1.0, 20.0, 1.0, 0.0)


def test_p95_and_iqr_of_one_to_a_hundred():
    latency = Latency(tuple(float(i) for i in range(101)))
    assert (latency.median_ms, latency.p95_ms, latency.iqr_ms) == (50.0, 95.0, 50.0)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_statistics_equal_numpy_and_keep_their_order(samples):
    latency = Latency(tuple(samples))
    assert latency.p95_ms == np.percentile(samples, 95)
    assert latency.iqr_ms == np.percentile(samples, 75) - np.percentile(samples, 25)
    assert latency.min_ms <= latency.median_ms <= latency.p95_ms <= max(samples)


def test_a_latency_cannot_be_changed():
    with pytest.raises(AttributeError):
        Latency((1.0,)).samples_ms = (2.0,)


@pytest.mark.parametrize("bad", [{"repeats": 0}, {"repeats": 2.5}, {"warmup": -1}])
def test_counts_out_of_range_are_refused(bad):
    with pytest.raises(ArgumentError, match=f"{next(iter(bad))} is"):
        latency_ms(lambda: None, **bad)


def test_a_clock_that_goes_back_is_refused():
    ticks = iter([2.0, 1.0])
    with pytest.raises(ArgumentError, match="clock went back"):
        latency_ms(lambda: None, repeats=1, warmup=0, clock=lambda: next(ticks))


def test_no_samples_and_a_percentile_beyond_a_hundred_are_refused():
    with pytest.raises(ArgumentError, match="samples_ms is empty"):
        Latency(())
    with pytest.raises(ArgumentError, match="percent is 101"):
        Latency((1.0,)).percentile_ms(101)


def test_a_clock_too_coarse_to_see_the_call_gives_zeros():
    assert latency_ms(lambda: None, repeats=2, clock=Clock()).samples_ms == (0.0, 0.0)


def test_the_percentiles_zero_and_a_hundred_are_the_ends():
    latency = Latency((3.0, 1.0, 2.0))
    assert (latency.percentile_ms(0), latency.percentile_ms(100)) == (1.0, 3.0)
    with pytest.raises(ArgumentError, match=r"percent is -0\.5"):
        latency.percentile_ms(-0.5)


def test_the_defaults_are_fifty_calls_after_five():
    calls = []
    assert len(latency_ms(lambda: calls.append(1)).samples_ms) == 50
    assert len(calls) == 55
