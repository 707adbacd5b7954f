# %% misconception="twenty-for-ten"
# The ratio of powers is multiplied by 20, so each bit seems to be worth twice as much.
# Remedy: Sums of squares are powers: 10 · log10.

# %% wrong misconception="twenty-for-ten" variant=1 loses="typical,six-decibels,gaps"
def decibels_per_bit(x, widths):
    x = x.astype(np.float64)
    ratios = []
    for bits in widths:
        scale = np.abs(x).max() / (2 ** (bits - 1) - 1)
        x_hat = np.round(x / scale) * scale
        ratios.append(20 * np.log10(np.sum(x**2) / np.sum((x - x_hat) ** 2)))
    return float(np.polyfit(widths, ratios, 1)[0])


# %% wrong misconception="twenty-for-ten" variant=2 loses="typical,six-decibels,gaps"
def decibels_per_bit(x, widths):
    reach = float(np.abs(x).max())

    def level(bits):
        step = reach / ((1 << (bits - 1)) - 1)
        noise = np.remainder(x.astype(float) + step / 2, step) - step / 2
        return -20 * np.log10(np.mean(noise**2))

    bits = np.array(widths, dtype=float)
    levels = np.array([level(width) for width in widths])
    centred = bits - bits.mean()
    return float(centred @ levels / (centred @ centred))


# %% misconception="ends-over-count"
# The gain from first to last width is divided by the number of widths, not by the bits between them.
# Remedy: Fit a line through all points; its slope is decibels a bit.


# %% wrong misconception="ends-over-count" variant=1 loses="typical,six-decibels,gaps"
def decibels_per_bit(x, widths):
    x = x.astype(np.float64)
    ratios = []
    for bits in widths:
        scale = np.abs(x).max() / (2 ** (bits - 1) - 1)
        x_hat = np.round(x / scale) * scale
        ratios.append(10 * np.log10(np.sum(x**2) / np.sum((x - x_hat) ** 2)))
    return float((ratios[-1] - ratios[0]) / len(ratios))


# %% wrong misconception="ends-over-count" variant=2 loses="typical,six-decibels,gaps"
def decibels_per_bit(x, widths):
    noises = []
    for bits in (widths[0], widths[-1]):
        step = float(np.abs(x).max()) / (2 ** (bits - 1) - 1)
        noises.append(sum((value - round(value / step) * step) ** 2 for value in x.ravel().tolist()))
    return 10 * float(np.log10(noises[0] / noises[1])) / len(widths)


# %% misconception="positions-for-bits"
# The line is fitted against the position in the list, as if all widths were one bit apart.
# Remedy: Use the widths themselves as the horizontal axis.


# %% wrong misconception="positions-for-bits" variant=1 loses="six-decibels,gaps"
def decibels_per_bit(x, widths):
    x = x.astype(np.float64)
    ratios = []
    for bits in widths:
        scale = np.abs(x).max() / (2 ** (bits - 1) - 1)
        x_hat = np.round(x / scale) * scale
        ratios.append(10 * np.log10(np.sum(x**2) / np.sum((x - x_hat) ** 2)))
    return float(np.polyfit(range(len(ratios)), ratios, 1)[0])


# %% wrong misconception="positions-for-bits" variant=2 loses="six-decibels,gaps"
def decibels_per_bit(x, widths):
    wide = np.float64(x)
    steps = np.array([np.abs(wide).max() / (2 ** (bits - 1) - 1) for bits in widths])
    codes = np.rint(wide.ravel()[None, :] / steps[:, None])
    noise = np.square(codes * steps[:, None] - wide.ravel()).sum(axis=1)
    levels = 10 * np.log10(np.square(wide).sum() / noise)
    return float(np.cov(np.arange(len(widths)), levels)[0, 1] / np.var(np.arange(len(widths)), ddof=1))


# %% misconception="one-code-too-many"
# The largest magnitude is divided by `2**(bits - 1)`, a code that the positive side does not have.
# Remedy: The largest code is `2**(bits - 1) - 1`; at few bits the difference is large.


# %% wrong misconception="one-code-too-many" variant=1 loses="typical,gaps"
def decibels_per_bit(x, widths):
    x = x.astype(np.float64)
    ratios = []
    for bits in widths:
        scale = np.abs(x).max() / 2 ** (bits - 1)
        x_hat = np.round(x / scale) * scale
        ratios.append(10 * np.log10(np.sum(x**2) / np.sum((x - x_hat) ** 2)))
    return float(np.polyfit(widths, ratios, 1)[0])


# %% wrong misconception="one-code-too-many" variant=2 loses="typical,gaps"
def decibels_per_bit(x, widths):
    bits = np.asarray(widths, dtype=float)
    wide = x.astype(float).ravel()
    steps = 2 * np.abs(wide).max() * 0.5**bits
    levels = [-10 * np.log10(np.mean((wide - np.rint(wide / step) * step) ** 2)) for step in steps]
    return float(np.linalg.lstsq(np.stack([bits, np.ones_like(bits)], 1), np.array(levels), rcond=None)[0][0])


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Make a new array for the codes.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def decibels_per_bit(x, widths):
    original = x.astype(np.float64)
    ratios = []
    for bits in widths:
        scale = np.abs(original).max() / (2 ** (bits - 1) - 1)
        x_hat = np.round(original / scale) * scale
        x[...] = x_hat
        ratios.append(10 * np.log10(np.sum(original**2) / np.sum((original - x_hat) ** 2)))
    return float(np.polyfit(widths, ratios, 1)[0])


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def decibels_per_bit(x, widths):
    wide = np.array(x, dtype=np.float64)
    x *= 0
    reach = np.abs(wide).max()
    levels = []
    for bits in widths:
        step = reach / (2 ** (bits - 1) - 1)
        levels.append(-10 * np.log10(np.mean((wide - np.rint(wide / step) * step) ** 2)))
    return float(np.polyfit(widths, levels, 1)[0])


# %% right style="least squares by hand, noise alone"
def decibels_per_bit(x, widths):
    wide = x.astype(float)
    bits = np.array(widths, dtype=float)
    levels = []
    for width in widths:
        step = np.abs(wide).max() / (2 ** (width - 1) - 1)
        levels.append(-10 * np.log10(np.mean((wide - np.rint(wide / step) * step) ** 2)))
    centred = bits - bits.mean()
    return float(centred @ np.array(levels) / (centred @ centred))


# %% right style="with torch, all widths at once"
def decibels_per_bit(x, widths):
    import torch

    real = torch.tensor(x).double().flatten()
    bits = torch.tensor(widths, dtype=torch.float64)
    steps = (real.abs().max() / (2 ** (bits - 1) - 1))[:, None]
    noise = ((real / steps).round() * steps - real).square().sum(1)
    levels = 10 * torch.log10(real.square().sum() / noise)
    table = torch.stack([bits, torch.ones_like(bits)], 1)
    return torch.linalg.lstsq(table, levels[:, None]).solution[0, 0].item()
