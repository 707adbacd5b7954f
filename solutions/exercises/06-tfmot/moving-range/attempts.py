# %% misconception="starts-with-the-data"
# The first batch became the range; but the quantizer starts at `start`, and moves from there.
# Remedy: Begin with `-start` and `start`, and weigh the first batch like any other.


# %% wrong misconception="starts-with-the-data" variant=1 loses="one,several,one-signed,ends"
def moving_range(batches, decay, start):
    low = high = None
    for batch in batches:
        below, above = min(float(batch.min()), 0.0), max(float(batch.max()), 0.0)
        low = below if low is None else decay * low + (1 - decay) * below
        high = above if high is None else decay * high + (1 - decay) * above
    return (-start, start) if low is None else (low, high)


# %% wrong misconception="starts-with-the-data" variant=2 loses="one,several,one-signed,ends"
def moving_range(batches, decay, start):
    if not batches:
        return -start, start
    lows = [min(float(batch.min()), 0.0) for batch in batches]
    highs = [max(float(batch.max()), 0.0) for batch in batches]
    low, high = lows[0], highs[0]
    for below, above in zip(lows[1:], highs[1:]):
        low += (1 - decay) * (below - low)
        high += (1 - decay) * (above - high)
    return low, high


# %% misconception="zero-left-out"
# The range of a batch was taken without 0.0; LiteRT needs 0.0 in each range.
# Remedy: Take `min(batch.min(), 0.0)` and `max(batch.max(), 0.0)`.


# %% wrong misconception="zero-left-out" variant=1 loses="one-signed"
def moving_range(batches, decay, start):
    low, high = -start, start
    for batch in batches:
        low = decay * low + (1 - decay) * batch.min()
        high = decay * high + (1 - decay) * batch.max()
    return float(low), float(high)


# %% wrong misconception="zero-left-out" variant=2 loses="one-signed"
def moving_range(batches, decay, start):
    ends = np.array([-start, start], dtype=np.float64)
    for batch in batches:
        ends += (1 - decay) * (np.float64([batch.min(), batch.max()]) - ends)
    return float(ends[0]), float(ends[1])


# %% misconception="weights-exchanged"
# `decay` was given to the new batch; it belongs to the range so far.
# Remedy: `low = decay * low + (1 - decay) * new`.


# %% wrong misconception="weights-exchanged" variant=1 loses="one,several,one-signed,ends"
def moving_range(batches, decay, start):
    low, high = -start, start
    for batch in batches:
        low = (1 - decay) * low + decay * min(batch.min(), 0.0)
        high = (1 - decay) * high + decay * max(batch.max(), 0.0)
    return float(low), float(high)


# %% wrong misconception="weights-exchanged" variant=2 loses="one,several,one-signed,ends"
def moving_range(batches, decay, start):
    low, high = -start, start
    for batch in batches:
        low += decay * (min(float(batch.min()), 0.0) - low)
        high += decay * (max(float(batch.max()), 0.0) - high)
    return low, high


# %% misconception="widest-so-far"
# The range is the widest so far; this quantizer follows an average.
# Remedy: Move both ends by `1 - decay` of the way to those of the batch.


# %% wrong misconception="widest-so-far" variant=1 loses="one,several,one-signed,ends"
def moving_range(batches, decay, start):
    low, high = -start, start
    for batch in batches:
        low = min(low, batch.min(), 0.0)
        high = max(high, batch.max(), 0.0)
    return float(low), float(high)


# %% wrong misconception="widest-so-far" variant=2 loses="one,several,one-signed,ends"
def moving_range(batches, decay, start):
    numbers = np.concatenate([np.ravel(batch) for batch in batches] + [[-start, start]])
    return float(numbers.min()), float(numbers.max())


# %% misconception="never-moves-in"
# An end moves outwards only; an average goes in again, too.
# Remedy: Weigh each batch, whether it is wider or narrower than the range.


# %% wrong misconception="never-moves-in" variant=1 loses="one,several,one-signed,ends"
def moving_range(batches, decay, start):
    low, high = -start, start
    for batch in batches:
        low = min(low, decay * low + (1 - decay) * batch.min())
        high = max(high, decay * high + (1 - decay) * batch.max())
    return float(low), float(high)


# %% misconception="range-of-the-last"
# Only the last batch counts.
# Remedy: Keep what the batches before it left, with the weight `decay`.


# %% wrong misconception="range-of-the-last" variant=1 loses="one,several,one-signed,ends"
def moving_range(batches, decay, start):
    low, high = -start, start
    for batch in batches:
        low = min(batch.min(), 0.0)
        high = max(batch.max(), 0.0)
    return float(low), float(high)


# %% wrong misconception="range-of-the-last" variant=2 loses="one,several,one-signed,ends"
def moving_range(batches, decay, start):
    if not len(batches):
        return -start, start
    last = np.append(batches[-1], 0)
    return float(last.min()), float(last.max())


# %% misconception="batches-emptied"
# `batches` were changed.
# Remedy: Go through them with a loop, which leaves them as they are.


# %% wrong misconception="batches-emptied" variant=1 loses="keeps-input"
def moving_range(batches, decay, start):
    low, high = -start, start
    while batches:
        batch = batches.pop(0)
        low = decay * low + (1 - decay) * min(batch.min(), 0.0)
        high = decay * high + (1 - decay) * max(batch.max(), 0.0)
    return float(low), float(high)


# %% misconception="backwards"
# The batches were weighed in the reverse order.
# Remedy: Go through them from the first to the last; the last counts most.


# %% wrong misconception="backwards" variant=1 loses="several,one-signed,ends"
def moving_range(batches, decay, start):
    low, high = -start, start
    for batch in batches[::-1]:
        low = decay * low + (1 - decay) * min(batch.min(), 0.0)
        high = decay * high + (1 - decay) * max(batch.max(), 0.0)
    return float(low), float(high)


# %% right style="a step towards the batch"
def moving_range(batches, decay, start):
    ends = np.array([-start, start], dtype=np.float64)
    for batch in batches:
        reached = np.array([min(0.0, float(np.min(batch))), max(0.0, float(np.max(batch)))])
        ends -= (ends - reached) * (1 - decay)
    return tuple(float(end) for end in ends)


# %% right style="all at once"
def moving_range(batches, decay, start):
    n = len(batches)
    weights = [decay**n] + [(1 - decay) * decay ** (n - 1 - i) for i in range(n)]
    lows = [-start] + [float(np.append(batch, 0.0).min()) for batch in batches]
    highs = [start] + [float(np.append(batch, 0.0).max()) for batch in batches]
    return float(np.dot(weights, lows)), float(np.dot(weights, highs))
