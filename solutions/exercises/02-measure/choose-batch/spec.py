import numpy as np

from quizlib import measures
from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def swept(batches, samples_s, limit_ms):
    latencies = [measures.Latency(tuple(1000 * sample for sample in samples)) for samples in samples_s]
    rates = [1000 * batch / latency.mean_ms for batch, latency in zip(batches, latencies, strict=True)]
    p95_ms = [latency.p95_ms for latency in latencies]
    allowed = [(rate, batch) for rate, batch, high in zip(rates, batches, p95_ms, strict=True) if high <= limit_ms]
    return {"throughput": rates, "p95_ms": p95_ms, "best": max(allowed)[1] if allowed else 0}


def _sweep(generator, scale=1.0):
    """Latencies of 1, 1.6, 4 and 13 units; two calls in ten take three times as long, so that p95 is far off."""
    factors = [1, 1, 1, 1, 1, 1, 1, 1, 3, 3]
    samples = [[scale * base * f * float(generator.uniform(0.99, 1.01)) for f in factors] for base in (1, 1.6, 4, 13)]
    return [1, 4, 16, 64], [[sample / 1000 for sample in generator.permutation(row).tolist()] for row in samples]


def drawn_sweeps(generator):
    scale = float(generator.uniform(0.5, 4))
    limits = {"throughput": 100.0, "p95": 100.0, "best": 8.0, "none-fits": 0.5}
    drawn = [Case(behaviour, *_sweep(generator, scale), limit * scale) for behaviour, limit in limits.items()]
    return [*drawn, *_edges_of_the_best(2.0 ** -int(generator.integers(4, 20)))]


def _edges_of_the_best(unit):
    """A best batch in the middle, at the end and in front, and a p95 that is exactly the limit.

    `unit` is a power of two.
    """
    too_large = [[unit] * 3, [2 * unit] * 3, [32 * unit] * 3]
    return [
        Case("best", [1, 8, 64], too_large, 64_000 * unit),
        Case("best", [1, 8, 64], [[unit] * 3, [2 * unit] * 3, [4 * unit] * 3], 64_000 * unit),
        Case("best", [48, 6, 1], [[3 * unit] * 3, [2 * unit] * 3, [unit] * 3], 64_000 * unit),
        Case("best", [64, 8, 1], [[32 * unit] * 3, [2 * unit] * 3, [unit] * 3], 3000 * unit),
        Case("best", [1, 8], [[unit] * 10, [*[2 * unit] * 9, 4 * unit]], 2500 * unit),  # its p90 is within the limit
        Case("best", [1, 8], [[unit] * 4, [unit, *[3 * unit] * 3]], 2000 * unit),  # its fastest call is
        Case("best", [1, 8, 64], [[unit] * 3, [2 * unit] * 3, [4 * unit] * 3], 2000 * unit),
        # The larger batch is the faster one, and beyond the limit even when its p95 is shared out among the images.
        Case("best", [1, 8], [[unit] * 10, [*[4 * unit] * 9, 22 * unit]], 1500 * unit),
    ]


MEASURED = ("throughput", "p95")
"""Beside which a choice counts: among three sizes one may be right by chance."""

EXERCISE = ExerciseSpec(
    title="Throughput within a limit",
    response="function",
    setup="""\
import numpy as np

# Seconds of four calls at each batch size, as somebody recorded them.
batches = [1, 8, 32]
samples_s = [
    [0.001, 0.001, 0.001, 0.003],
    [0.002, 0.002, 0.002, 0.004],
    [0.006, 0.006, 0.006, 0.02],
]
""",
    hints=(
        "Images in all, divided by the seconds that all calls took together.",
        "Keep the batch sizes whose p95 is within the limit, then take the one of the highest throughput.",
    ),
    criteria=(
        matching("throughput", "`throughput`: images a second, over all calls", points=2, part="throughput"),
        matching("p95", "`p95_ms` of each batch size", part="p95_ms"),
        matching("best", "`best`: most images a second within the limit", part="best", beside=MEASURED),
        matching("none-fits", "`best` is 0 where nothing is within the limit", part="best", beside=MEASURED),
        unchanged("keeps-input", "The lists are as they were"),
    ),
    reference=swept,
    public=(
        Case("throughput", [2], [[0.001, 0.003]], 5.0),
        Case("throughput", [1, 8], [[0.001, 0.001, 0.002], [0.002, 0.002, 0.004]], 50.0),
        Case("throughput", *_sweep(np.random.default_rng(1), 0.37), 37.0),
        Case("p95", [1, 8], [[0.001, 0.001, 0.003], [0.002, 0.002, 0.005]], 50.0),
        Case("p95", *_sweep(np.random.default_rng(2), 0.041), 4.1),
        Case("best", *_sweep(np.random.default_rng(0)), 8.0),
        Case("best", [1, 8], [[0.001, 0.001, 0.001, 0.001, 0.005], [0.002, 0.002, 0.002, 0.002, 0.016]], 4.5),
        *_edges_of_the_best(2.0**-8),
        Case("none-fits", [1, 8], [[0.004, 0.005], [0.006, 0.008]], 3.0),
    ),
    private=drawn_sweeps,
)
