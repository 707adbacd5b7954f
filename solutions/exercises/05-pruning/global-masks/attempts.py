# %% misconception="layer-by-layer"
# Each layer lost the same share. That is pruning per layer; global pruning ranks the weights of all layers together.
# Remedy: Join the magnitudes of all layers before you rank them.


# %% wrong misconception="layer-by-layer" variant=1 loses="emptied,ends,rounded,ties,typical"
def global_masks(weights, sparsity):
    masks = {}
    for name, array in weights.items():
        mask = np.ones(array.size, dtype=bool)
        mask[np.argsort(np.abs(array), axis=None, kind="stable")[: round(sparsity * array.size)]] = False
        masks[name] = mask.reshape(array.shape)
    return masks


# %% wrong misconception="layer-by-layer" variant=2 loses="emptied,ends,rounded,ties,typical"
def global_masks(weights, sparsity):
    def mask_of(array):
        ranks = np.abs(array).ravel().argsort(kind="stable").argsort()
        return (ranks >= round(sparsity * array.size)).reshape(array.shape)

    return {name: mask_of(array) for name, array in weights.items()}


# %% decoy misconception="layer-by-layer" loses="emptied,ends,rounded,typical"
def global_masks(weights, sparsity):
    flat = np.concatenate([np.abs(array).ravel() / np.abs(array).max() for array in weights.values()])
    kept = flat.argsort(kind="stable").argsort() >= round(sparsity * flat.size)
    parts = np.split(kept, np.cumsum([array.size for array in weights.values()])[:-1])
    return {name: part.reshape(weights[name].shape) for name, part in zip(weights, parts)}


# %% misconception="cut-at-a-threshold"
# All weights of the magnitude at which the threshold lies went together, more than were to go.
# Remedy: Rank the places: the first `round(sparsity * count)` of a stable `argsort` go.


# %% wrong misconception="cut-at-a-threshold" variant=1 loses="ties"
def global_masks(weights, sparsity):
    flat = np.sort(np.concatenate([np.abs(array).ravel() for array in weights.values()]))
    count = round(sparsity * len(flat))
    threshold = flat[count - 1] if count else -1.0
    return {name: np.abs(array) > threshold for name, array in weights.items()}


# %% wrong misconception="cut-at-a-threshold" variant=2 loses="ties"
def global_masks(weights, sparsity):
    numbers = sorted(abs(float(number)) for array in weights.values() for number in array.flat)
    gone = numbers[: round(sparsity * len(numbers))]
    return {name: np.abs(array) > max(gone, default=-1.0) for name, array in weights.items()}


# %% decoy misconception="cut-at-a-threshold" loses="ties"
def global_masks(weights, sparsity):
    flat = np.sort(np.concatenate([np.abs(array).ravel() for array in weights.values()]))
    threshold = np.append(flat, np.inf)[round(sparsity * len(flat))]
    return {name: np.abs(array) >= threshold for name, array in weights.items()}  # too few go


# %% misconception="signed-ranking"
# The weights were ranked by their numbers and not by their magnitudes.
# Remedy: Rank `np.abs(array)`.


# %% wrong misconception="signed-ranking" variant=1 loses="typical,emptied,rounded,ties,ends"
def global_masks(weights, sparsity):
    flat = np.concatenate([array.ravel() for array in weights.values()])
    kept = np.ones(len(flat), dtype=bool)
    kept[np.argsort(flat, kind="stable")[: round(sparsity * len(flat))]] = False
    parts = np.split(kept, np.cumsum([array.size for array in weights.values()])[:-1])
    return {name: part.reshape(weights[name].shape) for name, part in zip(weights, parts)}


# %% wrong misconception="signed-ranking" variant=2 loses="typical,emptied,rounded,ties,ends"
def global_masks(weights, sparsity):
    places = [(float(number), at, name) for name, array in weights.items() for at, number in enumerate(array.ravel())]
    masks = {name: np.ones(array.size, dtype=bool) for name, array in weights.items()}
    for _, at, name in sorted(places, key=lambda place: place[0])[: round(sparsity * len(places))]:
        masks[name][at] = False
    return {name: mask.reshape(weights[name].shape) for name, mask in masks.items()}


# %% misconception="counts-added-up"
# The count is a sum of counts that were rounded layer by layer.
# Remedy: Round once: `round(sparsity * count)` of all weights together.


# %% wrong misconception="counts-added-up" variant=1 loses="ends,rounded,ties"
def global_masks(weights, sparsity):
    flat = np.concatenate([np.abs(array).ravel() for array in weights.values()])
    count = sum(round(sparsity * array.size) for array in weights.values())
    kept = np.ones(len(flat), dtype=bool)
    kept[np.argsort(flat, kind="stable")[:count]] = False
    parts = np.split(kept, np.cumsum([array.size for array in weights.values()])[:-1])
    return {name: part.reshape(weights[name].shape) for name, part in zip(weights, parts)}


# %% misconception="order-of-the-alphabet"
# Of equal magnitudes those of the layer that comes first in the alphabet went first.
# Remedy: Go through the dict in its own order, which is that of the layers.


# %% wrong misconception="order-of-the-alphabet" variant=1 loses="ties"
def global_masks(weights, sparsity):
    names = sorted(weights)
    flat = np.concatenate([np.abs(weights[name]).ravel() for name in names])
    kept = flat.argsort(kind="stable").argsort() >= round(sparsity * flat.size)
    parts = np.split(kept, np.cumsum([weights[name].size for name in names])[:-1])
    masks = {name: part.reshape(weights[name].shape) for name, part in zip(names, parts)}
    return {name: masks[name] for name in weights}


# %% wrong misconception="order-of-the-alphabet" variant=2 loses="ties"
def global_masks(weights, sparsity):
    ranked = sorted(
        (abs(float(number)), name, place) for name, array in weights.items() for place, number in np.ndenumerate(array)
    )
    masks = {name: np.ones(array.shape, dtype=bool) for name, array in weights.items()}
    for _, name, place in ranked[: round(sparsity * len(ranked))]:
        masks[name][place] = False
    return masks


# %% misconception="a-layer-is-spared"
# The largest weight of each layer was kept, so that no layer became empty, and others went in its place.
# Remedy: Global pruning knows no layers; look at the sparsity of each layer afterwards.


# %% wrong misconception="a-layer-is-spared" variant=1 loses="emptied,ends,keeps-input,ties,typical"
def global_masks(weights, sparsity):
    flat = np.concatenate([np.abs(array).ravel() for array in weights.values()])
    start = 0
    ranks = flat.copy()
    for array in weights.values():
        ranks[start + int(np.abs(array).argmax())] = np.inf
        start += array.size
    spared = int(np.isinf(ranks).sum())
    count = min(round(sparsity * len(flat)), len(flat) - spared)
    kept = np.ones(len(flat), dtype=bool)
    kept[np.argsort(ranks, kind="stable")[:count]] = False
    parts = np.split(kept, np.cumsum([array.size for array in weights.values()])[:-1])
    return {name: part.reshape(weights[name].shape) for name, part in zip(weights, parts)}


# %% misconception="mask-upside-down"
# The masks are upside down: they are True where a weight goes.
# Remedy: A mask is True where a weight is kept.


# %% wrong misconception="mask-upside-down" variant=1 loses="typical,emptied,rounded,ties,ends"
def global_masks(weights, sparsity):
    flat = np.concatenate([np.abs(array).ravel() for array in weights.values()])
    gone = flat.argsort(kind="stable").argsort() < round(sparsity * flat.size)
    parts = np.split(gone, np.cumsum([array.size for array in weights.values()])[:-1])
    return {name: part.reshape(weights[name].shape) for name, part in zip(weights, parts)}


# %% wrong misconception="mask-upside-down" variant=2 loses="typical,emptied,rounded,ties,ends"
def global_masks(weights, sparsity):
    pairs = [(name, place) for name, array in weights.items() for place in np.ndindex(array.shape)]
    pairs.sort(key=lambda pair: abs(weights[pair[0]][pair[1]]))
    masks = {name: np.zeros(array.shape, dtype=bool) for name, array in weights.items()}
    for name, place in pairs[: round(sparsity * len(pairs))]:
        masks[name][place] = True
    return masks


# %% misconception="inputs-overwritten"
# The weights that were given have been pruned themselves.
# Remedy: Return the masks, and leave the arrays as they are.


# %% wrong misconception="inputs-overwritten" variant=1 loses="keeps-input"
def global_masks(weights, sparsity):
    flat = np.concatenate([np.abs(array).ravel() for array in weights.values()])
    kept = flat.argsort(kind="stable").argsort() >= round(sparsity * flat.size)
    parts = np.split(kept, np.cumsum([array.size for array in weights.values()])[:-1])
    masks = {name: part.reshape(weights[name].shape) for name, part in zip(weights, parts)}
    for name, mask in masks.items():
        weights[name][~mask] = 0
    return masks


# %% right style="one list of places"
def global_masks(weights, sparsity):
    places = [(name, place) for name, array in weights.items() for place in np.ndindex(array.shape)]
    places.sort(key=lambda one: abs(weights[one[0]][one[1]]))  # a stable sort
    masks = {name: np.full(array.shape, True) for name, array in weights.items()}
    for name, place in places[: round(sparsity * len(places))]:
        masks[name][place] = False
    return masks


# %% right style="torch, and slices"
import torch


def global_masks(weights, sparsity):
    flat = torch.cat([torch.tensor(array.copy()).abs().flatten() for array in weights.values()])
    order = torch.argsort(flat, stable=True)
    kept = torch.ones(len(flat), dtype=torch.bool)
    kept[order[: round(sparsity * len(flat))]] = False
    masks, start = {}, 0
    for name, array in weights.items():
        masks[name] = kept[start : start + array.size].numpy().reshape(array.shape)
        start += array.size
    return masks
