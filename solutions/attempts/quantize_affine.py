# %% wrong misconception="floor-for-round" variant=1 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.floor(x / scale) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="floor-for-round" variant=2 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = (x // scale).astype(np.int64) + zero_point
    return np.minimum(np.maximum(codes, quant_min), quant_max).astype("int8")


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


# %% wrong misconception="cast-before-clamp" variant=1 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.round(x / scale).astype(np.int32).astype(np.int8) + np.int8(zero_point)
    return np.clip(codes, quant_min, quant_max)


# %% wrong misconception="cast-before-clamp" variant=2 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.rint(np.divide(x, scale)).astype(int) + zero_point
    one_byte = (codes + 128) % 256 - 128
    return np.maximum(quant_min, np.minimum(quant_max, one_byte)).astype(np.int8)


# %% wrong misconception="clamp-before-zero-point" variant=1 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.clip(np.round(x / scale), quant_min, quant_max).astype(np.int32)
    return (codes + zero_point).astype(np.int8)


# %% wrong misconception="clamp-before-zero-point" variant=2 loses="saturates"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    bounded = np.clip(x, quant_min * scale, quant_max * scale)
    codes = np.rint(bounded / scale).astype(np.int8)
    return codes + np.int8(zero_point)


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


# %% wrong misconception="zero-point-before-rounding" variant=1 loses="ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.round(x / scale + zero_point)
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="zero-point-before-rounding" variant=2 loses="ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    shifted = (x.astype(np.float64) + zero_point * scale) / scale
    bounded = np.maximum(np.minimum(shifted, quant_max), quant_min)
    return np.rint(bounded).astype("int8")


# %% wrong misconception="codes-as-floats" variant=1 loses="shape-and-dtype"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    return np.clip(np.round(x / scale) + zero_point, quant_min, quant_max)


# %% wrong misconception="codes-as-floats" variant=2 loses="shape-and-dtype"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.rint(x / scale)
    codes = codes + zero_point
    return np.where(codes < quant_min, quant_min, np.where(codes > quant_max, quant_max, codes)).astype(x.dtype)


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    x /= scale
    return np.clip(np.round(x) + zero_point, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    x[...] = np.clip(np.rint(np.divide(x, scale)) + zero_point, quant_min, quant_max)
    return x.astype("int8")


# %% wrong misconception="truncates" variant=1 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = (x / scale).astype(np.int32) + zero_point
    return np.clip(codes, quant_min, quant_max).astype(np.int8)


# %% wrong misconception="truncates" variant=2 loses="typical,ties"
def quantize(x, scale, zero_point, quant_min=-128, quant_max=127):
    codes = np.trunc(np.divide(x, scale)) + zero_point
    return np.minimum(np.maximum(codes, quant_min), quant_max).astype("int8")


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
