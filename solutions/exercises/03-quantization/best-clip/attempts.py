# %% misconception="not-clamped"
# Values beyond the clip are rounded, not clamped, so that the smallest clip always looks best.
# Remedy: Clamp the codes to the range; saturation is the price of a small clip.

# %% wrong misconception="not-clamped" variant=1 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    wide = x.astype(np.float64)
    errors = []
    for clip in clips:
        scale = clip / (2 ** (bits - 1) - 1)
        errors.append(np.mean((np.round(wide / scale) * scale - wide) ** 2))
    return clips[int(np.argmin(errors))], float(min(errors))


# %% wrong misconception="not-clamped" variant=2 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    def noise(clip):
        step = clip / ((1 << (bits - 1)) - 1)
        rest = np.abs(np.remainder(x.astype(float), step))
        return float(np.square(np.minimum(rest, step - rest)).sum() / x.size)

    clip = min(clips, key=noise)
    return clip, noise(clip)


# %% misconception="largest-error"
# The largest single error is compared, which only ever sees the outlier.
# Remedy: Compare mean squared errors over all values.


# %% wrong misconception="largest-error" variant=1 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    wide = x.astype(np.float64)
    largest = 2 ** (bits - 1) - 1
    errors = []
    for clip in clips:
        codes = np.clip(np.round(wide * largest / clip), -largest, largest)
        errors.append(float(np.abs(codes * clip / largest - wide).max()))
    return clips[int(np.argmin(errors))], min(errors)


# %% wrong misconception="largest-error" variant=2 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    best, least = None, float("inf")
    for clip in clips:
        step = clip / (2 ** (bits - 1) - 1)
        worst = max(abs(round(max(-clip, min(clip, v)) / step) * step - v) for v in x.ravel().tolist())
        if worst < least:
            best, least = clip, worst
    return best, least


# %% misconception="last-of-equals"
# Of equal errors the last one wins.
# Remedy: Replace the best so far only by a smaller error.


# %% wrong misconception="last-of-equals" variant=1 loses="equal-errors"
def best_clip(x, bits, clips):
    wide, best, least = x.astype(np.float64), None, np.inf
    for clip in clips:
        scale = clip / (2 ** (bits - 1) - 1)
        error = np.mean((np.round(np.clip(wide, -clip, clip) / scale) * scale - wide) ** 2)
        if error <= least:
            best, least = clip, float(error)
    return best, least


# %% wrong misconception="last-of-equals" variant=2 loses="equal-errors"
def best_clip(x, bits, clips):
    largest = (1 << (bits - 1)) - 1
    steps = np.array(clips)[::-1, None] / largest
    flat = x.astype(float).reshape(1, -1)
    codes = np.minimum(np.maximum(np.rint(flat / steps), -largest), largest)
    noise = ((codes * steps - flat) ** 2).mean(axis=1)
    return clips[len(clips) - 1 - int(noise.argmin())], float(noise.min())


# %% misconception="worst-clip"
# The clip with the largest error is returned.
# Remedy: Look for the minimum.


# %% wrong misconception="worst-clip" variant=1 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    wide = x.astype(np.float64)
    errors = []
    for clip in clips:
        scale = clip / (2 ** (bits - 1) - 1)
        errors.append(np.mean((np.round(np.clip(wide, -clip, clip) / scale) * scale - wide) ** 2))
    return clips[int(np.argmax(errors))], float(max(errors))


# %% wrong misconception="worst-clip" variant=2 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    wide, largest = np.float64(x), (1 << (bits - 1)) - 1

    def quality(clip):
        codes = np.clip(np.rint(wide * (largest / clip)), -largest, largest)
        return -float(np.linalg.norm((codes * (clip / largest) - wide).ravel()))

    clip = min(clips, key=quality)
    return clip, quality(clip) ** 2 / x.size


# %% misconception="one-step-for-all-clips"
# The scale stays that of the whole range, so that clipping saves no rounding error.
# Remedy: The scale follows from each clip: `clip / (2**(bits - 1) - 1)`.


# %% wrong misconception="one-step-for-all-clips" variant=1 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    wide = x.astype(np.float64)
    scale = max(clips) / (2 ** (bits - 1) - 1)
    errors = [np.mean((np.round(np.clip(wide, -clip, clip) / scale) * scale - wide) ** 2) for clip in clips]
    return clips[int(np.argmin(errors))], float(min(errors))


# %% wrong misconception="one-step-for-all-clips" variant=2 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    step = sorted(clips)[-1] / (2 ** (bits - 1) - 1)
    best, least = clips[0], None
    for clip in clips:
        noise = sum((round(min(clip, max(-clip, v)) / step) * step - v) ** 2 for v in x.ravel().tolist())
        if least is None or noise < least:
            best, least = clip, noise
    return best, least / x.size


# %% misconception="full-range"
# The clip is divided by `2**(bits - 1)`, a code that the positive side does not have.
# Remedy: The narrow range ends at `2**(bits - 1) - 1`, which should stand for the clip.


# %% wrong misconception="full-range" variant=1 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    signal, half, errors = x.astype(np.float64), 2 ** (bits - 1), []
    for clip in clips:
        scale = clip / half
        codes = np.clip(np.rint(signal / scale), -half, half - 1)
        errors.append(float(np.mean((codes * scale - signal) ** 2)))
    return clips[int(np.argmin(errors))], min(errors)


# %% wrong misconception="full-range" variant=2 loses="outliers,no-outliers"
def best_clip(x, bits, clips):
    half = 1 << (bits - 1)

    def noise(clip):
        step = clip / half
        codes = np.minimum(np.maximum(np.round(np.divide(x, step, dtype=float)), -half), half - 1)
        return float(np.square(codes * step - x).mean())

    return min(((clip, noise(clip)) for clip in clips), key=lambda found: found[1])


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Clip into a new array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def best_clip(x, bits, clips):
    wide = x.astype(np.float64)
    errors = []
    for clip in clips:
        scale = clip / (2 ** (bits - 1) - 1)
        errors.append(np.mean((np.round(np.clip(wide, -clip, clip) / scale) * scale - wide) ** 2))
    best = clips[int(np.argmin(errors))]
    np.clip(x, -best, best, out=x)
    x *= 0.5
    return best, float(min(errors))


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def best_clip(x, bits, clips):
    original = x.copy().astype(float)
    noises = {}
    for clip in clips:
        step = clip / (2 ** (bits - 1) - 1)
        x[...] = np.rint(original.clip(-clip, clip) / step)
        noises.setdefault(float(np.square(np.rint(original.clip(-clip, clip) / step) * step - original).mean()), clip)
    return noises[min(noises)], min(noises)


# %% right style="all clips at once"
def best_clip(x, bits, clips):
    largest = (1 << (bits - 1)) - 1
    steps = np.array(clips)[:, None] / largest
    flat = x.astype(float).reshape(1, -1)
    codes = np.minimum(np.maximum(np.rint(flat / steps), -largest), largest)
    noise = ((codes * steps - flat) ** 2).mean(axis=1)
    return clips[int(noise.argmin())], float(noise.min())


# %% right style="min with a key"
def best_clip(x, bits, clips):
    wide, largest = x.astype(float), 2 ** (bits - 1) - 1

    def noise(clip):
        codes = np.rint(np.clip(wide, -clip, clip) * largest / clip)
        return float(np.square(codes * clip / largest - wide).mean())

    clip = min(clips, key=noise)
    return clip, noise(clip)
