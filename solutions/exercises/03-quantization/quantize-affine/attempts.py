# %% misconception="floor-for-round"
# Values are rounded down, not to the nearest code; the error grows to a whole step.
# Remedy: Use `np.round`, or `np.rint`.

# %% wrong misconception="floor-for-round" variant=1 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.floor(x / scale) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="floor-for-round" variant=2 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = (x // scale).astype(np.int64) + zero_point
    return np.minimum(np.maximum(codes, quant_min), quant_max).astype("int8")


# %% misconception="truncates"
# A cast to an integer cuts the fraction off, which pulls every value towards zero.
# Remedy: Call `np.round` or `np.rint` before the cast.


# %% wrong misconception="truncates" variant=1 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = (x / scale).astype(np.int64) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="truncates" variant=2 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.trunc(np.divide(x, scale)) + zero_point
    return np.minimum(np.maximum(codes, quant_min), quant_max).astype("int8")


# %% misconception="half-up"
# Halves are always rounded up, which moves the mean of many values by up to half a step.
# Remedy: Round half to even, as torch and NumPy do: 0.5 goes to 0, 1.5 and 2.5 both go to 2.


# %% wrong misconception="half-up" variant=1 loses="ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.floor(x / scale + 0.5) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="half-up" variant=2 loses="ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    steps = np.asarray(x, dtype=np.float64) / scale
    below = np.floor(steps)
    nearest = np.where(steps - below >= 0.5, below + 1, below)
    return np.clip(nearest + zero_point, quant_min, quant_max).astype(np.int8)


# %% misconception="cast-before-clamp"
# The cast to int8 comes before the clamp, so large values wrap around to the other end.
# Remedy: Clamp while the numbers are still wide, and cast last.


# %% wrong misconception="cast-before-clamp" variant=1 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.round(x / scale).astype(np.int32).astype(np.int8) + np.int8(zero_point)
    return np.clip(codes, quant_min, quant_max)


# %% wrong misconception="cast-before-clamp" variant=2 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.rint(np.divide(x, scale)).astype(int) + zero_point
    one_byte = (codes + 128) % 256 - 128
    return np.maximum(quant_min, np.minimum(quant_max, one_byte)).astype(np.int8)


# %% misconception="clamp-before-zero-point"
# The clamp comes before the zero point is added, so the sum leaves the range again.
# Remedy: Add the zero point first, then clamp to `quant_min` … `quant_max`.


# %% wrong misconception="clamp-before-zero-point" variant=1 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.clip(np.round(x / scale), quant_min, quant_max).astype(np.int32)
    return (codes + zero_point).astype(np.int8)


# %% wrong misconception="clamp-before-zero-point" variant=2 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    bounded = np.clip(x, quant_min * scale, quant_max * scale)
    codes = np.rint(bounded / scale).astype(np.int8)
    return codes + np.int8(zero_point)


# %% misconception="zero-point-sign"
# The zero point is subtracted; that is the way back, from codes to real values.
# Remedy: The code of real 0.0 is the zero point itself: add it.


# %% wrong misconception="zero-point-sign" variant=1 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.round(x / scale) - zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="zero-point-sign" variant=2 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    result = np.empty(x.shape, dtype=np.int8)
    for place, value in np.ndenumerate(x):
        code = round(float(value) / scale) - zero_point
        result[place] = min(quant_max, max(quant_min, code))
    return result


# %% misconception="zero-point-before-rounding"
# The zero point is added before rounding, so an odd one turns the even neighbour into the odd one.
# Remedy: Round `x / scale` alone, then add the zero point.


# %% wrong misconception="zero-point-before-rounding" variant=1 loses="ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.round(x / scale + zero_point)
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="zero-point-before-rounding" variant=2 loses="ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    shifted = (x.astype(np.float64) + zero_point * scale) / scale
    bounded = np.maximum(np.minimum(shifted, quant_max), quant_min)
    return np.rint(bounded).astype("int8")


# %% misconception="codes-as-floats"
# The codes are whole numbers, but stored as float32, so that no byte is saved.
# Remedy: End with `.astype(np.int8)`.


# %% wrong misconception="codes-as-floats" variant=1 loses="shape-and-dtype"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    return np.clip(np.round(x / scale) + zero_point, quant_min, quant_max)


# %% wrong misconception="codes-as-floats" variant=2 loses="shape-and-dtype"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.rint(x / scale)
    codes = codes + zero_point
    return np.where(codes < quant_min, quant_min, np.where(codes > quant_max, quant_max, codes)).astype(x.dtype)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Divide into a new array: `x / scale`, not `x /= scale`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    x /= scale
    return np.clip(np.round(x) + zero_point, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    x[...] = np.clip(np.rint(np.divide(x, scale)) + zero_point, quant_min, quant_max)
    return x.astype("int8")


# %% misconception="limits-ignored"
# The codes are always clamped to −128 … 127, whatever limits are passed.
# Remedy: Clamp to `quant_min` … `quant_max`.


# %% wrong misconception="limits-ignored" variant=1 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    return np.clip(np.round(x / scale) + zero_point, -128, 127).astype(np.int8)


# %% wrong misconception="limits-ignored" variant=2 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    limits = np.iinfo(np.int8)
    codes = np.rint(np.divide(x, scale, dtype=np.float64)) + zero_point
    return np.minimum(np.maximum(codes, limits.min), limits.max).astype(np.int8)


# %% right style="a loop over the values"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.empty(x.shape, np.int8)
    for place, value in np.ndenumerate(x):
        codes[place] = min(quant_max, max(quant_min, round(float(value) / scale) + zero_point))
    return codes


# %% right style="through torch tensors, clamping first"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    import torch

    real = torch.tensor(x).double()
    low, high = (quant_min - zero_point) * scale, (quant_max - zero_point) * scale
    return (torch.round(real.clamp(low, high) / scale) + zero_point).to(torch.int8).numpy()
