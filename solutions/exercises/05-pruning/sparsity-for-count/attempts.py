# %% misconception="share-that-is-left"
# What came out is the share that is left, and not the share that goes.
# Remedy: A sparsity of 0.9 removes nine weights in ten: divide the count of those that go.


# %% wrong misconception="share-that-is-left" variant=1 loses="all-pruned,some-dense"
def sparsity_for_count(sizes, dense, left):
    pruned = sum(size for name, size in sizes.items() if name not in dense)
    kept = left - (sum(sizes.values()) - pruned)
    if not 0 <= kept <= pruned:
        raise ValueError(f"left is {left}")
    return kept / pruned if pruned else 0.0


# %% wrong misconception="share-that-is-left" variant=2 loses="all-pruned,some-dense"
def sparsity_for_count(sizes, dense, left):
    for name in dense:
        left -= sizes[name]
    available = sum(sizes[name] for name in sizes.keys() - set(dense))
    if left < 0 or left > available:
        raise ValueError("cannot be reached")
    return 1.0 - (available - left) / available if available else 0.0


# %% decoy misconception="share-that-is-left" loses="all-pruned,some-dense"
def sparsity_for_count(sizes, dense, left):
    pruned = sum(size for name, size in sizes.items() if name not in dense)
    gone = sum(sizes.values()) - left
    if not 0 <= gone <= pruned:
        raise ValueError(f"left is {left}")
    return 100 * gone / pruned if pruned else 0.0


# %% misconception="share-of-all"
# The share was taken of all weights, those of the dense layers included.
# Remedy: Divide what has to go by the weights of the layers that are pruned.


# %% wrong misconception="share-of-all" variant=1 loses="some-dense,ends"
def sparsity_for_count(sizes, dense, left):
    total = sum(sizes.values())
    least = sum(sizes[name] for name in dense)
    if not least <= left <= total:
        raise ValueError(f"left is {left}, which lies outside {least} to {total}")
    return 1 - left / total


# %% wrong misconception="share-of-all" variant=2 loses="some-dense,ends"
def sparsity_for_count(sizes, dense, left):
    total, gone = 0, -left
    may_go = 0
    for name, size in sizes.items():
        total += size
        gone += size
        may_go += size if name not in dense else 0
    if gone < 0 or gone > may_go:
        raise ValueError("out of reach")
    return gone / total


# %% misconception="dense-layers-forgotten"
# The weights of the dense layers are left, too; they were not subtracted from those that are to be left.
# Remedy: What the pruned layers may keep is `left` less the weights of the dense layers.


# %% wrong misconception="dense-layers-forgotten" variant=1 loses="some-dense,ends,refuses"
def sparsity_for_count(sizes, dense, left):
    pruned = sum(size for name, size in sizes.items() if name not in dense)
    if not 0 <= left <= pruned:
        raise ValueError(f"left is {left}")
    return 1 - left / pruned if pruned else 0.0


# %% wrong misconception="dense-layers-forgotten" variant=2 loses="some-dense,ends,refuses"
def sparsity_for_count(sizes, dense, left):
    available = sum(sizes[name] for name in sizes if name not in dense)
    gone = available - left
    if gone < 0 or gone > available:
        raise ValueError("cannot be reached")
    return gone / available if gone else 0.0


# %% misconception="not-refused"
# A count that no pruning reaches gave a sparsity below 0 or above 1, or one that was clamped.
# Remedy: Raise a `ValueError` where `left` is less than the dense layers hold, or more than there are.


# %% wrong misconception="not-refused" variant=1 loses="refuses"
def sparsity_for_count(sizes, dense, left):
    pruned = sum(size for name, size in sizes.items() if name not in dense)
    gone = sum(sizes.values()) - left
    return gone / pruned if pruned else 0.0


# %% misconception="all-may-go"
# Fewer weights than the dense layers hold were taken for possible.
# Remedy: Raise a `ValueError` there, too: dense layers lose nothing.


# %% wrong misconception="all-may-go" variant=1 loses="refuses"
def sparsity_for_count(sizes, dense, left):
    total = sum(sizes.values())
    pruned = sum(size for name, size in sizes.items() if name not in dense)
    if not 0 <= left <= total:
        raise ValueError(f"left is {left}")
    return (total - left) / pruned if pruned else 0.0


# %% right style="a loop"
def sparsity_for_count(sizes, dense, left):
    budget, available = left, 0
    for name, size in sizes.items():
        if name in dense:
            budget -= size
        else:
            available += size
    if budget < 0 or budget > available:
        raise ValueError(f"left={left} cannot be reached")
    return 1 - budget / available if available else 0.0


# %% right style="NumPy"
import numpy as np


def sparsity_for_count(sizes, dense, left):
    counts = np.array(list(sizes.values()))
    is_dense = np.isin(list(sizes), dense)
    gone = counts.sum() - left
    if gone < 0 or left < counts[is_dense].sum():
        raise ValueError("left lies out of reach")
    return float(gone / max(counts[~is_dense].sum(), 1))
