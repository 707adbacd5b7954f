"""How long a call takes, with its spread."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizlib.errors import ArgumentError
from quizlib.measures._arguments import whole_number


@dataclass(frozen=True)
class Latency:
    """Durations of repeated calls, in milliseconds, in the order of the calls.

    Attributes:
        samples_ms: One duration per call, warm-up left out.
    """

    samples_ms: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.samples_ms:
            raise ArgumentError("samples_ms is empty; pass at least one duration.")

    @property
    def median_ms(self) -> float:
        """The middle duration, which a few slow calls do not move."""
        return self.percentile_ms(50)

    @property
    def p95_ms(self) -> float:
        """The duration that 95 % of the calls stay within."""
        return self.percentile_ms(95)

    @property
    def mean_ms(self) -> float:
        """The mean duration; the one to use for throughput."""
        return float(self._array.mean())

    @property
    def min_ms(self) -> float:
        """The shortest duration, nearest to the cost without disturbance."""
        return min(self.samples_ms)

    @property
    def iqr_ms(self) -> float:
        """The interquartile range, the spread of the middle half."""
        first, third = self.quartiles_ms
        return third - first

    @property
    def quartiles_ms(self) -> tuple[float, float]:
        """The first and the third quartile, between which the middle half lies.

        >>> Latency((1.0, 2.0, 3.0, 10.0, 50.0)).quartiles_ms
        (2.0, 10.0)
        """
        return self.percentile_ms(25), self.percentile_ms(75)

    def percentile_ms(self, percent: float) -> float:
        """Return the duration below which `percent` of the calls lie, interpolated linearly.

        Raises:
            ArgumentError: `percent` outside 0..100.

        >>> Latency((1.0, 2.0, 3.0)).percentile_ms(75)
        2.5
        """
        if not 0 <= percent <= 100:
            raise ArgumentError(f"percent is {percent!r}; pass a number in 0..100.")
        return float(np.percentile(self._array, percent))

    @property
    def _array(self) -> NDArray[np.float64]:
        return np.array(self.samples_ms, dtype=np.float64)


def latency_ms(
    call: Callable[[], object],
    *,
    repeats: int = 50,
    warmup: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> Latency:
    """Time `call()` again and again, after calls that are not timed.

    The warm-up takes the first calls' cost (allocation, caches, compilation) out of the samples. What the call returns
    is dropped; on a device that works asynchronously the call itself must wait for the result.

    Args:
        call: A function without arguments.
        repeats: Timed calls, >= 1; p95 means little below 20.
        warmup: Untimed calls before, >= 0.
        clock: Returns seconds and never goes back; a test passes its own.

    Raises:
        ArgumentError: A number out of range, or a clock that went back.

    >>> ticks = iter([0.0, 0.25, 1.0, 1.5])
    >>> latency_ms(lambda: None, repeats=2, warmup=0, clock=lambda: next(ticks)).samples_ms
    (250.0, 500.0)
    """
    timed = whole_number("repeats", repeats, 1)
    for _ in range(whole_number("warmup", warmup, 0)):
        call()
    samples = tuple(_duration_ms(call, clock) for _ in range(timed))
    if min(samples) < 0:
        raise ArgumentError("clock went back during a call; pass a clock that never does, such as time.perf_counter.")
    return Latency(samples)


def _duration_ms(call: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    call()
    return (clock() - start) * 1000
