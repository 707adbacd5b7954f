# %% misconception="largest-value"
# The largest value is taken, not the largest magnitude, so big negative values fall off the grid.
# Remedy: Take absolute values before the maximum.

# %% wrong misconception="largest-value" variant=1 loses="negative"
def symmetric_scale(x, bits):
    largest = x.max()
    return float(largest / (2 ** (bits - 1) - 1)) if x.any() else 1.0


# %% wrong misconception="largest-value" variant=1 loses="negative"
def symmetric_scale(x, bits):
    top = -1e30
    for value in x.ravel().tolist():
        if value > top:
            top = value
    if top == 0:
        return 1.0
    return top / ((1 << (bits - 1)) - 1)


# %% misconception="counts-one-more-code"
# The range is divided by `2**(bits - 1)`, a code that the positive side does not have.
# Remedy: The largest code is `2**(bits - 1) - 1`; it should stand for the largest magnitude.


# %% wrong misconception="counts-one-more-code" variant=1 loses="typical,negative"
def symmetric_scale(x, bits):
    magnitude = float(np.abs(x).max())
    return magnitude / 2 ** (bits - 1) if magnitude else 1.0


# %% wrong misconception="counts-one-more-code" variant=2 loses="typical,negative"
def symmetric_scale(x, bits):
    reach = max(-float(x.min()), float(x.max()))
    if reach == 0:
        return 1.0
    return 2 * reach / (1 << bits)


# %% misconception="affine-step"
# The span from smallest to largest value is divided, as for an affine grid; 0 is not in the middle.
# Remedy: A symmetric grid reaches as far down as up: divide the largest magnitude by the largest code.


# %% wrong misconception="affine-step" variant=1 loses="typical,negative"
def symmetric_scale(x, bits):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    return (high - low) / (2**bits - 1) or 1.0


# %% wrong misconception="affine-step" variant=2 loses="typical,negative"
def symmetric_scale(x, bits):
    levels = 1 << bits
    span = np.ptp(np.append(x, 0.0))
    return float(span) / (levels - 1) if span > 0 else 1.0


# %% misconception="scale-of-zero"
# Nothing but zeros gets a scale of 0, by which nothing can be divided.
# Remedy: Return 1.0 where the largest magnitude is 0.


# %% wrong misconception="scale-of-zero" variant=1 loses="zeros"
def symmetric_scale(x, bits):
    return float(np.abs(x).max() / (2 ** (bits - 1) - 1))


# %% wrong misconception="scale-of-zero" variant=2 loses="zeros"
def symmetric_scale(x, bits):
    largest_code = (1 << (bits - 1)) - 1
    return max(abs(value) / largest_code for value in x.flatten().tolist())


# %% misconception="taken-for-zeros"
# Values count as nothing but zeros although they are not: their sum is 0, or the largest is, or all are tiny.
# Remedy: Compare the largest magnitude with 0, and with nothing else.


# %% wrong misconception="taken-for-zeros" variant=1 loses="typical"
def symmetric_scale(x, bits):
    if x.sum() == 0:
        return 1.0
    return float(np.abs(x).max()) / (2 ** (bits - 1) - 1)


# %% wrong misconception="taken-for-zeros" variant=1 loses="negative"
def symmetric_scale(x, bits):
    if x.max() == 0:
        return 1.0
    return float(np.abs(x).max()) / (2 ** (bits - 1) - 1)


# %% wrong misconception="taken-for-zeros" variant=1 loses="typical"
def symmetric_scale(x, bits):
    largest = float(np.abs(x).max())
    return 1.0 if largest < 1e-8 else largest / (2 ** (bits - 1) - 1)


# %% wrong misconception="taken-for-zeros" variant=2 loses="typical"
def symmetric_scale(x, bits):
    largest = max(abs(value) for value in x.ravel().tolist())
    return 1.0 if np.isclose(largest, 0) else largest / (2 ** (bits - 1) - 1)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Use `np.abs(x)` without `out`, which makes a new array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def symmetric_scale(x, bits):
    np.abs(x, out=x)
    return float(x.max() / (2 ** (bits - 1) - 1)) or 1.0


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def symmetric_scale(x, bits):
    x[x < 0] *= -1
    magnitude = float(x.max())
    if magnitude == 0:
        return 1.0
    return magnitude / (2 ** (bits - 1) - 1)


# %% right style="a loop over the values"
def symmetric_scale(x, bits):
    reach = 0.0
    for value in x.ravel():
        reach = max(reach, abs(float(value)))
    return 1.0 if reach == 0 else reach / (2 ** (bits - 1) - 1)


# %% right style="the infinity norm"
def symmetric_scale(x, bits):
    reach = np.linalg.norm(x.reshape(-1), np.inf)
    return float(reach) / ((1 << (bits - 1)) - 1) if reach > 0 else 1.0
