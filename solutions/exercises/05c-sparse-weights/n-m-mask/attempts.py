# %% misconception="removes-n"
# The `n` smallest of each group went; `n` is how many stay.
# Remedy: Of `m` weights `m - n` go. At 2:4 the two are the same, at other patterns they are not.


# %% wrong misconception="removes-n" variant=1 loses="other,ties,tail,taps"
def n_m_mask(weights, n, m):
    mask = np.ones(weights.shape, dtype=bool)
    for start in range(0, weights.shape[1], m):
        order = np.argsort(np.abs(weights[:, start : start + m]), axis=1, kind="stable")
        np.put_along_axis(mask[:, start : start + m], order[:, :n], False, axis=1)
    return mask


# %% wrong misconception="removes-n" variant=2 loses="other,ties,tail,taps"
def n_m_mask(weights, n, m):
    mask = np.empty(weights.shape, dtype=bool)
    for start in range(0, weights.shape[1], m):
        group = np.abs(weights[:, start : start + m])
        ranks = group.argsort(axis=1, kind="stable").argsort(axis=1)
        mask[:, start : start + m] = ranks >= n
    return mask


# %% misconception="groups-in-memory-order"
# Groups were taken of consecutive numbers in memory: across the ends of rows, or along the taps of a convolution.
# Remedy: A group lies along axis 1, at one output and one tap.


# %% wrong misconception="groups-in-memory-order" variant=1 loses="ties,tail,taps"
def n_m_mask(weights, n, m):
    flat = np.abs(weights).ravel()
    mask = np.zeros(flat.size, dtype=bool)
    for start in range(0, flat.size, m):
        order = np.argsort(flat[start : start + m], kind="stable")
        mask[start + order[-n:]] = True
    return mask.reshape(weights.shape)


# %% wrong misconception="groups-in-memory-order" variant=2 loses="ties,tail,taps"
def n_m_mask(weights, n, m):
    flat = np.abs(weights).ravel().tolist()
    kept = set()
    for start in range(0, len(flat), m):
        places = sorted(range(start, min(start + m, len(flat))), key=lambda i: (flat[i], i))
        kept.update(places[-n:])
    return np.array([i in kept for i in range(len(flat))]).reshape(weights.shape)


# %% misconception="groups-along-taps"
# In a convolution the groups run along the taps of the kernel, the last axis, and not along the inputs.
# Remedy: The inputs are axis 1 in both kinds of layer.


# %% wrong misconception="groups-along-taps" variant=1 loses="taps"
def n_m_mask(weights, n, m):
    mask = np.zeros(weights.shape, dtype=bool)
    for start in range(0, weights.shape[-1], m):
        order = np.argsort(np.abs(weights[..., start : start + m]), axis=-1, kind="stable")
        np.put_along_axis(mask[..., start : start + m], order[..., -n:], True, axis=-1)
    return mask


# %% wrong misconception="groups-along-taps" variant=2 loses="taps"
def n_m_mask(weights, n, m):
    def row(values):
        kept = []
        for start in range(0, len(values), m):
            ranks = np.abs(values[start : start + m]).argsort(kind="stable").argsort()
            kept.extend(ranks >= len(ranks) - n)
        return np.array(kept)

    return np.apply_along_axis(row, -1, weights).astype(bool)


# %% misconception="groups-along-outputs"
# Groups were taken along the outputs, axis 0; hardware reads them along the inputs.
# Remedy: A group is `m` consecutive inputs of one output: axis 1.


# %% wrong misconception="groups-along-outputs" variant=1 loses="two-four,other,ties,tail,taps"
def n_m_mask(weights, n, m):
    mask = np.zeros(weights.shape, dtype=bool)
    for start in range(0, weights.shape[0], m):
        order = np.argsort(np.abs(weights[start : start + m]), axis=0, kind="stable")
        np.put_along_axis(mask[start : start + m], order[-n:], True, axis=0)
    return mask


# %% wrong misconception="groups-along-outputs" variant=2 loses="two-four,other,ties,tail,taps"
def n_m_mask(weights, n, m):
    turned = np.abs(np.swapaxes(weights, 0, 1))
    parts = []
    for start in range(0, turned.shape[1], m):
        ranks = turned[:, start : start + m].argsort(axis=1, kind="stable").argsort(axis=1)
        parts.append(ranks >= ranks.shape[1] - n)
    return np.swapaxes(np.concatenate(parts, axis=1), 0, 1)


# %% misconception="cut-at-a-threshold"
# Each group was cut at a threshold, so that equal magnitudes go, or stay, together.
# Remedy: Rank the places; the last `n` of a stable `argsort` stay.


# %% wrong misconception="cut-at-a-threshold" variant=1 loses="ties"
def n_m_mask(weights, n, m):
    mask = np.zeros(weights.shape, dtype=bool)
    for start in range(0, weights.shape[1], m):
        group = np.abs(weights[:, start : start + m])
        least = np.sort(group, axis=1)[:, -min(n, group.shape[1])]
        mask[:, start : start + m] = group >= least[:, None]
    return mask


# %% wrong misconception="cut-at-a-threshold" variant=2 loses="ties"
def n_m_mask(weights, n, m):
    parts = []
    for start in range(0, weights.shape[1], m):
        group = np.abs(weights[:, start : start + m])
        larger = (group[:, None] > group[:, :, None]).sum(axis=2)  # how many of the group are larger
        parts.append(larger < n)
    return np.concatenate(parts, axis=1)


# %% misconception="last-of-equals-goes"
# Of equal magnitudes those that stand last went first.
# Remedy: Rank upwards with a stable sort and keep the end; sorting downwards turns ties round.


# %% wrong misconception="last-of-equals-goes" variant=1 loses="ties"
def n_m_mask(weights, n, m):
    mask = np.zeros(weights.shape, dtype=bool)
    for start in range(0, weights.shape[1], m):
        order = np.argsort(-np.abs(weights[:, start : start + m]), axis=1, kind="stable")
        np.put_along_axis(mask[:, start : start + m], order[:, :n], True, axis=1)
    return mask


# %% wrong misconception="last-of-equals-goes" variant=2 loses="ties"
def n_m_mask(weights, n, m):
    parts = []
    for start in range(0, weights.shape[1], m):
        group = np.abs(weights[:, start : start + m])
        ranks = (-group).argsort(axis=1, kind="stable").argsort(axis=1)
        parts.append(ranks < n)
    return np.concatenate(parts, axis=1)


# %% misconception="tail-dense"
# The last, shorter group kept all its weights.
# Remedy: It keeps `n` of them as well, or all where there are no more than `n`.


# %% wrong misconception="tail-dense" variant=1 loses="ties,tail"
def n_m_mask(weights, n, m):
    mask = np.ones(weights.shape, dtype=bool)
    for start in range(0, weights.shape[1] - m + 1, m):
        order = np.argsort(np.abs(weights[:, start : start + m]), axis=1, kind="stable")
        np.put_along_axis(mask[:, start : start + m], order[:, : m - n], False, axis=1)
    return mask


# %% wrong misconception="tail-dense" variant=2 loses="ties,tail"
def n_m_mask(weights, n, m):
    whole = weights.shape[1] // m * m
    mask = np.full(weights.shape, True)
    for start in range(0, whole, m):
        ranks = np.abs(weights[:, start : start + m]).argsort(axis=1, kind="stable").argsort(axis=1)
        mask[:, start : start + m] = ranks >= m - n
    return mask


# %% misconception="tail-filled-with-zeros"
# The last, shorter group was filled up with zeros, and those took places of real weights that are zero.
# Remedy: Fill up with what ranks below every magnitude, such as -1, or rank the shorter group as it is.


# %% wrong misconception="tail-filled-with-zeros" variant=1 loses="ties,tail"
def n_m_mask(weights, n, m):
    outputs, inputs, *taps = weights.shape
    filled = np.zeros((outputs, -(-inputs // m) * m, *taps))
    filled[:, :inputs] = np.abs(weights)
    mask = np.zeros(filled.shape, dtype=bool)
    for start in range(0, inputs, m):
        order = np.argsort(filled[:, start : start + m], axis=1, kind="stable")
        np.put_along_axis(mask[:, start : start + m], order[:, -n:], True, axis=1)
    return mask[:, :inputs]


# %% wrong misconception="tail-filled-with-zeros" variant=2 loses="ties,tail"
def n_m_mask(weights, n, m):
    def row(values):
        groups = np.pad(np.abs(values), (0, -len(values) % m)).reshape(-1, m)
        ranks = groups.argsort(axis=1, kind="stable").argsort(axis=1)
        return (ranks >= m - n).ravel()[: len(values)]

    return np.apply_along_axis(row, 1, weights)


# %% misconception="signed-ranking"
# The weights were ranked by their numbers and not by their magnitudes.
# Remedy: Rank `np.abs(weights)`.


# %% wrong misconception="signed-ranking" variant=1 loses="two-four,other,ties,tail,taps"
def n_m_mask(weights, n, m):
    mask = np.zeros(weights.shape, dtype=bool)
    for start in range(0, weights.shape[1], m):
        order = np.argsort(weights[:, start : start + m], axis=1, kind="stable")
        np.put_along_axis(mask[:, start : start + m], order[:, -n:], True, axis=1)
    return mask


# %% misconception="input-overwritten"
# The weights that were given have been pruned, or made positive, themselves.
# Remedy: Build the mask, and leave `weights` as they are.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input"
def n_m_mask(weights, n, m):
    mask = np.zeros(weights.shape, dtype=bool)
    np.abs(weights, out=weights)
    for start in range(0, weights.shape[1], m):
        order = np.argsort(weights[:, start : start + m], axis=1, kind="stable")
        np.put_along_axis(mask[:, start : start + m], order[:, -n:], True, axis=1)
    return mask


# %% right style="padded and folded into groups"
def n_m_mask(weights, n, m):
    last = np.moveaxis(np.abs(weights), 1, -1)
    inputs = last.shape[-1]
    padded = np.pad(last, [(0, 0)] * (last.ndim - 1) + [(0, -inputs % m)], constant_values=-1)
    ranks = padded.reshape(*last.shape[:-1], -1, m).argsort(axis=-1, kind="stable").argsort(axis=-1)
    mask = (ranks >= m - n).reshape(padded.shape)[..., :inputs]
    return np.moveaxis(mask, -1, 1)


# %% right style="one group after the other"
def n_m_mask(weights, n, m):
    mask = np.zeros(weights.shape, dtype=bool)
    rest = weights.shape[2:]
    for output in range(weights.shape[0]):
        for tap in np.ndindex(*rest):
            for start in range(0, weights.shape[1], m):
                places = range(start, min(start + m, weights.shape[1]))
                ranked = sorted(places, key=lambda i: (abs(weights[(output, i, *tap)]), i))
                for i in ranked[-n:]:
                    mask[(output, i, *tap)] = True
    return mask


# %% right style="torch"
import torch


def n_m_mask(weights, n, m):
    found = []
    for group in torch.from_numpy(np.abs(weights)).split(m, dim=1):
        ranks = group.argsort(dim=1, stable=True).argsort(dim=1)
        found.append(ranks >= group.shape[1] - n)
    return torch.cat(found, dim=1).numpy()
