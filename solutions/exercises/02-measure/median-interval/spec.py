import numpy as np
import scipy.sparse
import scipy.stats

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def covering_interval(samples_ms):
    """The oracle is SciPy's quantile test, which inverts the binomial test as the task does."""
    ordered = np.sort(samples_ms)
    below = int(scipy.stats.binom.ppf(0.025, len(ordered), 0.5))
    rank = below if scipy.stats.binom.cdf(below, len(ordered), 0.5) > 0.025 else below + 1
    if rank == 0:
        return None
    return {"low": float(ordered[rank - 1]), "high": float(ordered[-rank])}


# Here ranks for 0.025 and for 0.05 on each side differ, which they do not at every count.
TELLING_COUNTS = (8, 13, 16)


def drawn_samples(generator):
    def drawn(count):
        return (generator.uniform(1, 2) * generator.lognormal(0, 0.3, count)).tolist()

    return [
        *(Case("typical", drawn(count)) for count in (*TELLING_COUNTS, 31, 74)),
        *(Case("smallest", drawn(count)) for count in (6, 7)),
        *(Case("too-few", drawn(count)) for count in (2, 5)),
        Case("slow-call", [*drawn(15), 1000.0]),
    ]


EXERCISE = ExerciseSpec(
    title="How far a median can be trusted",
    response="function",
    setup="""\
import math
import statistics

import numpy as np

few_ms = [2.1, 2.0, 2.4, 2.2, 9.0, 2.1, 2.3]
many_ms = few_ms * 10
""",
    hints=(
        "`math.comb(n, i) / 2**n` is the probability that exactly i of n samples lie below the median.",
        "Raise the rank while the probabilities of 0 … rank − 1 together are at most `0.025`.",
    ),
    criteria=(
        matching("typical", "The two samples that bracket the median", points=2),
        matching("smallest", "The fewest samples that allow an interval"),
        matching("too-few", "None where too few samples were taken"),
        matching("slow-call", "One very slow call does not move it"),
        unchanged("keeps-input", "The samples stay in their order"),
    ),
    reference=covering_interval,
    public=(
        Case("typical", [2.5, 2.1, 2.0, 2.4, 2.2, 2.9, 2.3, 2.6, 2.7, 2.8]),
        Case("typical", [2.5, 2.1, 2.0, 2.4, 2.2, 2.9, 2.3, 2.6, 2.7, 2.8, 1.9]),
        Case("typical", np.round(np.random.default_rng(5).lognormal(0, 0.3, 25), 2).tolist()),
        Case("smallest", [2.3, 2.1, 2.0, 2.4, 2.2, 2.5]),
        Case("too-few", [2.1, 2.0, 2.4, 2.2, 2.3]),
        Case("slow-call", [2.1, 2.0, 2.4, 2.2, 900.0, 2.3, 2.5, 1.9, 2.6, 2.7]),
    ),
    private=drawn_samples,
)
