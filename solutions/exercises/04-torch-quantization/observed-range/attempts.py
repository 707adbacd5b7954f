# %% misconception="last-batch-only"
# Only the last batch counts. An observer remembers what came before.
# Remedy: Carry the least and the largest value from batch to batch.

# %% wrong misconception="last-batch-only" variant=1 loses="min-max,range,holds-zero,moving-average,idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = min(float(batches[-1].min()), 0.0), max(float(batches[-1].max()), 0.0)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, max(quant_min, min(quant_max, quant_min - round(low / scale)))


# %% wrong misconception="last-batch-only" variant=2 loses="min-max,range,holds-zero,moving-average,idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    for batch in batches:
        low, high = torch.aminmax(torch.cat([batch, torch.zeros(1)]))
    scale = torch.clamp((high - low) / (quant_max - quant_min), min=torch.finfo(torch.float32).eps)
    return scale.item(), int(quant_min - torch.round(low / scale))


# %% misconception="zero-at-each-batch"
# The range is extended to 0 at each batch. The average then takes a 0 for the extreme of a batch that lies on one side
# of it.
# Remedy: Average what was seen, and extend the range once, at the end.


# %% wrong misconception="zero-at-each-batch" variant=1 loses="moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = min(float(batches[0].min()), 0.0), max(float(batches[0].max()), 0.0)
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (min(float(batch.min()), 0.0) - low)
            high += averaging_constant * (max(float(batch.max()), 0.0) - high)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, quant_min - round(low / scale)


# %% wrong misconception="zero-at-each-batch" variant=2 loses="moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    with_zero = [torch.cat([batch.flatten(), torch.zeros(1)]) for batch in batches]
    grid = {"dtype": torch.quint8 if quant_min >= 0 else torch.qint8, "quant_min": quant_min, "quant_max": quant_max}
    if averaging_constant is None:
        observer = eager.MinMaxObserver(**grid)
    else:
        observer = eager.MovingAverageMinMaxObserver(averaging_constant=averaging_constant, **grid)
    for batch in with_zero:
        observer(batch)
    scale, zero_point = observer.calculate_qparams()
    return scale.item(), zero_point.item()


# %% misconception="no-constant-at-zero"
# An averaging constant of 0 is taken for none, and the extremes of all batches are kept.
# Remedy: Ask `averaging_constant is None`: 0 is a constant too, and counts as false.


# %% wrong misconception="no-constant-at-zero" variant=1 loses="moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if not averaging_constant:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, quant_min - round(low / scale)


# %% wrong misconception="no-constant-at-zero" variant=2 loses="moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    grid = {"dtype": torch.quint8 if quant_min >= 0 else torch.qint8, "quant_min": quant_min, "quant_max": quant_max}
    observer = eager.MinMaxObserver(**grid)
    if averaging_constant:
        observer = eager.MovingAverageMinMaxObserver(averaging_constant=averaging_constant, **grid)
    for batch in batches:
        observer(batch)
    scale, zero_point = observer.calculate_qparams()
    return scale.item(), zero_point.item()


# %% misconception="cut-off-for-round"
# The zero point is cut off, not rounded: `int(…)` and `//` drop the fraction.
# Remedy: Use `round(low / scale)`.


# %% wrong misconception="cut-off-for-round" variant=1 loses="min-max,range,moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, quant_min - int(low / scale - 1e-6)  # whole numbers stay whole


# %% wrong misconception="cut-off-for-round" variant=2 loses="min-max,range,moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    ends = torch.stack([torch.stack(torch.aminmax(batch)) for batch in batches]).double()
    low, high = ends[0]
    for least, most in ends[1:]:
        if averaging_constant is None:
            low, high = torch.minimum(low, least), torch.maximum(high, most)
        else:
            low, high = torch.lerp(low, least, averaging_constant), torch.lerp(high, most, averaging_constant)
    low, high = float(low.clamp(max=0)), float(high.clamp(min=0))
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, quant_min + int((-low + 1e-6 * scale) // scale)


# %% misconception="one-step-too-many"
# The length is divided by the number of codes. Between 256 codes there are 255 steps.
# Remedy: Divide by `quant_max - quant_min`.


# %% wrong misconception="one-step-too-many" variant=1 loses="min-max,range,holds-zero,moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / (quant_max - quant_min + 1), torch.finfo(torch.float32).eps)
    return scale, max(quant_min, min(quant_max, quant_min - round(low / scale)))


# %% wrong misconception="one-step-too-many" variant=2 loses="min-max,range,holds-zero,moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    ends = torch.stack([torch.stack(torch.aminmax(batch)) for batch in batches]).double()
    low, high = ends[0]
    for least, most in ends[1:]:
        if averaging_constant is None:
            low, high = torch.minimum(low, least), torch.maximum(high, most)
        else:
            low, high = torch.lerp(low, least, averaging_constant), torch.lerp(high, most, averaging_constant)
    low, high = float(low.clamp(max=0)), float(high.clamp(min=0))
    codes = range(quant_min, quant_max + 1)
    scale = max((high - low) / len(codes), torch.finfo(torch.float32).eps)
    return scale, min(max(quant_min - round(low / scale), quant_min), quant_max)


# %% misconception="mean-of-extremes"
# The extremes of the batches are averaged, so that values of some batches lie beyond the grid.
# Remedy: Without an averaging constant, take the least minimum and the largest maximum.


# %% wrong misconception="mean-of-extremes" variant=1 loses="min-max,range,holds-zero,idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    if averaging_constant is None:
        low = sum(float(batch.min()) for batch in batches) / len(batches)
        high = sum(float(batch.max()) for batch in batches) / len(batches)
    else:
        for batch in batches[1:]:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, max(quant_min, min(quant_max, quant_min - round(low / scale)))


# %% wrong misconception="mean-of-extremes" variant=2 loses="min-max,range,holds-zero,idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    ends = torch.stack([torch.stack(torch.aminmax(batch)) for batch in batches]).double()
    kept = ends[0]
    for end in ends[1:]:
        kept = kept + (averaging_constant or 0) * (end - kept)
    if averaging_constant is None:
        kept = ends.mean(0)
    low, high = float(kept[0].clamp(max=0)), float(kept[1].clamp(min=0))
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, quant_min - round(low / scale)


# %% misconception="zero-left-out"
# The grid does not reach to 0, which padding and ReLU need exactly.
# Remedy: Extend the range to 0 before the scale is computed.


# %% wrong misconception="zero-left-out" variant=1 loses="holds-zero"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, max(quant_min, min(quant_max, quant_min - round(low / scale)))


# %% wrong misconception="zero-left-out" variant=2 loses="holds-zero"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    ends = torch.stack([torch.stack(torch.aminmax(batch)) for batch in batches]).double()
    low, high = ends[0]
    for least, most in ends[1:]:
        if averaging_constant is None:
            low, high = torch.minimum(low, least), torch.maximum(high, most)
        else:
            low, high = torch.lerp(low, least, averaging_constant), torch.lerp(high, most, averaging_constant)
    scale = max(float(high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, min(max(quant_min - round(float(low) / scale), quant_min), quant_max)


# %% wrong misconception="zero-left-out" variant=1 loses="holds-zero"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, quant_min - round(low / scale)  # which may be no code at all


# %% wrong misconception="zero-left-out" variant=2 loses="holds-zero"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    ends = torch.stack([torch.stack(torch.aminmax(batch)) for batch in batches]).double()
    low, high = ends[0]
    for least, most in ends[1:]:
        if averaging_constant is None:
            low, high = torch.minimum(low, least), torch.maximum(high, most)
        else:
            low, high = torch.lerp(low, least, averaging_constant), torch.lerp(high, most, averaging_constant)
    scale = max(float(high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, quant_min - round(float(low) / scale)


# %% misconception="average-from-zero"
# The moving average starts at 0 and creeps up; after a few batches it is far too small.
# Remedy: Let the first batch set the extremes.


# %% wrong misconception="average-from-zero" variant=1 loses="moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = 0.0, 0.0
    for batch in batches:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, max(quant_min, min(quant_max, quant_min - round(low / scale)))


# %% wrong misconception="average-from-zero" variant=2 loses="moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    kept = torch.zeros(2, dtype=torch.float64)
    for batch in batches:
        ends = torch.stack(torch.aminmax(batch)).double()
        if averaging_constant is None:
            kept = torch.stack([torch.minimum(kept[0], ends[0]), torch.maximum(kept[1], ends[1])])
        else:
            kept = (1 - averaging_constant) * kept + averaging_constant * ends
    low, high = kept.tolist()
    scale = max((max(high, 0) - min(low, 0)) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, quant_min - round(min(low, 0) / scale)


# %% misconception="constant-turned-around"
# The constant weighs the past. It is the share of the new batch.
# Remedy: `low + averaging_constant * (batch.min() - low)`.


# %% wrong misconception="constant-turned-around" variant=1 loses="moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low = averaging_constant * low + (1 - averaging_constant) * float(batch.min())
            high = averaging_constant * high + (1 - averaging_constant) * float(batch.max())
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, max(quant_min, min(quant_max, quant_min - round(low / scale)))


# %% wrong misconception="constant-turned-around" variant=2 loses="moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    grid = {"dtype": torch.quint8 if quant_min >= 0 else torch.qint8, "quant_min": quant_min, "quant_max": quant_max}
    observer = eager.MinMaxObserver(**grid)
    if averaging_constant is not None:
        observer = eager.MovingAverageMinMaxObserver(averaging_constant=1 - averaging_constant, **grid)
    for batch in batches:
        observer(batch)
    scale, zero_point = observer.calculate_qparams()
    return scale.item(), zero_point.item()


# %% misconception="counts-from-zero"
# The zero point is counted from 0, as if every range of codes began there.
# Remedy: Count from `quant_min`.


# %% wrong misconception="counts-from-zero" variant=1 loses="range,holds-zero,moving-average,idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / (quant_max - quant_min), torch.finfo(torch.float32).eps)
    return scale, round(-low / scale)


# %% wrong misconception="counts-from-zero" variant=2 loses="range,holds-zero,moving-average,idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    levels = {"dtype": torch.quint8, "quant_min": 0, "quant_max": quant_max - quant_min}
    observer = eager.MinMaxObserver(**levels)
    if averaging_constant is not None:
        observer = eager.MovingAverageMinMaxObserver(averaging_constant=averaging_constant, **levels)
    for batch in batches:
        observer(batch)
    scale, zero_point = observer.calculate_qparams()
    return scale.item(), zero_point.item()


# %% misconception="no-least-scale"
# Batches of zeros give a scale of zero, or fail.
# Remedy: Take no scale below `torch.finfo(torch.float32).eps`.


# %% wrong misconception="no-least-scale" variant=1 loses="idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / (quant_max - quant_min)
    return scale, max(quant_min, min(quant_max, quant_min - round(low / scale)))


# %% wrong misconception="no-least-scale" variant=2 loses="idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    ends = [[batch.min().item(), batch.max().item()] for batch in batches]
    low, high = ends[0]
    for least, most in ends[1:]:
        share = averaging_constant
        low = min(low, least) if share is None else low * (1 - share) + least * share
        high = max(high, most) if share is None else high * (1 - share) + most * share
    scale = (max(high, 0) - min(low, 0)) / (quant_max - quant_min)
    return scale, quant_min + round(-min(low, 0) / scale)


# %% right style="the library's observers"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    grid = {"dtype": torch.quint8 if quant_min >= 0 else torch.qint8, "quant_min": quant_min, "quant_max": quant_max}
    if averaging_constant is None:
        observer = eager.MinMaxObserver(**grid)
    else:
        observer = eager.MovingAverageMinMaxObserver(averaging_constant=averaging_constant, **grid)
    for batch in batches:
        observer(batch)
    scale, zero_point = observer.calculate_qparams()
    return scale.item(), zero_point.item()


# %% right style="all batches in one tensor, a weighted sum for the average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    ends = torch.stack([torch.stack(torch.aminmax(batch)) for batch in batches]).double()
    if averaging_constant is None:
        low, high = ends[:, 0].min(), ends[:, 1].max()
    else:
        later = torch.arange(len(ends) - 1, -1, -1).double()
        weights = averaging_constant * (1 - averaging_constant) ** later
        weights[0] = (1 - averaging_constant) ** later[0]
        low, high = weights @ ends
    low, high = low.clamp(max=0), high.clamp(min=0)
    scale = ((high - low) / (quant_max - quant_min)).clamp(min=torch.finfo(torch.float32).eps)
    return float(scale), int((quant_min - torch.round(low / scale)).clamp(quant_min, quant_max))
