# %% misconception="normal-mean"
# Mean ± 1.96 standard errors: it speaks of the mean, and of samples that follow a bell curve.
# Remedy: Sort the samples and take the two whose ranks bracket the median.

# %% wrong misconception="normal-mean" variant=1 loses="typical,smallest,too-few,slow-call,ties,many"
def median_interval(samples_ms):
    mean = statistics.mean(samples_ms)
    error = 1.96 * statistics.stdev(samples_ms) / math.sqrt(len(samples_ms))
    return {"low": mean - error, "high": mean + error}


# %% wrong misconception="normal-mean" variant=2 loses="typical,smallest,too-few,slow-call,ties,many"
def median_interval(samples_ms):
    samples = np.array(samples_ms)
    half = 1.96 * np.sqrt(samples.var(ddof=1) / samples.size)
    low, high = (samples.mean() + sign * half for sign in (-1, 1))
    return dict(low=float(low), high=float(high))


# %% misconception="spread-for-interval"
# The 2.5th and 97.5th percentile say how calls differ, not how well the median is known.
# Remedy: Take ranks near the middle; with more samples they move closer together.


# %% wrong misconception="spread-for-interval" variant=1 loses="typical,smallest,too-few,slow-call,ties,many"
def median_interval(samples_ms):
    low, high = np.percentile(samples_ms, [2.5, 97.5])
    return {"low": float(low), "high": float(high)}


# %% wrong misconception="spread-for-interval" variant=2 loses="typical,smallest,too-few,slow-call,ties,many"
def at_share(ordered, share):
    place = share * (len(ordered) - 1)
    before = ordered[math.floor(place)]
    return before + (place % 1) * (ordered[math.ceil(place)] - before)


def median_interval(samples_ms):
    ordered = sorted(samples_ms)
    return {"low": at_share(ordered, 0.025), "high": at_share(ordered, 0.975)}


# %% misconception="all-on-one-side"
# All of the 0.05 is spent on each side, so that the interval misses in up to 10 of 100 repetitions.
# Remedy: Half of it belongs to each side: compare with `0.025`.


# %% wrong misconception="all-on-one-side" variant=1 loses="typical,too-few,slow-call,ties,many"
def median_interval(samples_ms):
    n, rank, below = len(samples_ms), 0, 0.0
    while rank < n and below + math.comb(n, rank) / 2**n <= 0.05:
        below += math.comb(n, rank) / 2**n
        rank += 1
    if rank == 0:
        return None
    ordered = sorted(samples_ms)
    return {"low": ordered[rank - 1], "high": ordered[-rank]}


# %% wrong misconception="all-on-one-side" variant=2 loses="typical,too-few,slow-call,ties,many"
from scipy.stats import binom


def median_interval(samples_ms):
    n = len(samples_ms)
    rank = int((binom.cdf(np.arange(n), n, 0.5) <= 1 - 0.95).sum())
    ordered = np.sort(samples_ms)
    return dict(low=float(ordered[rank - 1]), high=float(ordered[n - rank])) if rank else None


# %% misconception="rank-off-by-one"
# The ranks are one too far inside; the k-th smallest sample has the index k − 1.
# Remedy: Take `ordered[k - 1]` and `ordered[-k]`.


# %% wrong misconception="rank-off-by-one" variant=1 loses="typical,smallest,slow-call,ties,many"
def median_interval(samples_ms):
    n, rank, below = len(samples_ms), 0, 0.0
    while rank < n and below + math.comb(n, rank) / 2**n <= 0.025:
        below += math.comb(n, rank) / 2**n
        rank += 1
    if rank == 0:
        return None
    ordered = sorted(samples_ms)
    return {"low": ordered[rank], "high": ordered[-rank - 1]}


# %% wrong misconception="rank-off-by-one" variant=1 loses="typical,smallest,slow-call,ties,many"
def median_interval(samples_ms):
    n, rank, below = len(samples_ms), 0, 0.0
    while rank < n and below + math.comb(n, rank) / 2**n <= 0.025:
        below += math.comb(n, rank) / 2**n
        rank += 1
    if rank == 0:
        return None
    ordered = sorted(samples_ms)
    return {"low": ordered[rank], "high": ordered[-rank]}


# %% wrong misconception="rank-off-by-one" variant=2 loses="typical,smallest,slow-call,ties,many"
import itertools


def median_interval(samples_ms):
    n = len(samples_ms)
    sums = list(itertools.accumulate(math.comb(n, i) for i in range(n)))
    rank = sum(40 * ways <= 2**n for ways in sums)
    ordered = np.sort(samples_ms)
    return dict(low=float(ordered[rank]), high=float(ordered[n - 1 - rank])) if rank else None


# %% wrong misconception="rank-off-by-one" variant=2 loses="typical,smallest,slow-call,ties,many"
def median_interval(samples_ms):
    n = len(samples_ms)
    rank = next(k for k in range(n) if 40 * sum(math.comb(n, i) for i in range(k + 1)) > 2**n)
    if not rank:
        return None
    rising, falling = sorted(samples_ms), sorted(samples_ms, reverse=True)
    return {"low": rising[rank], "high": falling[rank - 1]}


# %% misconception="no-answer-missing"
# An interval is returned although the samples are too few for any.
# Remedy: Return None where even the smallest and the largest sample cover less than 95 %.


# %% wrong misconception="no-answer-missing" variant=1 loses="too-few"
def median_interval(samples_ms):
    n, rank, below = len(samples_ms), 0, 0.0
    while rank < n and below + math.comb(n, rank) / 2**n <= 0.025:
        below += math.comb(n, rank) / 2**n
        rank += 1
    ordered = sorted(samples_ms)
    rank = max(rank, 1)
    return {"low": ordered[rank - 1], "high": ordered[-rank]}


# %% wrong misconception="no-answer-missing" variant=2 loses="too-few"
def median_interval(samples_ms):
    n = len(samples_ms)
    chances = np.cumsum([math.comb(n, i) / 2**n for i in range(n + 1)])
    low = max(int((chances <= 0.025).sum()) - 1, 0)
    ordered = np.sort(samples_ms)
    return {"low": float(ordered[low]), "high": float(ordered[n - 1 - low])}


# %% misconception="not-sorted"
# The ranks are taken from the samples in the order of the calls.
# Remedy: Sort first.


# %% wrong misconception="not-sorted" variant=1 loses="typical,smallest,slow-call,ties,many"
def median_interval(samples_ms):
    n, rank, below = len(samples_ms), 0, 0.0
    while rank < n and below + math.comb(n, rank) / 2**n <= 0.025:
        below += math.comb(n, rank) / 2**n
        rank += 1
    if rank == 0:
        return None
    return {"low": samples_ms[rank - 1], "high": samples_ms[-rank]}


# %% wrong misconception="not-sorted" variant=2 loses="typical,smallest,slow-call,ties,many"
import itertools


def median_interval(samples_ms):
    n = len(samples_ms)
    chances = list(itertools.accumulate(math.comb(n, i) / 2**n for i in range(n)))
    rank = len([chance for chance in chances if chance <= 0.025])
    low, high = samples_ms[rank - 1], samples_ms[n - rank] if rank else 0
    return dict(low=low, high=high) if rank else None


# %% misconception="sorted-in-place"
# The caller's list is changed on the way, by `sort` as a rule; the order of the calls is lost.
# Remedy: Use `sorted(samples_ms)`, which returns a new list.


# %% wrong misconception="sorted-in-place" variant=1 loses="keeps-input"
def median_interval(samples_ms):
    n, rank, below = len(samples_ms), 0, 0.0
    while rank < n and below + math.comb(n, rank) / 2**n <= 0.025:
        below += math.comb(n, rank) / 2**n
        rank += 1
    samples_ms.sort()
    return {"low": samples_ms[rank - 1], "high": samples_ms[-rank]} if rank else None


# %% wrong misconception="sorted-in-place" variant=2 loses="keeps-input"
def median_interval(samples_ms):
    n = len(samples_ms)
    rank = next(k for k in range(n) if 40 * sum(math.comb(n, i) for i in range(k + 1)) > 2**n)
    samples_ms[:] = sorted(samples_ms)
    if rank == 0:
        return None
    return {"low": samples_ms[rank - 1], "high": samples_ms[n - rank]}


# %% misconception="beyond-floats"
# No float is as large as `2**n` from 1,024 samples on, or as small as `0.5**n` from 1,075 on: it fails, or becomes 0.
# Remedy: Keep to whole numbers: Python divides `math.comb(n, i) / 2**n` whatever their size.


# %% wrong misconception="beyond-floats" variant=1 loses="many"
def median_interval(samples_ms):
    n, rank, below = len(samples_ms), 0, 0.0
    while rank < n and below + math.comb(n, rank) * 0.5**n <= 0.025:
        below += math.comb(n, rank) * 0.5**n
        rank += 1
    if rank == 0:
        return None
    ordered = sorted(samples_ms)
    return {"low": ordered[rank - 1], "high": ordered[-rank]}


# %% wrong misconception="beyond-floats" variant=1 loses="many"
def median_interval(samples_ms):
    n, rank, below, chance = len(samples_ms), 0, 0.0, 0.5 ** len(samples_ms)
    while rank < n and below + chance <= 0.025:
        below += chance
        chance *= (n - rank) / (rank + 1)
        rank += 1
    if rank == 0:
        return None
    ordered = sorted(samples_ms)
    return {"low": ordered[rank - 1], "high": ordered[-rank]}


# %% wrong misconception="beyond-floats" variant=2 loses="many"
def median_interval(samples_ms):
    n = len(samples_ms)
    probability = [float(math.comb(n, i)) * 2.0**-n for i in range(n)]
    rank = max((k for k in range(n) if sum(probability[:k]) <= 0.025), default=0)
    ordered = np.sort(samples_ms)
    return dict(low=float(ordered[rank - 1]), high=float(ordered[n - rank])) if rank else None


# %% misconception="ties-dropped"
# Equal samples are kept once only; each call is a sample of its own.
# Remedy: Sort the list as it is, `sorted(samples_ms)`, and make no set of it.


# %% wrong misconception="ties-dropped" variant=1 loses="typical,ties"
def median_interval(samples_ms):
    ordered = sorted(set(samples_ms))
    n, rank, below = len(ordered), 0, 0.0
    while rank < n and below + math.comb(n, rank) / 2**n <= 0.025:
        below += math.comb(n, rank) / 2**n
        rank += 1
    if rank == 0:
        return None
    return {"low": ordered[rank - 1], "high": ordered[-rank]}


# %% wrong misconception="ties-dropped" variant=2 loses="typical,ties"
def median_interval(samples_ms):
    ordered = np.unique(samples_ms)
    n, ways, rank = ordered.size, 0, 0
    for i in range(n):
        ways += math.comb(n, i)
        if 40 * ways > 2**n:
            break
        rank = i + 1
    return {"low": float(ordered[rank - 1]), "high": float(ordered[-rank])} if rank else None


# %% decoy misconception="ties-dropped" loses="typical,ties"
# The rank is that of all samples, and only then are the equal ones dropped.
def median_interval(samples_ms):
    n, rank, below = len(samples_ms), 0, 0.0
    while rank < n and below + math.comb(n, rank) / 2**n <= 0.025:
        below += math.comb(n, rank) / 2**n
        rank += 1
    if rank == 0:
        return None
    ordered = sorted(set(samples_ms))
    return {"low": ordered[min(rank, len(ordered)) - 1], "high": ordered[-min(rank, len(ordered))]}


# %% right style="the binomial distribution of SciPy"
from scipy.stats import binom


def median_interval(samples_ms):
    n = len(samples_ms)
    rank = sum(binom.cdf(k, n, 0.5) <= 0.025 for k in range(n))
    ordered = np.sort(samples_ms)
    return {"low": float(ordered[rank - 1]), "high": float(ordered[n - rank])} if rank else None


# %% right style="whole numbers"
def median_interval(samples_ms):
    n = len(samples_ms)
    ordered, ways, rank = sorted(samples_ms), 0, 0
    for i in range(n):
        ways += math.comb(n, i)
        if 40 * ways > 2**n:
            break
        rank = i + 1
    if not rank:
        return None
    return {"low": ordered[rank - 1], "high": ordered[n - rank]}
