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


# At 14 and 24 the probability of one count alone is still within 0.025, and no longer that of all up to it; at 17 and
# 44 the ranks of a bell curve are others, at 8, 13 and 16 those for 0.05 on each side.
TELLING_COUNTS = (8, 13, 14, 16, 17, 24, 44)


def drawn_samples(generator):
    def drawn(count):
        return (generator.uniform(1, 2) * generator.lognormal(0, 0.3, count)).tolist()

    return [
        *(Case("typical", drawn(count)) for count in TELLING_COUNTS),
        *(Case("smallest", drawn(count)) for count in (6, 7)),
        *(Case("too-few", drawn(count)) for count in (1, 2, 5)),
        Case("slow-call", [*drawn(15), 1000.0]),
        Case("ties", np.round(drawn(18), 1).tolist()),
        Case("ties", np.round(drawn(13), 1).tolist()),
        Case("many", drawn(1201)),
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
        matching(
            "too-few",
            "None where too few samples were taken",
            beside=("typical", "smallest", "slow-call", "ties", "many"),
        ),
        matching("slow-call", "One very slow call does not move it"),
        matching("ties", "Samples that are equal count each for itself"),
        matching("many", "More than a thousand samples"),
        unchanged("keeps-input", "The samples stay in their order"),
    ),
    reference=covering_interval,
    public=(
        Case("typical", [2.5, 2.1, 2.0, 2.4, 2.2, 2.9, 2.3, 2.6, 2.7, 2.8]),
        Case("typical", [2.5, 2.1, 2.0, 2.4, 2.2, 2.9, 2.3, 2.6, 2.7, 2.8, 1.9]),
        Case("typical", [2.5, 2.1, 2.0, 2.4, 2.2, 2.9, 2.3, 2.6, 2.7, 2.8, 1.9, 3.3, 3.0, 1.7]),
        Case("typical", np.round(np.random.default_rng(5).lognormal(0, 0.3, 17), 2).tolist()),
        Case("typical", np.round(np.random.default_rng(5).lognormal(0, 0.3, 25), 2).tolist()),
        Case("smallest", [2.3, 2.1, 2.0, 2.4, 2.2, 2.5]),
        Case("too-few", [2.1, 2.0, 2.4, 2.2, 2.3]),
        Case("too-few", [2.1]),
        Case("ties", [2.1, 2.0, 2.1, 2.2, 2.0, 2.1, 2.3, 2.2, 2.1]),
        Case("ties", [2.2, 2.2, 2.0, 2.4, 2.2, 2.4, 2.3, 2.4, 2.0, 2.2]),
        Case("many", [2 + (37 * i % 1100) / 1000 for i in range(1100)]),
        Case("slow-call", [2.1, 2.0, 2.4, 2.2, 900.0, 2.3, 2.5, 1.9, 2.6, 2.7, 1.8]),
    ),
    private=drawn_samples,
)
