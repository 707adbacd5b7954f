# %% misconception="masks-save-work"
# Masked channels are taken to cost nothing; a dense kernel multiplies their zeros.
# Remedy: Count the masked model with its full widths.

# %% wrong misconception="masks-save-work" variant=1 loses="masked,share"
def channel_macs(widths, sizes, kernel, removed):
    kept = [widths[0]] + [width - gone for width, gone in zip(widths[1:], removed, strict=True)]
    macs = [kept[i] * kept[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    return {"masked": macs, "removed": macs, "share": 1.0}


# %% wrong misconception="masks-save-work" variant=2 loses="masked,share"
def channel_macs(widths, sizes, kernel, removed):
    alive, report = widths[0], {"masked": [], "removed": []}
    for width, size, gone in zip(widths[1:], sizes, removed):
        products = alive * (width - gone) * size**2 * kernel**2
        alive = width - gone
        for name in report:
            report[name].append(products)
    return report | {"share": sum(report["removed"]) / sum(report["masked"])}


# %% misconception="outputs-only"
# Only the layer's own output channels are removed; the next layer still reads the old number.
# Remedy: Let each layer's inputs be what is left of the outputs before it.


# %% wrong misconception="outputs-only" variant=1 loses="half,uneven,share"
def channel_macs(widths, sizes, kernel, removed):
    layers = range(len(sizes))
    masked = [widths[i] * widths[i + 1] * (sizes[i] * kernel) ** 2 for i in layers]
    slim = [widths[i] * (widths[i + 1] - removed[i]) * (sizes[i] * kernel) ** 2 for i in layers]
    return {"masked": masked, "removed": slim, "share": sum(slim) / sum(masked)}


# %% wrong misconception="outputs-only" variant=2 loses="half,uneven,share"
def channel_macs(widths, sizes, kernel, removed):
    masked, slim = [], []
    for before, after, size, gone in zip(widths, widths[1:], sizes, removed):
        one_channel = before * size * size * kernel * kernel
        masked.append(after * one_channel)
        slim.append(masked[-1] - gone * one_channel)
    return dict(masked=masked, removed=slim, share=sum(slim) / sum(masked))


# %% misconception="own-share-squared"
# Each layer's share is squared; but its inputs shrink by the share of the layer before, if at all.
# Remedy: Let each layer's inputs be what is left of the outputs before it.


# %% wrong misconception="own-share-squared" variant=1 loses="half,uneven,share"
def channel_macs(widths, sizes, kernel, removed):
    masked = [widths[i] * widths[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    slim = [macs * (1 - gone / width) ** 2 for macs, width, gone in zip(masked, widths[1:], removed, strict=True)]
    return {"masked": masked, "removed": slim, "share": sum(slim) / sum(masked)}


# %% wrong misconception="own-share-squared" variant=2 loses="half,uneven,share"
def channel_macs(widths, sizes, kernel, removed):
    masked, slim = [], []
    for i, size in enumerate(sizes):
        left = (widths[i + 1] - removed[i]) / widths[i + 1]
        positions = size * size * kernel * kernel
        masked.append(widths[i] * widths[i + 1] * positions)
        slim.append((widths[i] * left) * (widths[i + 1] * left) * positions)
    return {"masked": masked, "removed": slim, "share": sum(slim) / sum(masked)}


# %% misconception="share-of-channels"
# The share of the channels is returned; MACs fall with inputs and outputs.
# Remedy: Divide the sums of MACs.


# %% wrong misconception="share-of-channels" variant=1 loses="share"
def channel_macs(widths, sizes, kernel, removed):
    kept = [widths[0]] + [width - gone for width, gone in zip(widths[1:], removed, strict=True)]
    masked = [widths[i] * widths[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    slim = [kept[i] * kept[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    return {"masked": masked, "removed": slim, "share": sum(kept[1:]) / sum(widths[1:])}


# %% wrong misconception="share-of-channels" variant=2 loses="share"
def channel_macs(widths, sizes, kernel, removed):
    inputs, report = widths[0], {"masked": [], "removed": []}
    for i, (size, gone) in enumerate(zip(sizes, removed)):
        area = (size * kernel) ** 2
        report["masked"].append(area * widths[i] * widths[i + 1])
        report["removed"].append(area * inputs * (widths[i + 1] - gone))
        inputs = widths[i + 1] - gone
    report["share"] = 1 - sum(removed) / sum(widths[1:])
    return report


# %% misconception="mean-of-shares"
# The layers' shares are averaged as if the layers were equally large.
# Remedy: Divide the sum of all MACs that are left by the sum of all.


# %% wrong misconception="mean-of-shares" variant=1 loses="share"
def channel_macs(widths, sizes, kernel, removed):
    kept = [widths[0]] + [width - gone for width, gone in zip(widths[1:], removed, strict=True)]
    masked = [widths[i] * widths[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    slim = [kept[i] * kept[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    return {"masked": masked, "removed": slim, "share": sum(a / b for a, b in zip(slim, masked)) / len(masked)}


# %% wrong misconception="mean-of-shares" variant=2 loses="share"
import statistics


def channel_macs(widths, sizes, kernel, removed):
    left, shares, masked = 1.0, [], []
    for i, size in enumerate(sizes):
        own = (widths[i + 1] - removed[i]) / widths[i + 1]
        shares.append(left * own)
        left = own
        masked.append(widths[i] * widths[i + 1] * size**2 * kernel**2)
    slim = [round(share * macs) for share, macs in zip(shares, masked)]
    return dict(masked=masked, removed=slim, share=statistics.mean(shares))


# %% misconception="last-layer-kept-whole"
# The last layer is taken to keep all its channels; `removed` has an entry for it, too.
# Remedy: Take `removed[i]` from the outputs of each layer, the last included.


# %% wrong misconception="last-layer-kept-whole" variant=1 loses="uneven,share"
def channel_macs(widths, sizes, kernel, removed):
    kept = [widths[0]] + [width - gone for width, gone in zip(widths[1:-1], removed)] + [widths[-1]]
    masked = [widths[i] * widths[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    slim = [kept[i] * kept[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    return {"masked": masked, "removed": slim, "share": sum(slim) / sum(masked)}


# %% wrong misconception="last-layer-kept-whole" variant=2 loses="uneven,share"
def channel_macs(widths, sizes, kernel, removed):
    masked, slim, inputs = [], [], widths[0]
    for i, size in enumerate(sizes):
        outputs = widths[i + 1] - (removed[i] if i < len(sizes) - 1 else 0)
        masked.append(widths[i] * widths[i + 1] * size**2 * kernel**2)
        slim.append(inputs * outputs * size**2 * kernel**2)
        inputs = outputs
    return dict(masked=masked, removed=slim, share=sum(slim) / sum(masked))


# %% misconception="lists-changed"
# One of the caller's lists is changed on the way; a second name for a list is no second list.
# Remedy: Make a new list of what is kept.


# %% wrong misconception="lists-changed" variant=1 loses="keeps-input"
def channel_macs(widths, sizes, kernel, removed):
    masked = [widths[i] * widths[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    for i, gone in enumerate(removed):
        widths[i + 1] -= gone
    slim = [widths[i] * widths[i + 1] * (size * kernel) ** 2 for i, size in enumerate(sizes)]
    return {"masked": masked, "removed": slim, "share": sum(slim) / sum(masked)}


# %% wrong misconception="lists-changed" variant=2 loses="keeps-input"
def channel_macs(widths, sizes, kernel, removed):
    kept, whole = widths, list(widths)
    kept[1:] = [width - gone for width, gone in zip(kept[1:], removed)]
    area = [(size * kernel) ** 2 for size in sizes]
    masked = [a * b * places for a, b, places in zip(whole, whole[1:], area)]
    slim = [a * b * places for a, b, places in zip(kept, kept[1:], area)]
    return dict(masked=masked, removed=slim, share=sum(slim) / sum(masked))


# %% right style="one pass"
def channel_macs(widths, sizes, kernel, removed):
    masked, slim, inputs = [], [], widths[0]
    for before, after, size, gone in zip(widths, widths[1:], sizes, removed):
        area = size * size * kernel * kernel
        masked.append(before * after * area)
        slim.append(inputs * (after - gone) * area)
        inputs = after - gone
    return dict(masked=masked, removed=slim, share=sum(slim) / sum(masked))


# %% right style="arrays"
import numpy as np


def channel_macs(widths, sizes, kernel, removed):
    kept = np.array(widths)
    kept[1:] -= np.array(removed)
    area = (np.array(sizes) * kernel) ** 2
    masked = np.array(widths[:-1]) * np.array(widths[1:]) * area
    slim = kept[:-1] * kept[1:] * area
    return {"masked": masked.tolist(), "removed": slim.tolist(), "share": float(slim.sum() / masked.sum())}
