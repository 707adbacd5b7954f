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
    return scale, quant_min - round(low / scale)  # one code past the last, where all is negative


# %% wrong misconception="one-step-too-many" variant=2 loses="min-max,range,holds-zero,moving-average"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    lows, highs = ([end(batch).item() for batch in batches] for end in (torch.min, torch.max))
    low, high = min(lows), max(highs)
    if averaging_constant is not None:
        low, high = lows[0], highs[0]
        for least, most in zip(lows[1:], highs[1:], strict=True):
            low = (1 - averaging_constant) * low + averaging_constant * least
            high = (1 - averaging_constant) * high + averaging_constant * most
    low, high = min(low, 0.0), max(high, 0.0)
    steps = len(range(quant_min, quant_max)) + 1
    scale = max((high - low) / steps, torch.finfo(torch.float32).eps)
    return scale, quant_min - round(low / scale)


# %% misconception="zero-point-of-zeros"
# Of batches of zeros the zero point is 0, whatever the codes are. All of them have the code `quant_min − round(0)`.
# Remedy: Let the zero point follow from `quant_min` there, too.


# %% wrong misconception="zero-point-of-zeros" variant=1 loses="idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    eps = torch.finfo(torch.float32).eps
    if low == high:
        return eps, 0
    scale = max((high - low) / (quant_max - quant_min), eps)
    return scale, quant_min - round(low / scale)


# %% wrong misconception="zero-point-of-zeros" variant=2 loses="idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    if not any(batch.any() for batch in batches):
        return torch.finfo(torch.float32).eps, 0
    grid = {"dtype": torch.quint8 if quant_min >= 0 else torch.qint8, "quant_min": quant_min, "quant_max": quant_max}
    observer = eager.MinMaxObserver(**grid)
    if averaging_constant is not None:
        observer = eager.MovingAverageMinMaxObserver(averaging_constant=averaging_constant, **grid)
    for batch in batches:
        observer(batch)
    scale, zero_point = observer.calculate_qparams()
    return scale.item(), zero_point.item()


# %% misconception="eps-for-zeros-alone"
# A short range has a scale below float32's eps: the least scale is taken for zeros alone, or is another one.
# Remedy: `max(scale, torch.finfo(torch.float32).eps)`, before the zero point.


# %% wrong misconception="eps-for-zeros-alone" variant=1 loses="idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    low, high = float(batches[0].min()), float(batches[0].max())
    for batch in batches[1:]:
        if averaging_constant is None:
            low, high = min(low, float(batch.min())), max(high, float(batch.max()))
        else:
            low += averaging_constant * (float(batch.min()) - low)
            high += averaging_constant * (float(batch.max()) - high)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / (quant_max - quant_min) or torch.finfo(torch.float32).eps
    return scale, quant_min - round(low / scale)


# %% wrong misconception="eps-for-zeros-alone" variant=2 loses="idle"
def observed_range(batches, quant_min, quant_max, averaging_constant=None):
    ends = torch.stack([torch.stack(torch.aminmax(batch)) for batch in batches]).double()
    low, high = ends[0]
    for least, most in ends[1:]:
        if averaging_constant is None:
            low, high = torch.minimum(low, least), torch.maximum(high, most)
        else:
            low, high = torch.lerp(low, least, averaging_constant), torch.lerp(high, most, averaging_constant)
    low, high = float(low.clamp(max=0)), float(high.clamp(min=0))
    scale = torch.finfo(torch.float32).eps
    if high > low:
        scale = (high - low) / (quant_max - quant_min)
    return scale, quant_min - round(low / scale)


# %% misconception="rounded-as-a-whole"
# The zero point was rounded together with `quant_min`: where that is odd, a tie goes to the other neighbour.
# Remedy: Round first, `round(low / scale)`, and take that off `quant_min`.


# %% wrong misconception="rounded-as-a-whole" variant=1 loses="range"
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
    return scale, round(quant_min - low / scale)
