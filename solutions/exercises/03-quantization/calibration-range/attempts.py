# %% misconception="last-batch-only"
# Each batch overwrites what was seen before, so the last one alone decides.
# Remedy: Gather the values of all batches before you take the ends.

# %% wrong misconception="last-batch-only" variant=1 loses="extremes,coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    tail = (1 - coverage) / 2
    for batch in batches:
        low, high = np.quantile(batch.astype(np.float64), [tail, 1 - tail])
    return min(float(low), 0.0), max(float(high), 0.0)


# %% wrong misconception="last-batch-only" variant=2 loses="extremes,coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    values = np.sort(batches[-1], axis=None).astype(float)
    cut = 50 * (1 - coverage)
    return np.minimum(np.percentile(values, cut), 0), np.maximum(np.percentile(values, 100 - cut), 0)


# %% misconception="averaged-batches"
# The ends of the batches are averaged; the range is then too narrow for what was seen.
# Remedy: Take the ends of all values together. (A moving average is another method, with another promise.)


# %% wrong misconception="averaged-batches" variant=1 loses="extremes,coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    tail = (1 - coverage) / 2
    ends = np.array([np.quantile(batch.astype(np.float64), [tail, 1 - tail]) for batch in batches])
    low, high = ends.mean(axis=0)
    return min(float(low), 0.0), max(float(high), 0.0)


# %% wrong misconception="averaged-batches" variant=2 loses="extremes,coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    low = high = 0.0
    for seen, batch in enumerate(batches, 1):
        cut = 50 * (1 - coverage)
        low += (np.percentile(batch.astype(float), cut) - low) / seen
        high += (np.percentile(batch.astype(float), 100 - cut) - high) / seen
    return float(np.minimum(low, 0)), float(np.maximum(high, 0))


# %% misconception="tail-on-each-side"
# The whole `1 - coverage` is cut off below, and again above, so twice too much is lost.
# Remedy: Cut half of it at each end.


# %% wrong misconception="tail-on-each-side" variant=1 loses="coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    values = np.concatenate([batch.ravel() for batch in batches]).astype(np.float64)
    low, high = np.quantile(values, [1 - coverage, coverage])
    return min(float(low), 0.0), max(float(high), 0.0)


# %% wrong misconception="tail-on-each-side" variant=2 loses="coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    values = [0.0 + value for batch in batches for value in batch.ravel().tolist()]
    upper = np.percentile(values, 100 * coverage)
    lower = -np.percentile([-value for value in values], 100 * coverage)
    return min(float(lower), 0.0), max(float(upper), 0.0)


# %% misconception="fraction-for-per-cent"
# A fraction is passed where per cent are asked for, so hardly anything is cut off.
# Remedy: Use `np.quantile` with fractions, or multiply by 100 for `np.percentile`.


# %% wrong misconception="fraction-for-per-cent" variant=1 loses="extremes,coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    values = np.concatenate([batch.ravel() for batch in batches]).astype(np.float64)
    tail = (1 - coverage) / 2
    low, high = np.percentile(values, [tail, 1 - tail])
    return min(float(low), 0.0), max(float(high), 0.0)


# %% wrong misconception="fraction-for-per-cent" variant=2 loses="extremes,coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    flat = np.hstack([np.ravel(batch) for batch in batches]).astype(float)
    cut = 0.5 - coverage / 2
    lower = np.percentile(flat, cut)
    upper = np.percentile(flat, 1.0 - cut)
    return float(np.clip(lower, None, 0)), float(np.clip(upper, 0, None))


# %% misconception="percentile-per-batch"
# The percentiles of each batch are taken by themselves, and then the outermost of them.
# Remedy: Put the values of all batches into one array, and take the percentiles of that.


# %% wrong misconception="percentile-per-batch" variant=1 loses="coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    tail = (1 - coverage) / 2
    ends = np.array([np.quantile(batch.astype(np.float64), [tail, 1 - tail]) for batch in batches])
    return min(float(ends[:, 0].min()), 0.0), max(float(ends[:, 1].max()), 0.0)


# %% wrong misconception="percentile-per-batch" variant=2 loses="coverage,holds-zero"
def calibration_range(batches, coverage=1.0):
    cut, low, high = 50 * (1 - coverage), 0.0, 0.0
    for batch in batches:
        low = min(low, np.percentile(batch.astype(float), cut))
        high = max(high, np.percentile(batch.astype(float), 100 - cut))
    return float(low), float(high)


# %% misconception="zero-left-out"
# The range need not hold 0.0, so the grid may have no code for it.
# Remedy: Lower end at most 0.0, upper end at least 0.0.


# %% wrong misconception="zero-left-out" variant=1 loses="holds-zero"
def calibration_range(batches, coverage=1.0):
    values = np.concatenate([batch.ravel() for batch in batches]).astype(np.float64)
    tail = (1 - coverage) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


# %% wrong misconception="zero-left-out" variant=2 loses="holds-zero"
def calibration_range(batches, coverage=1.0):
    values = sorted(value for batch in batches for value in batch.ravel().tolist())

    def at(fraction):
        place = fraction * (len(values) - 1)
        below = min(int(place), len(values) - 2)
        return values[below] + (place - below) * (values[below + 1] - values[below])

    return at((1 - coverage) / 2), at((1 + coverage) / 2)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Sort or clip a copy: the batches are wanted for other layers too.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def calibration_range(batches, coverage=1.0):
    values = np.concatenate([batch.ravel() for batch in batches]).astype(np.float64)
    tail = (1 - coverage) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    batches.clear()
    return min(float(low), 0.0), max(float(high), 0.0)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def calibration_range(batches, coverage=1.0):
    while len(batches) > 1:
        batches[0] = np.append(batches[0], batches.pop())
    cut = 50 * (1 - coverage)
    low, high = np.percentile(batches[0].astype(float), [cut, 100 - cut])
    return min(low, 0.0), max(high, 0.0)


# %% right style="sorted by hand"
def calibration_range(batches, coverage=1.0):
    values = sorted(value for batch in batches for value in batch.ravel().tolist())

    def at(fraction):
        place = fraction * (len(values) - 1)
        below = min(int(place), len(values) - 2)
        return values[below] + (place - below) * (values[below + 1] - values[below])

    return min(0.0, at((1 - coverage) / 2)), max(0.0, at((1 + coverage) / 2))


# %% right style="per cent"
def calibration_range(batches, coverage=1.0):
    flat = np.hstack([np.ravel(batch) for batch in batches])
    cut = 50 * (1 - coverage)
    low, high = np.percentile(flat.astype(float), [cut, 100 - cut])
    return float(np.minimum(low, 0)), float(np.maximum(high, 0))
