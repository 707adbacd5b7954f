# %% misconception="inputs-left-out"
# The ranking is that of magnitudes; the inputs had no part in it.
# Remedy: Multiply each column of magnitudes with the norm of its input, `np.linalg.norm(x, axis=0)`.


# %% wrong misconception="inputs-left-out" variant=1 loses="typical,rounded,silent,ends,ties"
def wanda_mask(weights, x, sparsity):
    order = np.argsort(np.abs(weights), axis=1, kind="stable")
    mask = np.ones(weights.shape, dtype=bool)
    np.put_along_axis(mask, order[:, : round(sparsity * weights.shape[1])], False, axis=1)
    return mask


# %% wrong misconception="inputs-left-out" variant=2 loses="typical,rounded,silent,ends,ties"
def wanda_mask(weights, x, sparsity):
    count = round(sparsity * weights.shape[1])
    ranks = [np.argsort(np.argsort(np.abs(row), kind="stable")) for row in weights]
    return np.array(ranks) >= count


# %% misconception="one-ranking-for-all"
# All weights of the layer were ranked together, so that some outputs lose more than others.
# Remedy: Rank each row by itself: `np.argsort(…, axis=1)`.


# %% wrong misconception="one-ranking-for-all" variant=1 loses="typical,rounded,ties,ends"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights) * np.linalg.norm(x, axis=0)
    order = np.argsort(scores, axis=None, kind="stable")
    mask = np.ones(weights.size, dtype=bool)
    mask[order[: round(sparsity * weights.size)]] = False
    return mask.reshape(weights.shape)


# %% wrong misconception="one-ranking-for-all" variant=2 loses="typical,rounded,ties,ends"
def wanda_mask(weights, x, sparsity):
    norms = np.sqrt((x**2).sum(0))
    flat = (np.abs(weights) * norms).ravel().tolist()
    gone = set(sorted(range(len(flat)), key=lambda i: (flat[i], i))[: round(sparsity * len(flat))])
    return np.array([i not in gone for i in range(len(flat))]).reshape(weights.shape)


# %% misconception="sum-of-magnitudes"
# The size of an input was measured by the sum or the mean of its magnitudes, and not by the Euclidean norm.
# Remedy: Square, add up over the examples, and take the root: `np.linalg.norm(x, axis=0)`.


# %% wrong misconception="sum-of-magnitudes" variant=1 loses="typical"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights) * np.abs(x).mean(axis=0)
    order = np.argsort(scores, axis=1, kind="stable")
    mask = np.ones(weights.shape, dtype=bool)
    np.put_along_axis(mask, order[:, : round(sparsity * weights.shape[1])], False, axis=1)
    return mask


# %% wrong misconception="sum-of-magnitudes" variant=2 loses="typical"
def wanda_mask(weights, x, sparsity):
    loud = np.linalg.norm(x, ord=1, axis=0)
    ranks = np.argsort(np.argsort(np.abs(weights * loud), axis=1, kind="stable"), axis=1)
    return ranks >= round(sparsity * weights.shape[1])


# %% misconception="norm-squared"
# The square of the norm was taken: the root is missing, and loud inputs count too much.
# Remedy: `np.sqrt` of the sum of squares, or `np.linalg.norm`.


# %% wrong misconception="norm-squared" variant=1 loses="typical,rounded"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights) * (x**2).sum(axis=0)
    order = np.argsort(scores, axis=1, kind="stable")
    mask = np.ones(weights.shape, dtype=bool)
    np.put_along_axis(mask, order[:, : round(sparsity * weights.shape[1])], False, axis=1)
    return mask


# %% wrong misconception="norm-squared" variant=2 loses="typical,rounded"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights) * np.diag(x.T @ x)
    ranks = scores.argsort(axis=1, kind="stable").argsort(axis=1)
    return ranks >= round(sparsity * scores.shape[1])


# %% misconception="cut-at-a-threshold"
# The mask comes from a threshold in each row, so that all weights of that score go, or stay, together.
# Remedy: Rank the places instead: the first of a stable `argsort` go.


# %% wrong misconception="cut-at-a-threshold" variant=1 loses="ties"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights) * np.linalg.norm(x, axis=0)
    count = round(sparsity * weights.shape[1])
    if count == 0:
        return np.ones(weights.shape, dtype=bool)
    return scores > np.sort(scores, axis=1)[:, count - 1 : count]


# %% wrong misconception="cut-at-a-threshold" variant=2 loses="ties"
def wanda_mask(weights, x, sparsity):
    norms = np.sqrt(np.square(x).sum(axis=0))
    count = round(sparsity * weights.shape[1])
    mask = []
    for row in np.abs(weights) * norms:
        cut = -1.0 if count == 0 else np.partition(row, count - 1)[count - 1]
        mask.append([score > cut for score in row])
    return np.array(mask)


# %% misconception="mask-upside-down"
# The mask is upside down: it is True where a weight goes.
# Remedy: A mask is True, or 1, where a weight is kept, since it is multiplied with the weights.


# %% wrong misconception="mask-upside-down" variant=1 loses="typical,rounded,ties,silent,ends"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights) * np.linalg.norm(x, axis=0)
    order = np.argsort(scores, axis=1, kind="stable")
    mask = np.zeros(weights.shape, dtype=bool)
    np.put_along_axis(mask, order[:, : round(sparsity * weights.shape[1])], True, axis=1)
    return mask


# %% wrong misconception="mask-upside-down" variant=2 loses="typical,rounded,ties,silent,ends"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights) * np.linalg.norm(x, axis=0)
    return scores.argsort(axis=1, kind="stable").argsort(axis=1) < round(sparsity * weights.shape[1])


# %% misconception="silent-inputs-spared"
# Weights of inputs that are always zero were spared, though the output misses them least of all.
# Remedy: A score of zero is the lowest there is; rank it like any other.


# %% wrong misconception="silent-inputs-spared" variant=1 loses="silent"
def wanda_mask(weights, x, sparsity):
    norms = np.linalg.norm(x, axis=0)
    scores = np.abs(weights) * np.where(norms == 0, np.inf, norms)
    order = np.argsort(scores, axis=1, kind="stable")
    mask = np.ones(weights.shape, dtype=bool)
    np.put_along_axis(mask, order[:, : round(sparsity * weights.shape[1])], False, axis=1)
    return mask


# %% misconception="count-cut-off"
# The count of the weights that go was cut off, not rounded.
# Remedy: `round(sparsity * inputs)`; `int` drops what lies behind the point.


# %% wrong misconception="count-cut-off" variant=1 loses="typical,rounded,ends"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights) * np.linalg.norm(x, axis=0)
    order = np.argsort(scores, axis=1, kind="stable")
    mask = np.ones(weights.shape, dtype=bool)
    np.put_along_axis(mask, order[:, : int(sparsity * weights.shape[1])], False, axis=1)
    return mask


# %% misconception="input-overwritten"
# The weights that were given have been multiplied with the norms, or pruned, themselves.
# Remedy: Compute scores of their own, and leave `weights` as they are.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights) * np.linalg.norm(x, axis=0)
    mask = scores.argsort(axis=1, kind="stable").argsort(axis=1) >= round(sparsity * weights.shape[1])
    weights *= mask
    return mask


# %% right style="a loop over the outputs"
def wanda_mask(weights, x, sparsity):
    norms = [sum(float(v) ** 2 for v in column) ** 0.5 for column in x.T]
    mask = np.ones_like(weights, dtype=bool)
    for output, row in enumerate(weights):
        scores = [(abs(float(w)) * n, place) for place, (w, n) in enumerate(zip(row, norms))]
        for _, place in sorted(scores)[: round(sparsity * len(scores))]:
            mask[output, place] = False
    return mask


# %% right style="ranks"
def wanda_mask(weights, x, sparsity):
    scores = np.abs(weights * np.sqrt((x**2).sum(0)))
    ranks = scores.argsort(axis=1, kind="stable").argsort(axis=1)
    return ranks >= round(sparsity * weights.shape[1])


# %% right style="torch"
import torch


def wanda_mask(weights, x, sparsity):
    scores = torch.from_numpy(weights.copy()).abs() * torch.from_numpy(x.copy()).norm(dim=0)
    order = scores.argsort(dim=1, stable=True)[:, : round(sparsity * scores.shape[1])]
    return torch.ones_like(scores, dtype=torch.bool).scatter(1, order, False).numpy()
