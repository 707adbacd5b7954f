# %% misconception="ties-go"
# Weights of the threshold's magnitude were not all kept: an exact count was removed; but tfmot compares with `>=`.
# Remedy: Find the threshold, and keep `np.abs(weights) >= threshold`.


# %% wrong misconception="ties-go" variant=1 loses="ties,zeros"
def tfmot_mask(weights, sparsity):
    kept = max(round(weights.size * (1 - sparsity)), 1)
    order = np.argsort(-np.abs(weights), axis=None, kind="stable")[:kept]
    mask = np.zeros(weights.size, dtype=np.float32)
    mask[order] = 1
    return mask.reshape(weights.shape), float(np.abs(weights.flat[order[-1]]))


# %% wrong misconception="ties-go" variant=2 loses="ties,zeros"
def tfmot_mask(weights, sparsity):
    magnitudes = np.abs(weights).ravel()
    kept = max(round(weights.size * (1 - sparsity)), 1)
    places = sorted(range(magnitudes.size), key=lambda place: (-magnitudes[place], place))[:kept]
    mask = np.isin(np.arange(magnitudes.size), places).astype(np.float32)
    return mask.reshape(weights.shape), float(magnitudes[places].min())


# %% misconception="threshold-goes"
# The weight at the threshold was removed: `>` drops the last one that is to be kept, and all that are equal to it.
# Remedy: Compare with `>=`.


# %% wrong misconception="threshold-goes" variant=1 loses="typical,ties,zeros,few,rounding"
def tfmot_mask(weights, sparsity):
    magnitudes = np.abs(weights)
    kept = max(round(weights.size * (1 - sparsity)), 1)
    threshold = np.sort(magnitudes, axis=None)[-kept]
    return (magnitudes > threshold).astype(np.float32), float(threshold)


# %% wrong misconception="threshold-goes" variant=2 loses="typical,ties,zeros,few,rounding"
def tfmot_mask(weights, sparsity):
    flat = np.sort(np.abs(weights).ravel())[::-1]
    threshold = flat[max(round(flat.size * (1 - sparsity)), 1) - 1]
    mask = np.ones_like(weights)
    mask[np.abs(weights) <= threshold] = 0
    return mask, float(threshold)


# %% misconception="nothing-left"
# At a high sparsity no weight was left, or the call failed; tfmot keeps one at least.
# Remedy: `kept = max(round(weights.size * (1 - sparsity)), 1)`.


# %% wrong misconception="nothing-left" variant=1 loses="few,threshold"
def tfmot_mask(weights, sparsity):
    magnitudes = np.sort(np.abs(weights), axis=None)[::-1]
    kept = round(weights.size * (1 - sparsity))
    threshold = magnitudes[kept - 1] if kept else np.inf
    mask = (np.abs(weights) >= threshold).astype(np.float32)
    return mask, float(threshold) if kept else 0.0


# %% wrong misconception="nothing-left" variant=2 loses="few,threshold"
def tfmot_mask(weights, sparsity):
    kept = round(weights.size * (1 - sparsity))
    if kept == 0:
        return np.zeros_like(weights), 0.0
    threshold = np.sort(np.abs(weights), axis=None)[-kept]
    return (np.abs(weights) >= threshold).astype(np.float32), float(threshold)


# %% misconception="removed-is-counted"
# The weights that go were counted, and the threshold is the largest of these: one too many is kept.
# Remedy: Count those that stay, `round(weights.size * (1 - sparsity))`; the threshold is the smallest of these.


# %% wrong misconception="removed-is-counted" variant=1 loses="typical,ties,rounding,threshold"
def tfmot_mask(weights, sparsity):
    removed = max(round(weights.size * sparsity), 1)
    threshold = np.sort(np.abs(weights), axis=None)[removed - 1]
    return (np.abs(weights) >= threshold).astype(np.float32), float(threshold)


# %% wrong misconception="removed-is-counted" variant=2 loses="typical,ties,rounding,threshold"
def tfmot_mask(weights, sparsity):
    magnitudes = sorted(np.abs(weights).ravel().tolist())
    threshold = magnitudes[max(round(len(magnitudes) * sparsity), 1) - 1]
    mask = np.where(np.abs(weights) < np.float32(threshold), 0, 1)
    return mask.astype(np.float32), threshold


# %% misconception="removed-is-rounded"
# The count of the weights that go was rounded; where it ends in a half, those that stay may be one too many or few.
# Remedy: Round the count of those that stay, `round(weights.size * (1 - sparsity))`.


# %% wrong misconception="removed-is-rounded" variant=1 loses="rounding,threshold"
def tfmot_mask(weights, sparsity):
    kept = max(weights.size - round(weights.size * sparsity), 1)
    threshold = np.sort(np.abs(weights), axis=None)[-kept]
    return (np.abs(weights) >= threshold).astype(np.float32), float(threshold)


# %% wrong misconception="removed-is-rounded" variant=2 loses="rounding,threshold"
def tfmot_mask(weights, sparsity):
    magnitudes = sorted(np.abs(weights).ravel().tolist())
    removed = int(np.rint(sparsity * len(magnitudes)))
    threshold = magnitudes[min(removed, len(magnitudes) - 1)]
    mask = np.ones_like(weights)
    mask[np.abs(weights) < np.float32(threshold)] = 0
    return mask, threshold


# %% misconception="count-cut-off"
# The count was rounded down; tfmot rounds it to the nearest whole number.
# Remedy: Use `round`, which also gives 2 for 2.5, and 4 for 3.5.


# %% wrong misconception="count-cut-off" variant=1 loses="typical,ties,rounding,threshold"
def tfmot_mask(weights, sparsity):
    kept = max(int(weights.size * (1 - sparsity)), 1)
    threshold = np.sort(np.abs(weights), axis=None)[-kept]
    return (np.abs(weights) >= threshold).astype(np.float32), float(threshold)


# %% wrong misconception="count-cut-off" variant=2 loses="ties,rounding,threshold"
def tfmot_mask(weights, sparsity):
    kept = max(int(np.floor(weights.size - weights.size * sparsity)), 1)
    threshold = np.partition(np.abs(weights).ravel(), weights.size - kept)[weights.size - kept]
    return np.float32(np.abs(weights) >= threshold), float(threshold)


# %% misconception="as-booleans"
# The mask is of `bool`; tfmot stores it in the dtype of the weights, since it is multiplied with them.
# Remedy: `.astype(np.float32)`.


# %% wrong misconception="as-booleans" variant=1 loses="typical"
def tfmot_mask(weights, sparsity):
    kept = max(round(weights.size * (1 - sparsity)), 1)
    threshold = np.sort(np.abs(weights), axis=None)[-kept]
    return np.abs(weights) >= threshold, float(threshold)


# %% misconception="signs-count"
# The weights were compared with their signs; large negative ones went.
# Remedy: Compare magnitudes, `np.abs(weights)`.


# %% wrong misconception="signs-count" variant=1 loses="typical,ties,zeros,few,rounding,threshold"
def tfmot_mask(weights, sparsity):
    kept = max(round(weights.size * (1 - sparsity)), 1)
    threshold = np.sort(weights, axis=None)[-kept]
    return (weights >= threshold).astype(np.float32), float(threshold)


# %% misconception="sorted-in-place"
# `weights` were changed.
# Remedy: Work on a copy, such as the one that `np.abs` makes.


# %% wrong misconception="sorted-in-place" variant=1 loses="keeps-input"
def tfmot_mask(weights, sparsity):
    kept = max(round(weights.size * (1 - sparsity)), 1)
    threshold = np.sort(np.abs(weights), axis=None)[-kept]
    mask = (np.abs(weights) >= threshold).astype(np.float32)
    weights *= mask
    weights += 0.25
    return mask, float(threshold)


# %% right style="partition"
def tfmot_mask(weights, sparsity):
    kept = max(1, round((1 - sparsity) * weights.size))
    magnitudes = np.abs(weights)
    threshold = np.partition(magnitudes, weights.size - kept, axis=None)[weights.size - kept]
    return np.where(magnitudes < threshold, np.float32(0), np.float32(1)), float(threshold)


# %% right style="one by one"
def tfmot_mask(weights, sparsity):
    ranked = sorted(np.abs(weights).ravel(), reverse=True)
    kept = int(np.rint(weights.size * (1 - sparsity)))
    threshold = ranked[kept - 1] if kept > 0 else ranked[0]
    mask = np.zeros_like(weights)
    for place in np.ndindex(weights.shape):
        if abs(weights[place]) >= threshold:
            mask[place] = 1.0
    return mask, float(threshold)
