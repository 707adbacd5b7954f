# %% misconception="parameters-of-one"
# The budget was divided by the larger side alone, or by the product of both; the two thin matrices have r (m + n).
# Remedy: `budget // (m + n)`.


# %% wrong misconception="parameters-of-one" variant=1 loses="error,nearest,rank,refuses,to-the-last"
def low_rank(weight, budget):
    rank = min(budget // max(weight.shape), *weight.shape)
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = (left[:, :rank] * values[:rank]) @ right[:rank]
    error = np.linalg.norm(values[rank:]) / np.linalg.norm(values)
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% wrong misconception="parameters-of-one" variant=2 loses="error,nearest,rank,refuses,to-the-last"
def low_rank(weight, budget):
    m, n = weight.shape
    ranks = [rank for rank in range(1, min(m, n) + 1) if rank * max(m, n) <= budget]
    if not ranks:
        raise ValueError(budget)
    whole = weight.astype(float)
    right = np.linalg.svd(whole)[2]
    basis = right[: ranks[-1]].T
    near = whole @ basis @ basis.T
    error = np.sqrt(((whole - near) ** 2).sum() / (whole**2).sum())
    return {"rank": ranks[-1], "weight": near.astype(np.float32), "error": float(error)}


# %% misconception="fewer-than-budget"
# A budget that fits exactly was taken for too small.
# Remedy: At most `budget` parameters: equality is allowed.


# %% wrong misconception="fewer-than-budget" variant=1 loses="error,rank,to-the-last"
def low_rank(weight, budget):
    rank = min((budget - 1) // sum(weight.shape), *weight.shape)
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = (left[:, :rank] * values[:rank]) @ right[:rank]
    error = np.linalg.norm(values[rank:]) / np.linalg.norm(values)
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% wrong misconception="fewer-than-budget" variant=2 loses="error,rank,to-the-last"
def low_rank(weight, budget):
    m, n = weight.shape
    ranks = [rank for rank in range(1, min(m, n) + 1) if rank * (m + n) < budget]
    if not ranks:
        raise ValueError(budget)
    whole = weight.astype(float)
    right = np.linalg.svd(whole)[2]
    basis = right[: ranks[-1]].T
    near = whole @ basis @ basis.T
    error = np.sqrt(((whole - near) ** 2).sum() / (whole**2).sum())
    return {"rank": ranks[-1], "weight": near.astype(np.float32), "error": float(error)}


# %% misconception="rounded-up"
# The rank was rounded up, beyond the budget.
# Remedy: `//` rounds down, so that the matrices fit.


# %% wrong misconception="rounded-up" variant=1 loses="error,nearest,rank,refuses,to-the-last"
def low_rank(weight, budget):
    rank = min(-(-budget // sum(weight.shape)), *weight.shape)
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = (left[:, :rank] * values[:rank]) @ right[:rank]
    error = np.linalg.norm(values[rank:]) / np.linalg.norm(values)
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% wrong misconception="rounded-up" variant=2 loses="error,nearest,rank,refuses,to-the-last"
def low_rank(weight, budget):
    m, n = weight.shape
    ranks = [rank for rank in range(1, min(m, n) + 1) if (rank - 1) * (m + n) < budget]
    if not ranks:
        raise ValueError(budget)
    whole = weight.astype(float)
    right = np.linalg.svd(whole)[2]
    basis = right[: ranks[-1]].T
    near = whole @ basis @ basis.T
    error = np.sqrt(((whole - near) ** 2).sum() / (whole**2).sum())
    return {"rank": ranks[-1], "weight": near.astype(np.float32), "error": float(error)}


# %% misconception="smallest-kept"
# The smallest singular values were kept.
# Remedy: They come in descending order: the first `rank` stay.


# %% wrong misconception="smallest-kept" variant=1 loses="nearest,error"
def low_rank(weight, budget):
    rank = min(budget // sum(weight.shape), *weight.shape)
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = (left[:, -rank:] * values[-rank:]) @ right[-rank:]
    error = np.linalg.norm(values[:-rank]) / np.linalg.norm(values)
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% wrong misconception="smallest-kept" variant=2 loses="nearest,error"
def low_rank(weight, budget):
    m, n = weight.shape
    ranks = [rank for rank in range(1, min(m, n) + 1) if rank * (m + n) <= budget]
    if not ranks:
        raise ValueError(budget)
    whole = weight.astype(float)
    right = np.linalg.svd(whole)[2]
    basis = right[min(m, n) - ranks[-1] : min(m, n)].T
    near = whole @ basis @ basis.T
    error = np.sqrt(((whole - near) ** 2).sum() / (whole**2).sum())
    return {"rank": ranks[-1], "weight": near.astype(np.float32), "error": float(error)}


# %% misconception="energy-for-error"
# The error is the share of the squares, and not of their root.
# Remedy: Take the root of the summed squares: a norm.


# %% wrong misconception="energy-for-error" variant=1 loses="error"
def low_rank(weight, budget):
    rank = min(budget // sum(weight.shape), *weight.shape)
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = (left[:, :rank] * values[:rank]) @ right[:rank]
    error = (values[rank:] ** 2).sum() / (values**2).sum()
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% wrong misconception="energy-for-error" variant=2 loses="error"
def low_rank(weight, budget):
    m, n = weight.shape
    ranks = [rank for rank in range(1, min(m, n) + 1) if rank * (m + n) <= budget]
    if not ranks:
        raise ValueError(budget)
    whole = weight.astype(float)
    right = np.linalg.svd(whole)[2]
    basis = right[: ranks[-1]].T
    near = whole @ basis @ basis.T
    error = ((whole - near) ** 2).sum() / (whole**2).sum()
    return {"rank": ranks[-1], "weight": near.astype(np.float32), "error": float(error)}


# %% misconception="error-not-relative"
# The error is that of the matrix, and not a fraction of its norm.
# Remedy: Divide by the norm of `weight`.


# %% wrong misconception="error-not-relative" variant=1 loses="error"
def low_rank(weight, budget):
    rank = min(budget // sum(weight.shape), *weight.shape)
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = (left[:, :rank] * values[:rank]) @ right[:rank]
    error = np.linalg.norm(values[rank:])
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% wrong misconception="error-not-relative" variant=2 loses="error"
def low_rank(weight, budget):
    m, n = weight.shape
    ranks = [rank for rank in range(1, min(m, n) + 1) if rank * (m + n) <= budget]
    if not ranks:
        raise ValueError(budget)
    whole = weight.astype(float)
    right = np.linalg.svd(whole)[2]
    basis = right[: ranks[-1]].T
    near = whole @ basis @ basis.T
    error = np.sqrt(((whole - near) ** 2).sum())
    return {"rank": ranks[-1], "weight": near.astype(np.float32), "error": float(error)}


# %% misconception="values-left-out"
# The singular values were left out of the product.
# Remedy: `(left[:, :rank] * values[:rank]) @ right[:rank]`.


# %% wrong misconception="values-left-out" variant=1 loses="nearest"
def low_rank(weight, budget):
    rank = min(budget // sum(weight.shape), *weight.shape)
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = left[:, :rank] @ right[:rank]
    error = np.linalg.norm(values[rank:]) / np.linalg.norm(values)
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% wrong misconception="values-left-out" variant=2 loses="nearest"
def low_rank(weight, budget):
    m, n = weight.shape
    if budget < m + n:
        raise ValueError("too small")
    rank = min(m, n, budget // (m + n))
    u, s, vh = np.linalg.svd(weight)
    near = sum(np.outer(u[:, at], vh[at]) for at in range(rank))
    return {
        "rank": rank,
        "weight": near.astype(np.float32),
        "error": float(np.sqrt((s[rank:] ** 2).sum() / (s**2).sum())),
    }


# %% misconception="beyond-full-rank"
# Where the budget allows it, the rank is higher than the matrix has.
# Remedy: At most `min(m, n)`.


# %% wrong misconception="beyond-full-rank" variant=1 loses="full,rank"
def low_rank(weight, budget):
    rank = budget // sum(weight.shape)
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = (left[:, :rank] * values[:rank]) @ right[:rank]
    error = np.linalg.norm(values[rank:]) / np.linalg.norm(values)
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% wrong misconception="beyond-full-rank" variant=2 loses="full,rank"
def low_rank(weight, budget):
    m, n = weight.shape
    if budget < m + n:
        raise ValueError("too small")
    rank = int(budget / (m + n))
    u, s, vh = np.linalg.svd(weight.astype(float), full_matrices=False)
    near = sum(s[at] * np.outer(u[:, at], vh[at]) for at in range(min(rank, len(s))))
    return {
        "rank": rank,
        "weight": near.astype(np.float32),
        "error": float(np.sqrt((s[rank:] ** 2).sum() / (s**2).sum())),
    }


# %% misconception="one-at-least"
# Where rank 1 does not fit, it was taken all the same.
# Remedy: Raise a `ValueError`.


# %% wrong misconception="one-at-least" variant=1 loses="refuses"
def low_rank(weight, budget):
    rank = max(1, min(budget // sum(weight.shape), *weight.shape))
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = (left[:, :rank] * values[:rank]) @ right[:rank]
    error = np.linalg.norm(values[rank:]) / np.linalg.norm(values)
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% misconception="input-overwritten"
# `weight` has been overwritten with the nearest matrix.
# Remedy: Return a new array.


# %% wrong misconception="input-overwritten" variant=1 loses="keeps-input"
def low_rank(weight, budget):
    rank = min(budget // sum(weight.shape), *weight.shape)
    if rank < 1:
        raise ValueError("no room for rank 1")
    left, values, right = np.linalg.svd(weight, full_matrices=False)
    near = (left[:, :rank] * values[:rank]) @ right[:rank]
    error = np.linalg.norm(values[rank:]) / np.linalg.norm(values)
    weight[:] = near
    return {"rank": rank, "weight": near.astype(np.float32), "error": float(error)}


# %% right style="a projection, and a list of ranks"
def low_rank(weight, budget):
    m, n = weight.shape
    ranks = [rank for rank in range(1, min(m, n) + 1) if rank * (m + n) <= budget]
    if not ranks:
        raise ValueError(budget)
    whole = weight.astype(float)
    right = np.linalg.svd(whole)[2]
    basis = right[: ranks[-1]].T
    near = whole @ basis @ basis.T
    error = np.sqrt(((whole - near) ** 2).sum() / (whole**2).sum())
    return {"rank": ranks[-1], "weight": near.astype(np.float32), "error": float(error)}


# %% right style="a sum of outer products"
def low_rank(weight, budget):
    m, n = weight.shape
    if budget < m + n:
        raise ValueError("too small")
    rank = min(m, n, budget // (m + n))
    u, s, vh = np.linalg.svd(weight)
    near = sum(s[at] * np.outer(u[:, at], vh[at]) for at in range(rank))
    return {
        "rank": rank,
        "weight": near.astype(np.float32),
        "error": float(np.sqrt((s[rank:] ** 2).sum() / (s**2).sum())),
    }
