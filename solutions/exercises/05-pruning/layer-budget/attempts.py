# %% misconception="last-of-the-list"
# The last entry that keeps the bound was taken, and not the highest; the list is in no order.
# Remedy: Take the maximum of the sparsities that keep the bound.


# %% wrong misconception="last-of-the-list" variant=1 loses="highest,bound,none-keeps-it,budget"
def plan_layers(scan, sizes, bound, budget):
    plan = {}
    for name, curve in scan.items():
        plan[name] = 0.0
        for share, accuracy in curve:
            if accuracy >= bound:
                plan[name] = share
    total = sum(4 * (sizes[name] - round(share * sizes[name])) + (sizes[name] + 7) // 8 for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% wrong misconception="last-of-the-list" variant=2 loses="highest,bound,none-keeps-it,budget"
def plan_layers(scan, sizes, bound, budget):
    plan = {name: ([0.0] + [s for s, a in curve if not a < bound])[-1] for name, curve in scan.items()}
    kept = {name: sizes[name] - round(plan[name] * sizes[name]) for name in plan}
    total = sum(4 * kept[name] + -(-sizes[name] // 8) for name in plan)
    return dict(sparsities=plan, bytes=total, fits=total <= budget)


# %% misconception="stops-at-the-first-fall"
# The search went up and stopped at the first sparsity below the bound; a curve may dip and recover.
# Remedy: Look at all entries, and take the highest sparsity that keeps the bound.


# %% wrong misconception="stops-at-the-first-fall" variant=1 loses="highest"
def plan_layers(scan, sizes, bound, budget):
    plan = {}
    for name, curve in scan.items():
        plan[name] = 0.0
        for share, accuracy in sorted(curve):
            if accuracy < bound:
                break
            plan[name] = share
    total = sum(4 * (sizes[name] - round(share * sizes[name])) + (sizes[name] + 7) // 8 for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% misconception="one-sparsity-for-all"
# All layers have the same sparsity, the highest that each of them bears.
# Remedy: Choose for each layer by its own curve.


# %% wrong misconception="one-sparsity-for-all" variant=1 loses="highest,bound,none-keeps-it,bytes,budget"
def plan_layers(scan, sizes, bound, budget):
    best = {
        name: max((share for share, accuracy in curve if accuracy >= bound), default=0.0)
        for name, curve in scan.items()
    }
    plan = dict.fromkeys(scan, min(best.values()))
    total = sum(4 * (sizes[name] - round(share * sizes[name])) + (sizes[name] + 7) // 8 for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% wrong misconception="one-sparsity-for-all" variant=2 loses="highest,bound,none-keeps-it,bytes,budget"
def plan_layers(scan, sizes, bound, budget):
    lowest = min(max([s for s, a in curve if a >= bound] or [0.0]) for curve in scan.values())
    total = 0
    for size in sizes.values():
        total += 4 * (size - round(lowest * size)) + -(-size // 8)
    return {"sparsities": dict.fromkeys(scan, lowest), "bytes": total, "fits": total <= budget}


# %% misconception="above-the-bound-only"
# An accuracy equal to the bound was taken to miss it.
# Remedy: `accuracy >= bound`.


# %% wrong misconception="above-the-bound-only" variant=1 loses="highest,bound,budget"
def plan_layers(scan, sizes, bound, budget):
    plan = {
        name: max((share for share, accuracy in curve if accuracy > bound), default=0.0) for name, curve in scan.items()
    }
    total = sum(4 * (sizes[name] - round(share * sizes[name])) + (sizes[name] + 7) // 8 for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% wrong misconception="above-the-bound-only" variant=2 loses="highest,bound,budget"
def plan_layers(scan, sizes, bound, budget):
    plan = {}
    for name in scan:
        keeps = [share for share, accuracy in scan[name] if not accuracy <= bound]
        plan[name] = max(keeps) if keeps else 0.0
    total = sum(4 * (sizes[name] - round(plan[name] * sizes[name])) + -(-sizes[name] // 8) for name in plan)
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% misconception="mask-not-counted"
# The bytes are those of the kept values alone; without the mask nobody knows where they belong.
# Remedy: Add one bit for each place of the layer, in whole bytes.


# %% wrong misconception="mask-not-counted" variant=1 loses="bytes,budget"
def plan_layers(scan, sizes, bound, budget):
    plan = {
        name: max((share for share, accuracy in curve if accuracy >= bound), default=0.0)
        for name, curve in scan.items()
    }
    total = sum(4 * (sizes[name] - round(share * sizes[name])) for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% wrong misconception="mask-not-counted" variant=2 loses="bytes,budget"
def plan_layers(scan, sizes, bound, budget):
    plan, total = {}, 0
    for name, curve in scan.items():
        plan[name] = max([0.0, *(share for share, accuracy in curve if accuracy >= bound)])
        total += (sizes[name] - round(plan[name] * sizes[name])) * 4
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% decoy misconception="mask-not-counted" loses="bytes,budget"
def plan_layers(scan, sizes, bound, budget):
    plan = {
        name: max((share for share, accuracy in curve if accuracy >= bound), default=0.0)
        for name, curve in scan.items()
    }
    total = sum(4 * (sizes[name] - round(share * sizes[name])) + sizes[name] // 8 for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% misconception="bits-of-all-layers"
# The bits of all layers were put together before they were rounded up to whole bytes.
# Remedy: Each layer has a mask of its own, in whole bytes: `(size + 7) // 8` for each of them.


# %% wrong misconception="bits-of-all-layers" variant=1 loses="bytes,budget"
def plan_layers(scan, sizes, bound, budget):
    plan = {
        name: max((share for share, accuracy in curve if accuracy >= bound), default=0.0)
        for name, curve in scan.items()
    }
    total = sum(4 * (sizes[name] - round(share * sizes[name])) for name, share in plan.items())
    total += (sum(sizes[name] for name in plan) + 7) // 8
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% misconception="left-rounded"
# What is left was rounded, where what goes is to be: in the middle between two counts they differ.
# Remedy: `size - round(sparsity * size)`.


# %% wrong misconception="left-rounded" variant=1 loses="bytes,budget"
def plan_layers(scan, sizes, bound, budget):
    plan = {
        name: max((share for share, accuracy in curve if accuracy >= bound), default=0.0)
        for name, curve in scan.items()
    }
    total = sum(4 * round((1 - share) * sizes[name]) + (sizes[name] + 7) // 8 for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% misconception="bytes-as-float"
# The bytes are right, and a float.
# Remedy: Compute with whole numbers alone, such as `(size + 7) // 8`, or end with `int`.


# %% wrong misconception="bytes-as-float" variant=1 loses="bytes"
import numpy as np


def plan_layers(scan, sizes, bound, budget):
    plan = {
        name: max((share for share, accuracy in curve if accuracy >= bound), default=0.0)
        for name, curve in scan.items()
    }
    left = sum(sizes[name] - round(share * sizes[name]) for name, share in plan.items())
    total = 4 * left + sum(np.ceil(sizes[name] / 8) for name in plan)
    return {"sparsities": plan, "bytes": float(total), "fits": bool(total <= budget)}


# %% misconception="equal-does-not-fit"
# Bytes equal to the budget were taken to miss it.
# Remedy: `total <= budget`.


# %% wrong misconception="equal-does-not-fit" variant=1 loses="budget"
def plan_layers(scan, sizes, bound, budget):
    plan = {
        name: max((share for share, accuracy in curve if accuracy >= bound), default=0.0)
        for name, curve in scan.items()
    }
    total = sum(4 * (sizes[name] - round(share * sizes[name])) + (sizes[name] + 7) // 8 for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total < budget}


# %% misconception="layer-left-out"
# A layer that no sparsity fits is missing from the plan.
# Remedy: It stays dense: its sparsity is 0.0, and its bytes count.


# %% wrong misconception="layer-left-out" variant=1 loses="bound,none-keeps-it,bytes"
def plan_layers(scan, sizes, bound, budget):
    plan = {}
    for name, curve in scan.items():
        keeps = [share for share, accuracy in curve if accuracy >= bound]
        if keeps:
            plan[name] = max(keeps)
    total = sum(4 * (sizes[name] - round(share * sizes[name])) + (sizes[name] + 7) // 8 for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% misconception="lists-sorted"
# The lists of the scan that was given have been sorted themselves.
# Remedy: `sorted(curve)` gives a new list; `curve.sort()` changes the one that was given.


# %% wrong misconception="lists-sorted" variant=1 loses="keeps-input"
def plan_layers(scan, sizes, bound, budget):
    plan = {}
    for name, curve in scan.items():
        curve.sort(reverse=True)
        plan[name] = next((share for share, accuracy in curve if accuracy >= bound), 0.0)
    total = sum(4 * (sizes[name] - round(share * sizes[name])) + (sizes[name] + 7) // 8 for name, share in plan.items())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% right style="a loop"
def plan_layers(scan, sizes, bound, budget):
    plan, total = {}, 0
    for name, curve in scan.items():
        best = 0.0
        for share, accuracy in curve:
            if accuracy >= bound and share > best:
                best = share
        plan[name] = best
        total += 4 * (sizes[name] - round(best * sizes[name])) + -(-sizes[name] // 8)
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}


# %% right style="NumPy"
import numpy as np


def plan_layers(scan, sizes, bound, budget):
    plan = {}
    for name, curve in scan.items():
        shares, accuracies = np.array(curve).T
        plan[name] = float(np.where(accuracies >= bound, shares, 0.0).max())
    size = np.array([sizes[name] for name in plan])
    kept = size - np.rint(np.array(list(plan.values())) * size)
    total = int((4 * kept + np.ceil(size / 8)).sum())
    return {"sparsities": plan, "bytes": total, "fits": total <= budget}
