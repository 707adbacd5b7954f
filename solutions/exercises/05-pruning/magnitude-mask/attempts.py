# %% misconception="cut-at-a-threshold"
# The mask comes from a threshold, so that all weights of the magnitude at which it lies go, or stay, together.
# Remedy: Rank the places instead: the first `round(sparsity * size)` of a stable `argsort` go.


# %% wrong misconception="cut-at-a-threshold" variant=1 loses="ties,zeros"
def magnitude_mask(weights, sparsity):
    magnitudes = np.abs(weights)
    count = round(sparsity * weights.size)
    if count == 0:
        return np.ones(weights.shape, dtype=bool)
    threshold = np.sort(magnitudes, axis=None)[count - 1]
    return magnitudes > threshold


# %% wrong misconception="cut-at-a-threshold" variant=2 loses="ties,zeros"
def magnitude_mask(weights, sparsity):
    flat = np.abs(weights).ravel()
    removed = round(sparsity * flat.size)
    cut = -1.0 if removed == 0 else np.partition(flat, removed - 1)[removed - 1]
    return ~(np.abs(weights) <= cut)


# %% decoy misconception="cut-at-a-threshold" loses="ties,zeros"
def magnitude_mask(weights, sparsity):
    magnitudes = np.abs(weights)
    count = round(sparsity * weights.size)
    if count == weights.size:
        return np.zeros(weights.shape, dtype=bool)
    return magnitudes >= np.sort(magnitudes, axis=None)[count]  # what lies at the cut stays, and too many with it


# %% misconception="signed-ranking"
# The weights were ranked by their numbers and not by their magnitudes: a large negative weight went first.
# Remedy: Rank `np.abs(weights)`.


# %% wrong misconception="signed-ranking" variant=1 loses="typical,rounded,ties,zeros,ends"
def magnitude_mask(weights, sparsity):
    order = np.argsort(weights, axis=None, kind="stable")
    mask = np.ones(weights.size, dtype=bool)
    mask[order[: round(sparsity * weights.size)]] = False
    return mask.reshape(weights.shape)


# %% wrong misconception="signed-ranking" variant=2 loses="typical,rounded,ties,zeros,ends"
def magnitude_mask(weights, sparsity):
    flat = weights.ravel().tolist()
    places = sorted(range(len(flat)), key=flat.__getitem__)
    gone = set(places[: round(sparsity * len(flat))])
    return np.array([place not in gone for place in range(len(flat))]).reshape(weights.shape)


# %% misconception="count-cut-off"
# The count of the weights that go was cut off, not rounded.
# Remedy: `round(sparsity * size)`; `int` drops what lies behind the point.


# %% wrong misconception="count-cut-off" variant=1 loses="ends,rounded,ties,typical"
def magnitude_mask(weights, sparsity):
    order = np.argsort(np.abs(weights), axis=None, kind="stable")
    mask = np.ones(weights.size, dtype=bool)
    mask[order[: int(sparsity * weights.size)]] = False
    return mask.reshape(weights.shape)


# %% wrong misconception="count-cut-off" variant=2 loses="ends,rounded,ties,typical"
import math


def magnitude_mask(weights, sparsity):
    flat = np.abs(weights).ravel()
    ranks = np.empty(flat.size, dtype=int)
    ranks[np.argsort(flat, kind="stable")] = np.arange(flat.size)
    return (ranks >= math.floor(sparsity * flat.size)).reshape(weights.shape)


# %% decoy misconception="count-cut-off" loses="typical,rounded,zeros,ties,ends"
import math


def magnitude_mask(weights, sparsity):
    order = np.argsort(np.abs(weights), axis=None, kind="stable")
    mask = np.ones(weights.size, dtype=bool)
    mask[order[: math.ceil(sparsity * weights.size)]] = False
    return mask.reshape(weights.shape)


# %% misconception="mask-upside-down"
# The mask is upside down: it is True where a weight goes.
# Remedy: A mask is True, or 1, where a weight is kept, since it is multiplied with the weights.


# %% wrong misconception="mask-upside-down" variant=1 loses="typical,rounded,ties,zeros,ends"
def magnitude_mask(weights, sparsity):
    order = np.argsort(np.abs(weights), axis=None, kind="stable")
    mask = np.zeros(weights.size, dtype=bool)
    mask[order[: round(sparsity * weights.size)]] = True
    return mask.reshape(weights.shape)


# %% wrong misconception="mask-upside-down" variant=2 loses="typical,rounded,ties,zeros,ends"
def magnitude_mask(weights, sparsity):
    flat = np.abs(weights).ravel()
    ranks = np.argsort(np.argsort(flat, kind="stable"))
    return (ranks < round(sparsity * flat.size)).reshape(weights.shape)


# %% decoy misconception="mask-upside-down" loses="typical,rounded,ties,zeros,ends"
def magnitude_mask(weights, sparsity):
    order = np.argsort(-np.abs(weights), axis=None, kind="stable")  # the largest go
    mask = np.ones(weights.size, dtype=bool)
    mask[order[: round(sparsity * weights.size)]] = False
    return mask.reshape(weights.shape)


# %% misconception="share-of-the-rest"
# The share was taken of the weights that are not zero, and zeros that were there were removed on top of it.
# Remedy: The share is one of all weights; zeros have the least magnitude, and go first.


# %% wrong misconception="share-of-the-rest" variant=1 loses="zeros"
def magnitude_mask(weights, sparsity):
    flat = np.abs(weights).ravel()
    places = np.flatnonzero(flat)
    order = places[np.argsort(flat[places], kind="stable")]
    mask = flat > 0
    mask[order[: round(sparsity * len(places))]] = False
    return mask.reshape(weights.shape)


# %% wrong misconception="share-of-the-rest" variant=2 loses="zeros"
def magnitude_mask(weights, sparsity):
    flat = [abs(number) for number in weights.ravel().tolist()]
    zeros = flat.count(0.0)
    removed = zeros + round(sparsity * (len(flat) - zeros))
    ranked = sorted(range(len(flat)), key=lambda place: flat[place])
    mask = np.full(len(flat), True)
    mask[ranked[:removed]] = False
    return mask.reshape(weights.shape)


# %% decoy misconception="share-of-the-rest" loses="zeros"
def magnitude_mask(weights, sparsity):
    flat = np.abs(weights).ravel()
    flat[flat == 0] = np.inf  # zeros are spared, since there is nothing to remove
    mask = np.ones(flat.size, dtype=bool)
    mask[np.argsort(flat, kind="stable")[: round(sparsity * flat.size)]] = False
    return mask.reshape(weights.shape)


# %% misconception="last-goes-first"
# Of equal magnitudes those that stand last went first.
# Remedy: `np.argsort(…, kind="stable")` leaves equal numbers in the order in which they stand; do not reverse it.


# %% wrong misconception="last-goes-first" variant=1 loses="ties,zeros"
def magnitude_mask(weights, sparsity):
    flat = np.abs(weights).ravel()
    order = np.argsort(-flat, kind="stable")  # the largest first
    mask = np.zeros(flat.size, dtype=bool)
    mask[order[: flat.size - round(sparsity * flat.size)]] = True
    return mask.reshape(weights.shape)


# %% wrong misconception="last-goes-first" variant=2 loses="ties,zeros"
def magnitude_mask(weights, sparsity):
    flat = np.abs(weights).ravel()
    places = sorted(range(flat.size), key=lambda place: (flat[place], -place))
    mask = np.ones(flat.size, dtype=bool)
    mask[places[: round(sparsity * flat.size)]] = False
    return mask.reshape(weights.shape)


# %% misconception="row-by-row"
# Each row lost its share of weights; what is to be ranked together are all weights of the array.
# Remedy: Flatten the magnitudes before you rank them.


# %% wrong misconception="row-by-row" variant=1 loses="ends,rounded,ties,typical,zeros"
def magnitude_mask(weights, sparsity):
    rows = np.abs(weights).reshape(len(weights), -1)
    mask = np.ones(rows.shape, dtype=bool)
    for row, kept in zip(rows, mask, strict=True):
        kept[np.argsort(row, kind="stable")[: round(sparsity * len(row))]] = False
    return mask.reshape(weights.shape)


# %% misconception="weights-for-a-mask"
# What came back are the pruned weights, and not the mask.
# Remedy: Return an array of True and False.


# %% wrong misconception="weights-for-a-mask" variant=1 loses="typical,rounded,ties,zeros,ends"
def magnitude_mask(weights, sparsity):
    pruned = weights.copy()
    pruned.flat[np.argsort(np.abs(weights), axis=None, kind="stable")[: round(sparsity * weights.size)]] = 0
    return pruned


# %% misconception="input-overwritten"
# The weights that were given have been pruned themselves.
# Remedy: Build the mask, and leave `weights` as they are.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input"
def magnitude_mask(weights, sparsity):
    order = np.argsort(np.abs(weights), axis=None, kind="stable")
    mask = np.ones(weights.size, dtype=bool)
    mask[order[: round(sparsity * weights.size)]] = False
    mask = mask.reshape(weights.shape)
    weights *= mask
    return mask


# %% right style="ranks of the places"
def magnitude_mask(weights, sparsity):
    ranks = np.abs(weights).ravel().argsort(kind="stable").argsort()
    return (ranks >= np.rint(sparsity * weights.size)).reshape(weights.shape)


# %% right style="a list of pairs"
def magnitude_mask(weights, sparsity):
    places = sorted((abs(number), place) for place, number in np.ndenumerate(weights))
    mask = np.ones_like(weights, dtype=bool)
    for _, place in places[: round(sparsity * weights.size)]:
        mask[place] = False
    return mask


# %% right style="a threshold, and its ties one by one"
def magnitude_mask(weights, sparsity):
    flat = np.abs(weights).ravel()
    count = round(sparsity * flat.size)
    if not count:
        return np.ones(weights.shape, bool)
    threshold = np.partition(flat, count - 1)[count - 1]
    mask = flat >= threshold
    tied = np.flatnonzero(flat == threshold)
    mask[tied[: count - int((flat < threshold).sum())]] = False
    return mask.reshape(weights.shape)
